//! Texts that come several at a time, one a line.

use beacon::{Attribution, TextField};

/// The lines of a text.
pub fn of(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        // `str::split` brings a search for any pattern along.
        let Some(end) = text.bytes().position(|byte| byte == b'\n') else {
            return rest.take();
        };
        rest = text.get(end + 1..);
        text.get(..end)
    })
}

/// Adds a text a line.
pub fn explain(fields: &[TextField], text: &str, attribution: &mut Attribution) {
    for (field, line) in fields.iter().zip(of(text)) {
        attribution.text(*field, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_line_more_than_breaks() {
        assert_eq!(of("a\n\nä").collect::<Vec<_>>(), ["a", "", "ä"]);
        assert_eq!(of("").collect::<Vec<_>>(), [""]);
        assert_eq!(of("a\n").collect::<Vec<_>>(), ["a", ""]);
    }
}
