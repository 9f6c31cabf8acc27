//! One page view in the browser, and the beacon that it becomes.

use super::{document, renders};
use crate::page_view::PageView;
use beacon::{Beacon, Metric, limits};

/// A page view being measured.
pub(super) struct Measuring {
    pub(super) page_view: PageView,
    pub(super) report: Report,
}

/// What is told of a page view.
pub(super) struct Report {
    /// Absent for a page view that another collector of this document has begun to report: it is not
    /// counted again.
    beacon: Option<Box<Beacon>>,
    /// The metrics that were sent last.
    sent: Vec<Metric>,
    /// Whether something besides the metrics has changed since.
    is_news: bool,
}

impl Measuring {
    /// What the next collector needs to go on with this page view; absent if it cannot, because the
    /// browser does not repeat what this page view was made from.
    pub(super) fn into_beacon(self) -> Option<Box<Beacon>> {
        let Self { page_view, report: Report { beacon, sent, .. } } = self;
        let mut beacon = beacon.filter(|_| page_view.is_load())?;
        beacon.metrics = sent;
        Some(beacon)
    }
}

impl Report {
    /// A beacon that has metrics was sent before.
    pub(super) fn new(mut beacon: Option<Box<Beacon>>) -> Self {
        let sent = beacon.as_mut().map(|beacon| std::mem::take(&mut beacon.metrics));
        Self { beacon, sent: sent.unwrap_or_default(), is_news: false }
    }

    /// Names the route.
    pub(super) fn set_route(&mut self, route: Option<String>) {
        if let Some(beacon) = &mut self.beacon {
            beacon.route = route;
            self.is_news = true;
        }
    }

    /// The beacon to send next, if it says more than the one before.
    pub(super) fn next(&mut self, page_view: &PageView, until_ms: f64) -> Option<&Beacon> {
        let beacon = self.beacon.as_mut()?;
        self.is_news |= renders::take(&mut beacon.renders, until_ms);
        let (now_ms, document) = document::progress();
        beacon.metrics = page_view.metrics(&document);
        beacon.age_ms = age_ms(now_ms - page_view.origin_ms());
        let is_news = beacon.metrics != self.sent || self.is_news;
        if !is_news || beacon.metrics.is_empty() {
            return None;
        }
        beacon.session = document::session();
        Some(beacon)
    }

    /// What was next has been sent.
    pub(super) fn on_sent(&mut self) {
        if let Some(beacon) = &mut self.beacon {
            self.sent = std::mem::take(&mut beacon.metrics);
            beacon.sequence += 1;
            self.is_news = false;
        }
    }
}

/// A page open for longer than the limit is left without an age.
fn age_ms(age_ms: f64) -> Option<u32> {
    // `as` saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let age_ms = age_ms as u32;
    (age_ms <= limits::AGE_MS_MAX).then_some(age_ms)
}
