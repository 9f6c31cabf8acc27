//! How much is taken of one client, and for one site.

use super::problem::Problem;
use crate::ingest::{Limit, PageView, SiteId};
use axum::http::StatusCode;
use beacon::limits;
use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, QuantaInstant},
};
use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

/// Of so many seconds at once, after as many of silence.
const BURST_SECONDS: u32 = 10;
/// Clients that are told apart: a few MB of them. More share what one may send.
const CLIENTS_MAX: u64 = 1 << 17;
/// Of an IPv6 address; the rest of it, whoever has the address chooses.
const PREFIX_BITS: u32 = 64;

/// How much is taken a second; without limit by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct RateConfig {
    /// Requests of a client, whatever is in them.
    pub client_requests: Option<NonZeroU32>,
    /// Beacons of a site.
    pub site_beacons: Option<NonZeroU32>,
}

/// What was taken lately.
#[derive(Debug)]
pub(super) struct Rates {
    pub(super) clients: Option<Rate<u64>>,
    pub(super) sites: Option<Rate<SiteId>>,
    /// Makes keys of addresses, which are not kept.
    secret: RandomState,
}

/// What may be taken of each.
#[derive(Debug)]
pub(super) struct Rate<K: Clone + Eq + std::hash::Hash> {
    pub(super) per_second: NonZeroU32,
    /// After a silence.
    #[cfg(feature = "redis")]
    pub(super) at_once: NonZeroU32,
    limiter: DefaultKeyedRateLimiter<K>,
}

/// More than may be taken.
#[derive(Debug)]
pub(super) struct Over {
    pub(super) limit: Limit,
    per_second: NonZeroU32,
    wait_seconds: u64,
}

impl Rates {
    pub(super) fn new(config: RateConfig) -> Self {
        Self {
            clients: config.client_requests.map(|per_second| Rate::new(per_second, 1)),
            sites: config.site_beacons.map(|per_second| Rate::new(per_second, limits::BEACONS_MAX)),
            secret: RandomState::new(),
        }
    }

    /// Whether a request of that client is taken. Who that is, is asked only if it matters.
    pub(super) fn take_request(&self, client: impl FnOnce() -> IpAddr) -> Result<(), Over> {
        let Some(clients) = &self.clients else { return Ok(()) };
        let key = self.secret.hash_one(prefix(client())) % CLIENTS_MAX;
        clients.take(&key, 1).map_err(|wait_seconds| clients.over(Limit::Client, wait_seconds))
    }

    /// Whether these beacons are taken, all of them.
    pub(super) fn take_beacons(&self, page_views: &[PageView]) -> Result<(), Over> {
        let Some(sites) = &self.sites else { return Ok(()) };
        for of_site in page_views.chunk_by(|one, other| one.site == other.site) {
            let taken = sites.take(&of_site[0].site, of_site.len());
            taken.map_err(|wait_seconds| sites.over(Limit::Site, wait_seconds))?;
        }
        Ok(())
    }

    /// Drops what says nothing any more: those that may send as much as if they had never sent.
    pub(super) fn forget(&self) {
        if let Some(clients) = &self.clients {
            clients.limiter.retain_recent();
            clients.limiter.shrink_to_fit();
        }
        if let Some(sites) = &self.sites {
            sites.limiter.retain_recent();
        }
    }
}

impl<K: Clone + Eq + std::hash::Hash> Rate<K> {
    /// At once, at least as many as one body may have.
    fn new(per_second: NonZeroU32, at_once_min: usize) -> Self {
        let at_once_min = u32::try_from(at_once_min).unwrap_or(u32::MAX);
        let at_once = per_second.get().saturating_mul(BURST_SECONDS).max(at_once_min);
        let at_once = NonZeroU32::new(at_once).unwrap_or(per_second);
        let quota = Quota::per_second(per_second).allow_burst(at_once);
        Self {
            per_second,
            #[cfg(feature = "redis")]
            at_once,
            limiter: RateLimiter::keyed(quota),
        }
    }

    /// # Errors
    /// After how many seconds it is worth another try.
    fn take(&self, key: &K, count: usize) -> Result<(), u64> {
        let count = u32::try_from(count).ok().and_then(NonZeroU32::new);
        let Some(count) = count else { return Ok(()) };
        let seconds = |until: NotUntil<QuantaInstant>| {
            until.wait_time_from(self.limiter.clock().now()).as_secs() + 1
        };
        // No body has more than may be taken at once.
        self.limiter.check_key_n(key, count).map_or(Err(1), |taken| taken.map_err(seconds))
    }

    pub(super) fn over(&self, limit: Limit, wait_seconds: u64) -> Over {
        Over { limit, per_second: self.per_second, wait_seconds }
    }
}

/// What one client has to itself.
pub(super) fn prefix(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let rest = u128::MAX >> PREFIX_BITS;
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !rest))
        }
    }
}

impl From<Over> for Problem {
    fn from(Over { limit, per_second, wait_seconds }: Over) -> Self {
        let what = match limit {
            Limit::Client => "requests are taken of one client",
            Limit::Site => "beacons are taken for one site",
        };
        let detail = format!(
            "no more than {per_second} {what} a second; send it again in {wait_seconds} seconds"
        );
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
        let limit = Some(per_second.get().into());
        Problem { limit, retry_after_seconds: Some(wait_seconds), ..problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_an_ipv4_address_or_the_first_half_of_an_ipv6_address() {
        let same =
            |one: &str, other: &str| prefix(one.parse().unwrap()) == prefix(other.parse().unwrap());
        assert!(same("2001:db8::1", "2001:db8::ffff:1"));
        assert!(!same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("203.0.113.7", "::ffff:203.0.113.7"));
        assert!(!same("203.0.113.7", "203.0.113.8"));
    }

    #[test]
    fn clients_that_send_no_more_are_forgotten_and_there_are_never_too_many() {
        let client_requests = NonZeroU32::new(1_000_000);
        let rates = Rates::new(RateConfig { client_requests, site_beacons: None });
        for address in 0..300_000_u32 {
            let address = IpAddr::V4(address.into());
            assert!(rates.take_request(|| address).is_ok(), "{address}");
        }
        let known = || rates.clients.as_ref().unwrap().limiter.len() as u64;
        assert!((1..=CLIENTS_MAX).contains(&known()), "{}", known());
        // A request is made up for after a millionth of a second.
        std::thread::sleep(std::time::Duration::from_millis(10));
        rates.forget();
        assert_eq!(known(), 0);
    }
}
