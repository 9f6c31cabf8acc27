//! A beacon that was accepted.

use beacon::{Connection, FormFactor, Id, Metric, MetricName, NavigationType};
use jiff::Timestamp;

/// The key of a site in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SiteId(pub i64);

/// What one beacon says of one page view, checked: only [`accept`](super::accept) makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct PageView {
    /// The site it belongs to.
    pub site: SiteId,
    /// Chosen by the sender.
    pub id: Id,
    /// Which of the page view's beacons this is.
    pub sequence: u32,
    /// The visit it belongs to.
    pub session: Option<Id>,
    /// When the page view began, by the server's clock as far as possible.
    pub started_at: Timestamp,
    /// http or https, without user, query string and fragment.
    pub url: Option<String>,
    /// Template of the address.
    pub route: Option<String>,
    /// Version of the page's code.
    pub release: Option<String>,
    /// How it came about.
    pub navigation_type: Option<NavigationType>,
    /// The kind of device.
    pub form_factor: Option<FormFactor>,
    /// Effective connection type.
    pub connection: Option<Connection>,
    /// Over 0, at most 1.
    pub sample_rate: f32,
    /// What was measured.
    pub values: Values,
}

/// The metrics of a page view, each absent or an integer number of
/// [steps](MetricName::steps_per_unit): microseconds, or millionths for CLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values([Option<u32>; MetricName::ALL.len()]);

impl Values {
    /// The value of a metric in steps.
    pub fn get(&self, name: MetricName) -> Option<u32> {
        self.0[name as usize]
    }

    /// Sets a metric; the former value, if there was one.
    pub(super) fn insert(&mut self, metric: &Metric) -> Option<u32> {
        // Values within the limits fit: 600 000 ms and a score of 100 are below 2^30 steps.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (metric.value * metric.name.steps_per_unit()).round() as u32;
        self.0[metric.name as usize].replace(steps)
    }
}
