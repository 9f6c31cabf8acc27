//! Who may read the reports.

use crate::{ingest::SiteId, store::sqlite::Tokens};
use anyhow::ensure;
use axum::http::{HeaderMap, header};
use std::{fmt, net::SocketAddr};
use subtle::ConstantTimeEq;
use url::{Host, Url};

/// A shorter token could be guessed.
const TOKEN_BYTES_MIN: usize = 16;
/// Headers by which a proxy says that it stands between.
const FORWARDING: [&str; 5] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Those who know the admin token; without one, those on this machine. And of each site, those who know a token
/// of it.
#[derive(Clone)]
pub struct Access {
    token: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("has_token", &self.has_token()).finish()
    }
}

impl Access {
    /// With a token of at least 16 bytes, or without.
    pub fn new(token: Option<String>) -> anyhow::Result<Self> {
        let bytes = token.as_ref().map_or(TOKEN_BYTES_MIN, String::len);
        ensure!(
            bytes >= TOKEN_BYTES_MIN,
            "--admin-token has {bytes} bytes; it needs at least {TOKEN_BYTES_MIN}, \
             such as those of `openssl rand -hex 16`"
        );
        Ok(Self { token })
    }

    /// Whether there is an admin token.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// What a request may read, by where it comes from and the token it presents.
    pub(super) fn check(
        &self,
        peer: SocketAddr,
        headers: &HeaderMap,
        presented: Option<&str>,
        tokens: &Tokens,
    ) -> Result<Reads, Denied> {
        let is_admin = |presented: &str, token: &str| -> bool {
            presented.as_bytes().ct_eq(token.as_bytes()).into()
        };
        match (presented, &self.token) {
            (Some(presented), Some(token)) if is_admin(presented, token) => Ok(Reads::All),
            (Some(presented), _) if let Some(known) = tokens.get(presented) => {
                Ok(Reads::Site(known.site))
            }
            (_, Some(_)) => Err(Denied::Unknown),
            (_, None) if is_local(peer, headers) => Ok(Reads::All),
            (_, None) => Err(Denied::NotLocal),
        }
    }
}

/// What somebody may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// The reports of every site, and how the server fares.
    All,
    /// The reports of that site.
    Site(SiteId),
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// No token, or a wrong one.
    Unknown,
    /// There is no admin token, and the client is elsewhere.
    NotLocal,
}

/// Nobody stands between, and the page that asks is one of this machine: a foreign page whose name
/// is made to point at this machine names itself in `Host`.
fn is_local(peer: SocketAddr, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    peer.ip().to_canonical().is_loopback()
        && !FORWARDING.iter().any(|name| headers.contains_key(*name))
        && host.is_some_and(is_loopback_host)
}

fn is_loopback_host(host: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}/")) else { return false };
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn verdict(
        access: &Access,
        peer: &str,
        host: &'static str,
        more: Option<&'static str>,
    ) -> Result<Reads, Denied> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(name) = more {
            headers.insert(name, HeaderValue::from_static("203.0.113.7"));
        }
        access.check(peer.parse().unwrap(), &headers, None, &Tokens::default())
    }

    #[test]
    fn without_a_token_only_this_machine_is_let_in() {
        let open = Access::new(None).unwrap();
        for (peer, host, more, expected) in [
            ("127.0.0.1:1", "127.0.0.1:8787", None, Ok(Reads::All)),
            ("127.0.0.1:1", "localhost:8787", None, Ok(Reads::All)),
            ("[::1]:1", "[::1]:8787", None, Ok(Reads::All)),
            ("[::ffff:127.0.0.1]:1", "localhost", None, Ok(Reads::All)),
            ("203.0.113.7:1", "localhost", None, Err(Denied::NotLocal)),
            ("127.0.0.1:1", "rebound.example", None, Err(Denied::NotLocal)),
            ("127.0.0.1:1", "localhost.example", None, Err(Denied::NotLocal)),
            ("127.0.0.1:1", "localhost", Some("x-forwarded-for"), Err(Denied::NotLocal)),
            ("127.0.0.1:1", "localhost", Some("forwarded"), Err(Denied::NotLocal)),
        ] {
            assert_eq!(verdict(&open, peer, host, more), expected, "{peer} {host} {more:?}");
        }
    }

    #[test]
    fn with_a_token_everybody_needs_it() {
        let access = Access::new(Some("0123456789abcdef".to_owned())).unwrap();
        let (peer, tokens) = ("127.0.0.1:1".parse().unwrap(), Tokens::default());
        let check = |presented| access.check(peer, &HeaderMap::new(), presented, &tokens);
        assert_eq!(check(Some("0123456789abcdef")), Ok(Reads::All));
        assert_eq!(check(Some("0123456789abcdeF")), Err(Denied::Unknown));
        assert_eq!(check(None), Err(Denied::Unknown));
    }

    #[test]
    fn a_short_token_is_refused() {
        assert!(Access::new(Some("secret".to_owned())).is_err());
    }
}
