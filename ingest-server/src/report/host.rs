//! Whose an address is.

use url::Url;

/// The host of an address, without its port; nothing of what is no address.
pub(super) fn of(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// A host that may have a port, without it.
pub(super) fn without_port(host: &str) -> &str {
    let end = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    &host[..end.unwrap_or(host.len())]
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
