//! Whose an address is.

use crate::ingest::OTHER;
use url::Url;

/// The host of an address, without its port; nothing of what is no address.
pub(super) fn of(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// A host that may have a port, without it.
fn without_port(host: &str) -> &str {
    let end = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    &host[..end.unwrap_or(host.len())]
}

/// Whether an address on that host is somebody else's for a page on another one, which may have a port. Of a
/// page whose host is not known, or one too many to be told apart, nothing is said.
pub(super) fn is_third_party(page: &str, host: &str) -> bool {
    let is_known = !page.is_empty() && page != OTHER && !host.is_empty();
    is_known && is_foreign(without_port(page), host)
}

/// Whether the last two labels differ: `static.shop.example` is the shop's own. Where a registry sells
/// names under two labels (`co.uk`), strangers may pass for its own.
pub(super) fn is_foreign(own: &str, other: &str) -> bool {
    let is_address = |host: &str| host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[');
    let site = |host: &str| host.rsplit('.').take(2).map(str::to_owned).collect::<Vec<_>>();
    if is_address(own) || is_address(other) { own != other } else { site(own) != site(other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_part_of_a_host() {
        for (host, expected) in [
            ("shop.example:8443", "shop.example"),
            ("shop.example", "shop.example"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
            ("", ""),
        ] {
            assert_eq!(without_port(host), expected);
        }
    }

    #[test]
    fn of_a_page_that_is_nowhere_nothing_is_somebody_elses() {
        for (page, host, is) in [
            ("www.shop.example:8443", "ads.example", true),
            ("www.shop.example:8443", "static.shop.example", false),
            ("", "ads.example", false),
            ("(other)", "ads.example", false),
            ("www.shop.example", "", false),
        ] {
            assert_eq!(is_third_party(page, host), is, "{page} {host}");
        }
    }

    #[test]
    fn hosts_of_one_site_are_not_foreign() {
        for (own, other, is) in [
            ("www.shop.example", "static.shop.example", false),
            ("shop.example", "shop.example", false),
            ("shop.example", "ads.example", true),
            ("127.0.0.1", "10.0.0.1", true),
            ("127.0.0.1", "127.0.0.1", false),
            ("localhost", "localhost", false),
        ] {
            assert_eq!(is_foreign(own, other), is, "{own} {other}");
        }
    }
}
