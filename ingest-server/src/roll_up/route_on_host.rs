//! A route of a site with several hosts.

use std::ops::Range;

/// Between the two: neither has control characters.
const SEPARATOR: char = '\n';
/// What comes next.
const AFTER_SEPARATOR: char = '\u{b}';

/// A route on a host: the same template means different pages on different ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteOnHost<'a> {
    /// Template of the address; empty when it is not known.
    pub route: &'a str,
    /// Host and port of the address; empty when they are not known.
    pub host: &'a str,
}

impl<'a> RouteOnHost<'a> {
    /// As one text, as in `route || char(10) || host`.
    pub fn key(self) -> String {
        format!("{}{SEPARATOR}{}", self.route, self.host)
    }

    /// Reads such a text.
    pub fn of_key(key: &'a str) -> Self {
        let (route, host) = key.split_once(SEPARATOR).unwrap_or((key, ""));
        Self { route, host }
    }

    /// Whether these are not all of one host.
    pub fn has_several_hosts(keys: impl IntoIterator<Item = &'a str>) -> bool {
        let mut hosts = keys.into_iter().map(|key| Self::of_key(key).host);
        let first = hosts.next();
        hosts.any(|host| Some(host) != first)
    }

    /// The keys of a route on any host, in the order of their bytes.
    pub fn keys_of(route: &str) -> Range<String> {
        format!("{route}{SEPARATOR}")..format!("{route}{AFTER_SEPARATOR}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        for (route, host) in
            [("/", "shop.example"), ("", ""), ("/a b", "localhost:8080"), ("/", "")]
        {
            let on_host = RouteOnHost { route, host };
            assert_eq!(RouteOnHost::of_key(&on_host.key()), on_host);
        }
    }

    #[test]
    fn the_keys_of_a_route_are_those_of_no_other() {
        let keys = RouteOnHost::keys_of("/a");
        let has = |route, host| keys.contains(&RouteOnHost { route, host }.key());
        assert!(has("/a", "") && has("/a", "a.example") && has("/a", "\u{10ffff}"));
        assert!(!has("/", "a.example") && !has("/a/b", "") && !has("/a b", "") && !has("/b", ""));
    }
}
