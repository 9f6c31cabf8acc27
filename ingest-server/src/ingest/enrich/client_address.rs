//! The address of the visitor, behind proxies that are trusted to tell it. It is looked up and
//! forgotten, never logged or stored.

use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// The address in `X-Forwarded-For` that the outermost trusted proxy saw, or the peer itself when it
/// is no such proxy: whoever is not trusted may have written whatever is left of it.
///
/// `forwarded_for` are the header's lines in order. None when it is not told, or is no address.
pub(super) fn client_address(
    peer: IpAddr,
    forwarded_for: &[&str],
    trusted_proxies: &[IpNet],
) -> Option<IpAddr> {
    let mut client = peer.to_canonical();
    let mut hops = forwarded_for.iter().rev().flat_map(|line| line.rsplit(','));
    while is_trusted(client, trusted_proxies) {
        client = address(hops.next()?)?;
    }
    Some(client)
}

/// Whether an address is that of a trusted proxy.
pub(super) fn is_trusted(address: IpAddr, trusted_proxies: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted_proxies.iter().any(|network| network.contains(&address))
}

/// Some proxies add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let with_port = || hop.parse().map(|address: SocketAddr| address.ip());
    hop.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn networks() -> Vec<IpNet> {
        ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"].map(|text| text.parse().unwrap()).to_vec()
    }

    #[test]
    fn a_trusted_proxy_tells_who_is_behind_it() {
        for (peer, forwarded_for, expected) in [
            ("203.0.113.7", &[][..], Some("203.0.113.7")),
            ("203.0.113.7", &["198.51.100.1"], Some("203.0.113.7")),
            ("10.0.0.1", &["198.51.100.1"], Some("198.51.100.1")),
            ("::ffff:10.0.0.1", &["198.51.100.1"], Some("198.51.100.1")),
            ("fd00::1", &["2001:db8::1"], Some("2001:db8::1")),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], Some("198.51.100.1")),
            ("10.0.0.1", &["198.51.100.1, 192.0.2.7 , 10.0.0.2"], Some("198.51.100.1")),
            ("10.0.0.1", &["198.51.100.1", "192.0.2.7"], Some("198.51.100.1")),
            ("10.0.0.1", &["198.51.100.1:4711"], Some("198.51.100.1")),
            ("10.0.0.1", &["[2001:db8::1]:4711"], Some("2001:db8::1")),
            ("10.0.0.1", &["::ffff:198.51.100.1"], Some("198.51.100.1")),
            ("10.0.0.1", &["198.51.100.1, unknown"], None),
            ("10.0.0.1", &["198.51.100.1, "], None),
            ("10.0.0.1", &["10.0.0.2"], None),
            ("10.0.0.1", &[], None),
        ] {
            let address = client_address(peer.parse().unwrap(), forwarded_for, &networks());
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(address, expected, "{peer} {forwarded_for:?}");
        }
    }

    proptest! {
        #[test]
        fn an_address_that_is_told_is_never_a_proxys(peer: IpAddr, lines in vec("[0-9a-f.:, \\[\\]]{0,40}", 0..3)) {
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            if let Some(address) = client_address(peer, &lines, &networks()) {
                prop_assert!(!is_trusted(address, &networks()));
            }
        }
    }
}
