//! What comes with a beacon, as opposed to what stands in it.

use super::enrich::AgentHeaders;
use jiff::Timestamp;
use std::net::{IpAddr, Ipv4Addr};

/// What the request itself says, as opposed to its body. It is not kept, and cannot be logged.
#[derive(Clone, Copy)]
pub struct RequestFacts<'a> {
    /// When it arrived.
    pub received_at: Timestamp,
    /// How long its beacons had waited before that.
    pub delay_ms: u32,
    /// Whether they say that their page could not be measured.
    pub is_unmeasured: bool,
    /// The time zone of those that say none themselves, [checked](super::time_zone).
    pub time_zone: Option<&'a str>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// What tells of the browser.
    pub agent: AgentHeaders<'a>,
    /// Who sent it: the visitor, or the last proxy.
    pub peer: IpAddr,
    /// The lines of `X-Forwarded-For`, in order.
    pub forwarded_for: &'a [&'a str],
    /// The header by which a proxy tells the visitor's country.
    pub country: Option<&'a str>,
}

impl RequestFacts<'_> {
    /// Those of a request of this machine that says nothing of itself.
    pub fn arrived_at(received_at: Timestamp) -> Self {
        Self {
            received_at,
            delay_ms: 0,
            is_unmeasured: false,
            time_zone: None,
            origin: None,
            agent: AgentHeaders::default(),
            peer: Ipv4Addr::LOCALHOST.into(),
            forwarded_for: &[],
            country: None,
        }
    }
}
