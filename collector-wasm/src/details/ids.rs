//! Addresses of requests: all that differ in identifiers only are one for a report.

use super::random::is_random;

const ID: &str = ":id";
/// Of so many characters, letters and digits may be an identifier.
const MIXED_LENGTH_MIN: usize = 20;
const HEX_LENGTH_MIN: usize = 8;

/// The address with `:id` for what seems to be an identifier: numbers, UUIDs, long hexadecimal digits, and long
/// mixed letters and digits. In doubt a part of the path is left as it is.
pub(super) fn without_ids(url: &str) -> String {
    let mut all = String::new();
    let (mut rest, mut place) = (url, 0);
    loop {
        let length = rest.bytes().position(|it| it == b'/').unwrap_or(rest.len());
        let (segment, after) = rest.split_at(length);
        // What stands before the third slash is scheme and host.
        all.push_str(if place > 2 && is_id(segment.as_bytes()) { ID } else { segment });
        let Some(after) = after.get(1..) else { return all };
        all.push('/');
        (rest, place) = (after, place + 1);
    }
}

fn is_id(segment: &[u8]) -> bool {
    let digits = segment.iter().filter(|it| it.is_ascii_digit()).count();
    let is_hex =
        digits > 0 && segment.len() >= HEX_LENGTH_MIN && segment.iter().all(u8::is_ascii_hexdigit);
    is_hex || (digits > 0 && digits == segment.len()) || is_random(segment, MIXED_LENGTH_MIN)
}

#[cfg(test)]
mod tests {
    use super::without_ids;
    use proptest::prelude::*;

    #[test]
    fn identifiers_are_told_from_words() {
        for (path, expected) in [
            ("api/trips/42/stops/7", "api/trips/:id/stops/:id"),
            ("api/trips/550e8400-e29b-41d4-a716-446655440000", "api/trips/:id"),
            ("commits/3f9a2c1b", "commits/:id"),
            ("users/507f1f77bcf86cd799439011/", "users/:id/"),
            ("t/dQw4w9WgXcQk3Z7mB2xL", "t/:id"),
            ("api/v2/trips", "api/v2/trips"),
            ("api/facade/deadbeef", "api/facade/deadbeef"),
            ("trip-planner/summer-2026", "trip-planner/summer-2026"),
            ("getCustomerRecommendations", "getCustomerRecommendations"),
            ("trips.json", "trips.json"),
            ("", ""),
        ] {
            let url = |path| format!("https://a.example/{path}");
            assert_eq!(without_ids(&url(path)), url(expected));
        }
        assert_eq!(without_ids("http://127.0.0.1:8080/"), "http://127.0.0.1:8080/");
        assert_eq!(without_ids("http://12345678"), "http://12345678");
    }

    proptest! {
        #[test]
        fn any_address_is_survived_and_what_is_told_stays_as_it_is(url in "\\PC*") {
            let once = without_ids(&url);
            prop_assert_eq!(without_ids(&once), once);
        }

        #[test]
        fn every_number_is_found(number in any::<u64>()) {
            prop_assert_eq!(without_ids(&format!("https://a.example/{number}")), "https://a.example/:id");
        }
    }
}
