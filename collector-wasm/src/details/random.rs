//! Texts that nobody has written: identifiers, keys, tokens.

/// Of so many characters, a text of hexadecimal digits is no word.
const HEX_LENGTH_MIN: usize = 16;
const DIGITS_MIN: usize = 3;

/// Whether it is made of numbers or letters that nobody has chosen; `length_min` is for what is not
/// hexadecimal. In doubt it is not.
pub(super) fn is_random(word: &[u8], length_min: usize) -> bool {
    let count = |is_wanted: fn(&u8) -> bool| word.iter().filter(|it| is_wanted(it)).count();
    let digits = count(u8::is_ascii_digit);
    let dashes = count(|it| matches!(it, b'-' | b'_'));
    if digits > 0
        && word.len() >= HEX_LENGTH_MIN
        && count(u8::is_ascii_hexdigit) + dashes == word.len()
    {
        return true;
    }
    // Words in camel case change their kind twice a word.
    let changes = word.windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    let enough = if digits < DIGITS_MIN { word.len() / 2 } else { word.len() / 3 };
    word.len() >= length_min && changes > enough + 2 * dashes
}

fn kind(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::is_random;
    use proptest::prelude::*;

    #[test]
    fn tokens_are_told_from_words() {
        for (word, expected) in [
            ("0af7651916cd43dd8448eb211c80319c", true),
            ("550e8400-e29b-41d4-a716-446655440000", true),
            ("4111111111111111", true),
            ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", true),
            ("AKIA4T7QX2MZB5WJ8N3C", true),
            ("addEventListener", false),
            ("getElementsByClassName", false),
            ("handleClickOnButton2", false),
            ("trip-planner-v2-with-map", false),
            ("content-security-policy-report-only", false),
            ("iphone-15-pro-max-256gb", false),
            ("accessdeadbeefaddedcafe", false),
            ("20261125", false),
            ("", false),
        ] {
            assert_eq!(is_random(word.as_bytes(), 16), expected, "{word}");
        }
    }

    proptest! {
        #[test]
        fn digits_and_hexadecimal_digits_are_found(word in "[0-9]{1}[0-9a-f]{15,40}") {
            prop_assert!(is_random(word.as_bytes(), 99));
        }
    }
}
