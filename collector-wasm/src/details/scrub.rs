//! What may be told of a message, which may have anything in it.

use super::random::is_random;

/// Stands for what is not told.
const LEFT_OUT: &str = "…";
/// Of so many characters, letters and digits may be a key.
const KEY_LENGTH_MIN: usize = 16;

/// The message without query strings and fragments of addresses, e-mail addresses and keys, on one line, in at
/// most so many bytes.
pub(super) fn scrubbed(message: &str, bytes_max: usize) -> String {
    let mut told = String::new();
    let mut word = String::new();
    let mut is_address = false;
    // Within a query string or a fragment: what may close the sentence around its address.
    let (mut is_query, mut closing) = (false, String::new());
    for character in message.chars().chain([' ']) {
        let is_space = character <= ' ' || character.is_control();
        let is_outside = is_space || is_one_of(character, b"\"'`<>");
        if is_query && !is_outside {
            if character == '@' && ends_in_host(word.as_bytes()) {
                // It was no host, but who may see what is behind the sign.
                word.push(character);
            } else if is_one_of(character, b")]},.;:") {
                closing.push(character);
            } else {
                closing.clear();
            }
            continue;
        }
        is_address =
            !is_outside && (is_address || character == '/' && begins_address(word.as_bytes()));
        if is_address && matches!(character, '?' | '#') {
            is_query = true;
            continue;
        }
        if !is_space && !is_one_of(character, b"\"'`()<>[]{},;|") {
            word.push(character);
            continue;
        }
        put_word(&mut told, &word);
        word.clear();
        told.push_str(&closing);
        closing.clear();
        is_query = false;
        // Spaces stand together for one.
        if !is_space || told.bytes().next_back().is_some_and(|it| it != b' ') {
            told.push(if is_space { ' ' } else { character });
        }
    }
    let mut length = bytes_max.min(told.len());
    while !told.is_char_boundary(length) {
        length -= 1;
    }
    let is_space = |it: &u8| *it == b' ';
    length -= told.as_bytes()[..length].iter().rev().take_while(|it| is_space(it)).count();
    told.truncate(length);
    told
}

/// Whether a slash after these makes an address of them: a path, or what has a scheme, a domain or a port.
fn begins_address(word: &[u8]) -> bool {
    matches!(word, [] | [.., b'=']) || word.iter().any(|it| matches!(it, b'.' | b':'))
}

/// Whether no slash comes after the two before it.
fn ends_in_host(word: &[u8]) -> bool {
    let host = word.windows(2).position(|it| it == b"//");
    host.is_some_and(|at| !word[at + 2..].contains(&b'/'))
}

fn is_one_of(character: char, those: &[u8]) -> bool {
    those.iter().any(|it| char::from(*it) == character)
}

fn put_word(told: &mut String, word: &str) {
    let bytes = word.as_bytes();
    let is_path = matches!(bytes, [b'/', ..] | [b'.', b'/', ..] | [b'.', b'.', b'/', ..]);
    let is_address = is_path || bytes.windows(3).any(|it| it == b"://");
    let has = |wanted| bytes.contains(&wanted);
    // Of an address, who may see what is behind it stands before the sign. A package may begin with it.
    if bytes.iter().skip(1).any(|it| *it == b'@') && (is_address || has(b'.')) && bytes[0] != b'@' {
        told.push_str(LEFT_OUT);
        return;
    }
    let mut from = 0;
    for (at, byte) in word.bytes().chain([0]).enumerate() {
        // A character that has several bytes ends no key within itself.
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | 128..) {
            continue;
        }
        let part = word.get(from..at).unwrap_or_default();
        let is_key = is_random(part.as_bytes(), KEY_LENGTH_MIN);
        told.push_str(if is_key { LEFT_OUT } else { part });
        if byte > 0 {
            told.push(char::from(byte));
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn secrets_are_left_out_and_the_rest_stays() {
        for (message, expected) in [
            ("TypeError: a is undefined", "TypeError: a is undefined"),
            ("Script error.", "Script error."),
            ("a\n\tb\u{7f} c\u{85}d", "a b c d"),
            (
                "Failed to fetch \"https://a.example/trips?token=secret#top\".",
                "Failed to fetch \"https://a.example/trips\".",
            ),
            (
                "[GET] \"/api/search?q=jane+doe\": 500, ../a#b, ./a?b",
                "[GET] \"/api/search\": 500, ../a, ./a",
            ),
            ("GET /api/search?filter[name]=jane+doe failed", "GET /api/search failed"),
            ("(see https://a.example/x?q=(a)&ids=1,2&token=abc).", "(see https://a.example/x)."),
            ("url=/reset?token=abc, Error:/api?q=jane", "url=/reset, Error:/api"),
            ("localhost:3000/api?x shop.example/x?token=a", "localhost:3000/api shop.example/x"),
            ("cart/step#2, is it and/or? No", "cart/step#2, is it and/or? No"),
            ("GET https://a.example/x?mail=ada@mail.example", "GET https://a.example/x"),
            ("redis://:p#ss@a.example refused, https://me:p?w@a.example/x", "… refused, …"),
            ("GET https://me:pass@a.example/ failed", "GET … failed"),
            ("no mailbox ada.b+c@mail.example!", "no mailbox …"),
            ("user <ada@mail.example>, 404", "user <…>, 404"),
            ("key=AKIA4T7QX2MZB5WJ8N3C is wrong", "key=… is wrong"),
            ("id 550e8400-e29b-41d4-a716-446655440000", "id …"),
            ("is it a?b#c", "is it a?b#c"),
            ("import '@scope/name.js' failed", "import '@scope/name.js' failed"),
            (
                "Cannot read properties of undefined (reading 'addEventListener')",
                "Cannot read properties of undefined (reading 'addEventListener')",
            ),
            ("Nicht gefunden: Größe", "Nicht gefunden: Größe"),
            ("", ""),
            (" \n ", ""),
        ] {
            assert_eq!(scrubbed(message, 1024), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_one_line_of_so_many_bytes(message in any::<String>(), bytes_max in 0..200_usize) {
            let told = scrubbed(&message, bytes_max);
            prop_assert!(told.len() <= bytes_max);
            prop_assert!(!told.chars().any(char::is_control));
            prop_assert_eq!(told.trim_matches(' '), &*told);
        }

        #[test]
        fn no_query_string_is_told(path in "[a-z]{1,8}", secret in "[a-z]{5,9}") {
            let message = format!("GET https://a.example/{path}?q=!{secret} failed");
            prop_assert_eq!(scrubbed(&message, 1024), format!("GET https://a.example/{path} failed"));
        }
    }
}
