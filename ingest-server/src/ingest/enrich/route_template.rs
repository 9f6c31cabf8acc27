//! Path → route, for pages that do not name theirs: segments that look like identifiers become
//! placeholders. What looks like a word is kept, even where it is one of many; the
//! [guard](super::guard) bounds those.

use super::route_pattern::segments;
use beacon::limits;
use jiff::civil::Date;
use percent_encoding::percent_decode_str;

/// Segments of a route; what follows them is [`REST`].
const SEGMENTS_MAX: usize = 16;
/// Bytes of a segment that is kept.
const SEGMENT_BYTES_MAX: usize = 64;
/// In the place of segments that do not fit.
const REST: &str = "/*";

/// What segments look like, and what takes their place.
type Rule = (fn(&str) -> bool, &'static str);

/// The first that fits counts.
const RULES: [Rule; 6] = [
    (is_uuid, ":uuid"),
    (is_date, ":date"),
    (is_number, ":id"),
    (is_hash, ":hash"),
    (is_identifier, ":id"),
    (is_slug, ":slug"),
];

/// The route of a path as it is in addresses: it begins with a slash and is percent-encoded, and so
/// is the route. At most [`limits::ROUTE_BYTES_MAX`] bytes.
pub(super) fn template(path: &str) -> String {
    let mut route = String::with_capacity(path.len().min(limits::ROUTE_BYTES_MAX));
    for (index, segment) in segments(path).enumerate() {
        let segment = placeholder(segment).unwrap_or(segment);
        let bytes = route.len() + "/".len() + segment.len();
        if index == SEGMENTS_MAX || bytes > limits::ROUTE_BYTES_MAX - REST.len() {
            return route + REST;
        }
        route.push('/');
        route.push_str(segment);
    }
    if route.is_empty() { "/".to_owned() } else { route }
}

fn placeholder(segment: &str) -> Option<&'static str> {
    let text = percent_decode_str(segment).decode_utf8_lossy();
    let rule = RULES.iter().find(|(looks_so, _)| looks_so(&text));
    rule.map(|(_, placeholder)| *placeholder)
        .or_else(|| (segment.len() > SEGMENT_BYTES_MAX).then_some(":slug"))
}

/// Eight, four, four, four and twelve hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// `2026-11-23`, a time on that day, or `2026-11`.
fn is_date(text: &str) -> bool {
    let is_day = |text: &str| text.as_bytes().get(4) == Some(&b'-') && text.parse::<Date>().is_ok();
    match (text.len(), text.get(..10)) {
        (7, None) => is_day(&format!("{text}-01")),
        (10, Some(day)) => is_day(day),
        (11.., Some(day)) => text[10..].starts_with('T') && is_day(day),
        _ => false,
    }
}

/// Digits, and no letters: `42`, `-1`, `52.37,4.89`.
fn is_number(text: &str) -> bool {
    has_digit(text) && !text.chars().any(char::is_alphabetic)
}

