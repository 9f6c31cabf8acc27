//! Which release came before another one.

use crate::store::sqlite::Sightings;

/// The release that was first seen last.
pub fn newest(seen: &Sightings) -> Option<&str> {
    let first_seen = seen.iter().max_by_key(|(_, hours)| hours.first());
    first_seen.map(|(release, _)| release.as_str())
}

/// The release that was seen latest before the first page view of another one. Visitors leave an old
/// release one by one: of several that were seen in the same hour it is the one that began last.
pub fn predecessor<'a>(seen: &'a Sightings, candidate: &str) -> Option<&'a str> {
    let start = *seen.get(candidate)?.first()?;
    let latest = seen.iter().filter_map(|(release, hours)| {
        Some((hours.range(..start).next_back()?, hours.first(), release.as_str()))
    });
    latest.max().map(|(_, _, release)| release)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(releases: &[(&str, &[i64])]) -> Sightings {
        let seen = |(release, hours): &(&str, &[i64])| {
            ((*release).to_owned(), hours.iter().copied().collect())
        };
        releases.iter().map(seen).collect()
    }

    #[test]
    fn the_predecessor_is_the_release_that_was_seen_latest_before() {
        let seen = seen(&[("a", &[1, 2, 3]), ("b", &[2, 4]), ("c", &[5, 6]), ("d", &[6])]);
        assert_eq!(predecessor(&seen, "c"), Some("b"));
        assert_eq!(predecessor(&seen, "d"), Some("c"));
        assert_eq!(predecessor(&seen, "b"), Some("a"));
    }

    #[test]
    fn of_releases_that_were_in_use_at_once_the_predecessor_is_the_one_that_began_last() {
        let seen = seen(&[("1.3", &[1, 2, 3, 4]), ("1.2", &[0, 1, 2, 3, 4]), ("1.4", &[5])]);
        assert_eq!(predecessor(&seen, "1.4"), Some("1.3"));
    }

    #[test]
    fn the_first_release_and_one_that_was_not_seen_have_no_predecessor() {
        let seen = seen(&[("a", &[1, 2]), ("b", &[1, 2])]);
        assert_eq!(predecessor(&seen, "a"), None);
        assert_eq!(predecessor(&seen, "c"), None);
    }

    #[test]
    fn the_newest_release_is_the_one_that_began_last() {
        let seen = seen(&[("a", &[1, 9]), ("b", &[3, 4]), ("c", &[2, 9])]);
        assert_eq!(newest(&seen), Some("b"));
        assert_eq!(newest(&Sightings::new()), None);
    }
}
