//! A beacon that was accepted.

use super::{enrich::Country, sections::Sections};
use beacon::{Attribution, Connection, FormFactor, Id, Metric, MetricName, NavigationType};
use jiff::Timestamp;

/// The key of a site in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(pub i64);

/// What one beacon and its request say of one page view: [`accept`](super::accept) has checked it,
/// and [`Enricher::enrich`](super::Enricher::enrich) added what the beacon does not say.
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
    /// Host and port of the address, or `(other)` for those that are too many.
    pub host: Option<String>,
    /// Template of the address, or `(other)` for those that are too many.
    pub route: Option<String>,
    /// Version of the page's code.
    pub release: Option<String>,
    /// How it came about.
    pub navigation_type: Option<NavigationType>,
    /// The kind of device.
    pub form_factor: Option<FormFactor>,
    /// Family of browsers, without version: one of a few names.
    pub browser: Option<String>,
    /// Operating system, without version: one of a few names.
    pub os: Option<String>,
    /// Where the visitor is.
    pub country: Option<Country>,
    /// Whether nobody looked at it: a bot, or a browser that a program drives.
    pub is_bot: bool,
    /// Effective connection type.
    pub connection: Option<Connection>,
    /// Over 0, at most 1.
    pub sample_rate: f32,
    /// What was measured; nothing, when the page could not be measured at all.
    pub measurements: Measurements,
    /// What explains it besides.
    pub sections: Sections,
}

/// Bytes of sections that fit into one place.
const PLACE_BYTES: usize = 4096;

impl PageView {
    /// How many places it takes where page views wait: one, and more with large sections, of which a
    /// beacon may have so many that they take ten times the memory of all the rest.
    pub(super) fn places(&self) -> usize {
        1 + self.sections.heap_bytes() / PLACE_BYTES
    }

    /// A copy without measurements and sections, which are the most of it.
    #[cfg(feature = "otlp")]
    pub(super) fn unexplained(&self) -> Self {
        let Self { url, host, route, release, browser, os, .. } = self;
        Self {
            url: url.clone(),
            host: host.clone(),
            route: route.clone(),
            release: release.clone(),
            browser: browser.clone(),
            os: os.clone(),
            country: self.country,
            measurements: Measurements::default(),
            sections: Sections::default(),
            ..*self
        }
    }
}

/// What a beacon says of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Its value, an integer number of [steps](MetricName::steps_per_unit): microseconds, or
    /// millionths for CLS.
    pub steps: u32,
    /// Why it is so: numbers and texts that [explain it](MetricName::number_fields).
    pub attribution: Attribution,
}

impl Measurement {
    /// Of a metric whose value is within the limits. Fields that explain another metric, which JSON
    /// may have, are ignored like fields that nobody knows.
    pub(crate) fn of(metric: Metric) -> Self {
        let Metric { name, value, mut attribution } = metric;
        // Values within the limits fit: 600 000 ms and a score of 100 are below 2^30 steps.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (value * name.steps_per_unit()).round() as u32;
        attribution.numbers.retain(|(field, _)| name.number_fields().contains(field));
        attribution.texts.retain(|(field, _)| name.text_fields().contains(field));
        Self { steps, attribution }
    }
}

/// The metrics of a page view, each absent or measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurements([Option<Measurement>; MetricName::ALL.len()]);

impl Measurements {
    /// What was measured of a metric.
    pub fn get(&self, name: MetricName) -> Option<&Measurement> {
        self.0[name as usize].as_ref()
    }

    /// Sets a metric; the former one, if there was one.
    pub(super) fn insert(&mut self, metric: Metric) -> Option<Measurement> {
        self.0[metric.name as usize].replace(Measurement::of(metric))
    }
}

/// The value of each metric, in steps and in the order of [`MetricName::ALL`].
type Steps = [Option<u32>; MetricName::ALL.len()];

/// What became of a page view by one of its beacons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was known of it, if it was.
    pub before: Option<Steps>,
    /// What is.
    pub after: Steps,
}

impl Change {
    /// Whether nothing was known of it.
    pub fn is_of_new_page_view(&self) -> bool {
        self.before.is_none()
    }

    /// What was known of a metric.
    pub fn before(&self, name: MetricName) -> Option<u32> {
        self.before.and_then(|steps| steps[name as usize])
    }

    /// The value of a metric, if nothing was known of it.
    pub fn first(&self, name: MetricName) -> Option<u32> {
        self.after[name as usize].filter(|_| self.before(name).is_none())
    }

    /// What is not as before: which metric, what was known of it, and what is.
    #[cfg(feature = "otlp")]
    pub fn changed(&self) -> impl Iterator<Item = (MetricName, Option<u32>, u32)> {
        let metrics = MetricName::ALL.into_iter().zip(self.after);
        metrics.filter_map(|(name, after)| {
            let before = self.before(name);
            after.filter(|_| after != before).map(|after| (name, before, after))
        })
    }

    /// Whether something is known for the first time.
    pub fn is_first_of_anything(&self) -> bool {
        self.is_of_new_page_view() || MetricName::ALL.iter().any(|name| self.first(*name).is_some())
    }
}