/// At least eight hexadecimal digits, of which one is no letter: `8f3a9c2e`.
fn is_hash(text: &str) -> bool {
    text.len() >= 8 && has_digit(text) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Letters and digits that make no word, such as `dQw4w9WgXcQ`: at least ten with digits in two
/// places, or twenty with any; and whatever names somebody: `@name`, `name@shop.example`.
fn is_identifier(text: &str) -> bool {
    if text.contains('@') {
        return true;
    }
    let digit_groups = text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let digit_groups = digit_groups.filter(|group| group[0].is_ascii_digit()).count();
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && ((text.len() >= 10 && digit_groups >= 2) || (text.len() >= 20 && digit_groups > 0))
}

/// A title: at least six words, or three in sixteen bytes with a digit among them, or any with an
/// identifier, a hash or a number of four digits: `red-shoes-88374`.
fn is_slug(text: &str) -> bool {
    let words = || text.split(['-', '_', '+', ' ']).filter(|word| !word.is_empty());
    let tells_one =
        |word: &str| is_hash(word) || is_identifier(word) || (word.len() >= 4 && is_number(word));
    match words().count() {
        0 | 1 => false,
        2 => words().any(tells_one),
        3..=5 => (text.len() >= 16 && has_digit(text)) || words().any(tells_one),
        _ => true,
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_like_an_identifier_becomes_a_placeholder() {
        for (path, route) in [
            ("/product/42", "/product/:id"),
            ("/product/42/reviews/7", "/product/:id/reviews/:id"),
            ("/2026/11/23/title", "/:id/:id/:id/title"),
            ("/map/52.37,4.89", "/map/:id"),
            ("/order/5f0c6b1e-9a7d-4c2f-8b3e-1d0a6c5f4e3b", "/order/:uuid"),
            ("/order/5F0C6B1E-9A7D-4C2F-8B3E-1D0A6C5F4E3B", "/order/:uuid"),
            ("/c/8f3a9c2e", "/c/:hash"),
            ("/u/507f1f77bcf86cd799439011", "/u/:hash"),
            ("/day/2026-11-23", "/day/:date"),
            ("/day/2026-11-23T08:00:00Z", "/day/:date"),
            ("/month/2026-11", "/month/:date"),
            ("/day/2026-99-99", "/day/:id"),
            ("/watch/dQw4w9WgXcQ", "/watch/:id"),
            ("/dp/B08N5WRWNW", "/dp/:id"),
            ("/e/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/e/:id"),
            ("/blog/10-ways-to-x-8f3a", "/blog/:slug"),
            ("/blog/how-to-make-your-pages-fast", "/blog/:slug"),
            ("/p/red-shoes-88374", "/p/:slug"),
            ("/p/SKU-12345", "/p/:slug"),
            ("/p/order_1234", "/p/:slug"),
            ("/@jane", "/:id"),
            ("/user/jane%40shop.example", "/user/:id"),
            ("/n/%D9%A1%D9%A2-12345", "/n/:id"),
        ] {
            assert_eq!(template(path), route, "{path}");
        }
    }

    #[test]
    fn what_looks_like_a_word_is_kept() {
        for path in [
            "/",
            "/about",
            "/en-US/docs",
            "/api/v2",
            "/checkout/step-2",
            "/windows11",
            "/oauth2callback",
            "/iphone15pro",
            "/top-10",
            "/index.html",
            "/terms-and-conditions-of-use",
            "/deadbeef",
            "/web3",
            "/a//b",
            "/caf%C3%A9",
            "/:id",
            "/sha256",
            "/decade",
        ] {
            assert_eq!(template(path), path);
        }
    }

    #[test]
    fn what_makes_no_other_page_is_left_out() {
        for (path, route) in [
            ("/about/", "/about"),
            ("/product/42/", "/product/:id"),
            ("//", "/"),
            ("/cart;jsessionid=1A2B/items;page=2", "/cart/items"),
        ] {
            assert_eq!(template(path), route, "{path}");
        }
    }

    #[test]
    fn a_route_is_bounded() {
        let deep = "/a".repeat(SEGMENTS_MAX);
        assert_eq!(template(&deep), deep);
        assert_eq!(template(&format!("{deep}/a/b")), format!("{deep}/*"));
        let long = "x".repeat(SEGMENT_BYTES_MAX);
        assert_eq!(template(&format!("/{long}")), format!("/{long}"));
        assert_eq!(template(&format!("/{long}x")), "/:slug");
        assert_eq!(
            template(&format!("/{long}").repeat(5)),
            format!("{}/*", format!("/{long}").repeat(3))
        );
    }

    proptest! {
        #[test]
        fn no_path_panics_and_no_route_is_too_long(path in "/.{0,400}", encoded in "(/[a-zA-Z0-9%_@;.-]{0,70}){0,40}") {
            for path in [path, encoded] {
                let route = template(&path);
                prop_assert!(route.starts_with('/') && route.len() <= limits::ROUTE_BYTES_MAX);
            }
        }

        #[test]
        fn a_route_is_its_own_template(path in "(/[a-z0-9-]{0,20}){0,8}") {
            let route = template(&path);
            prop_assert_eq!(template(&route), route);
        }

        #[test]
        fn all_numbers_have_one_route(number: u64) {
            prop_assert_eq!(template(&format!("/product/{number}")), "/product/:id");
        }
    }
}
