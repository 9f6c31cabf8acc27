//! One page view in the browser, and the beacon that it becomes.

use super::context::{at_most, is_same_page};
use crate::page_view::PageView;
use beacon::{Beacon, limits};

/// A page view being measured.
pub(super) struct Measuring {
    pub(super) page_view: PageView,
    pub(super) report: Report,
}

/// What is told of a page view.
pub(super) struct Report {
    address: String,
    /// As it was sent last, or without metrics if it was not. Absent for a page view that another
    /// collector of this document has begun to report: it is not counted again.
    beacon: Option<Beacon>,
    /// Whether something besides the metrics has changed since.
    is_renamed: bool,
}

impl Measuring {
    /// What the next collector needs to go on with this page view; absent if it cannot, because the
    /// browser does not repeat what this page view was made from.
    pub(super) fn into_beacon(self) -> Option<Beacon> {
        self.report.beacon.filter(|_| self.page_view.is_load())
    }
}

impl Report {
    pub(super) fn new(address: String, beacon: Option<Beacon>) -> Self {
        Self { address, beacon, is_renamed: false }
    }

    /// Whether it is the page view of this address.
    pub(super) fn is_of(&self, address: &str) -> bool {
        is_same_page(&self.address, address)
    }

    /// Names the route.
    pub(super) fn set_route(&mut self, route: String) {
        if let Some(beacon) = &mut self.beacon {
            beacon.route = at_most(limits::ROUTE_BYTES_MAX, Some(route));
            self.is_renamed = true;
        }
    }

    /// The beacon to send next, if it says more than the one before.
    pub(super) fn next(
        &self,
        page_view: &PageView,
        now_ms: f64,
        interaction_count: Option<u64>,
    ) -> Option<Beacon> {
        let sent = self.beacon.as_ref()?;
        let metrics = page_view.metrics(interaction_count);
        if metrics.is_empty() || (metrics == sent.metrics && !self.is_renamed) {
            return None;
        }
        let age_ms = age_ms(now_ms - page_view.origin_ms());
        Some(Beacon { metrics, age_ms, ..sent.clone() })
    }

    pub(super) fn on_sent(&mut self, beacon: Beacon) {
        self.beacon = Some(Beacon { sequence: beacon.sequence + 1, ..beacon });
        self.is_renamed = false;
    }
}

/// A page open for longer than the limit is left without an age.
fn age_ms(age_ms: f64) -> Option<u32> {
    // `as` saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let age_ms = age_ms as u32;
    (age_ms <= limits::AGE_MS_MAX).then_some(age_ms)
}
