//! Names of files that change with their content: for a report, all versions are one file.

use super::resource_kind::around_last;

/// The shortest hash that is told from a word.
const HASH_LENGTH_MIN: usize = 8;
/// Where the dashes of a UUID stand.
const UUID_DASHES: [usize; 4] = [8, 13, 18, 23];
const UUID_LENGTH: usize = 36;

/// The address with `*` for what seems to be a hash in the name of its file. What is none looks like words
/// and version numbers; in doubt it is left as it is.
pub(super) fn without_hashes(url: &str) -> String {
    let Some((folder, file)) = around_last(url, b'/') else { return url.to_owned() };
    let (stem, extension) = around_last(file, b'.').unwrap_or((file, ""));
    let name = if is_uuid(stem) { Some("") } else { before_last_hash(stem) };
    let mut all = String::from(folder);
    all.push('/');
    put_name(&mut all, name.unwrap_or(stem));
    if name.is_some() {
        all.push('*');
    }
    if !extension.is_empty() {
        all.push('.');
        all.push_str(extension);
    }
    all
}

/// Rollup's hashes stand at the end, and may have dashes and underscores within.
fn before_last_hash(stem: &str) -> Option<&str> {
    let at = stem.len().checked_sub(HASH_LENGTH_MIN)?;
    let (name, hash) = (stem.get(..at)?, stem.get(at..)?);
    let is_apart = name.bytes().next_back().is_some_and(is_border);
    (is_apart && is_hash(hash)).then_some(name)
}

fn put_name(all: &mut String, name: &str) {
    let mut rest = name;
    while !rest.is_empty() {
        let length = rest.bytes().position(is_border).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        all.push_str(if is_hash(word) { "*" } else { word });
        // All borders are one byte.
        let next = rest.len().min(length + 1);
        all.push_str(rest.get(length..next).unwrap_or_default());
        rest = rest.get(next..).unwrap_or_default();
    }
}

fn is_border(byte: u8) -> bool {
    matches!(byte, b'.' | b'-' | b'_')
}

/// Hexadecimal digits, of which some are letters and some are not; or characters that change their kind
/// more often than those of words.
fn is_hash(word: &str) -> bool {
    let has_digit = word.bytes().any(|it| it.is_ascii_digit());
    let has_letter = word.bytes().any(|it| it.is_ascii_alphabetic());
    if word.len() < HASH_LENGTH_MIN || !has_letter {
        return false;
    }
    if word.bytes().all(|it| it.is_ascii_hexdigit()) {
        return has_digit;
    }
    let changes = word.as_bytes().windows(2).filter(|pair| kind(pair[0]) != kind(pair[1])).count();
    // Without a digit, it may be written in camel case.
    let enough = if has_digit { word.len() / 2 } else { word.len() / 2 + 1 };
    changes >= enough
}

fn kind(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    }
}

fn is_uuid(stem: &str) -> bool {
    stem.len() == UUID_LENGTH
        && stem.bytes().enumerate().all(|(at, byte)| {
            if UUID_DASHES.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hashes_are_told_from_words_and_versions() {
        for (file, expected) in [
            ("index-BkZ3a9xQ.js", "index-*.js"),
            ("index-B_Z3-9xQ.js", "index-*.js"),
            ("main.3f9a2c1b.css", "main.*.css"),
            ("main.3f9a2c1b.chunk.js", "main.*.chunk.js"),
            ("chunk-4XJ2K6QA.js", "chunk-*.js"),
            ("3f9a2c1b0d4e5f6a7b8c.js", "*.js"),
            ("3f9a2c1b0d4e5f6a7b8c", "*"),
            ("550e8400-e29b-41d4-a716-446655440000.jpg", "*.jpg"),
            ("jquery-3.7.1.min.js", "jquery-3.7.1.min.js"),
            ("trip-planner.js", "trip-planner.js"),
            ("trip-calendar.js", "trip-calendar.js"),
            ("favicon-32x32.png", "favicon-32x32.png"),
            ("hero-1920x1080.jpg", "hero-1920x1080.jpg"),
            ("photo-20261125.jpg", "photo-20261125.jpg"),
            ("bootstrap5.css", "bootstrap5.css"),
            ("app-MyWidget.js", "app-MyWidget.js"),
            ("tripPlannerWidgetMap.js", "tripPlannerWidgetMap.js"),
            ("icon-iPhone15.png", "icon-iPhone15.png"),
            ("", ""),
            ("app.", "app"),
        ] {
            let url = |file| format!("https://a.example/assets/{file}");
            assert_eq!(without_hashes(&url(file)), url(expected), "{file}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived_and_gets_no_longer(url in "\\PC*") {
            prop_assert!(without_hashes(&url).len() <= url.len());
        }

        #[test]
        fn a_long_hexadecimal_hash_is_found(hash in "[0-9]{2}[0-9a-f]{28}[a-f]{2}") {
            let url = format!("https://a.example/app-{hash}.js");
            prop_assert_eq!(without_hashes(&url), "https://a.example/app-*.js");
        }
    }
}
