//! One page view with all that is known of it.

use super::{
    list::{Circumstances, MetricValue},
    waterfall::{self, Span},
};
use crate::{
    report::{
        Unit,
        metric_name::{MetricWord, by_metric},
    },
    store::sqlite::PageViewKey,
    transfer::PageViewRecord,
};
use beacon::{
    Attribution, Errors, LongFrames, Measures, Memory, MetricName, NumberField, Profile, Renders,
    Requests, Resources, Timeline,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `GET /v1/sites/{site}/page-views/{id}`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageView {
    /// The site's name.
    pub site: String,
    /// By which it can be asked for.
    pub id: PageViewKey,
    /// When it began.
    pub started_at: Timestamp,
    /// The day (UTC) on which its first beacon arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub arrived_on: Option<Date>,
    /// That of its latest beacon.
    #[schema(format = Int64)]
    pub sequence: u32,
    /// Address, without query string and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
    /// What it was seen by and where.
    #[serde(flatten)]
    pub circumstances: Circumstances,
    /// Whether nobody looked at it, so that no report counts it.
    pub is_bot: bool,
    /// Over 0, at most 1.
    pub sample_rate: f32,
    /// By metric, in lower case.
    #[serde(serialize_with = "by_metric")]
    #[schema(value_type = BTreeMap<MetricWord, MeasuredMetric>)]
    pub metrics: [Option<MeasuredMetric>; MetricName::ALL.len()],
    /// What the values are made of, in the order of time.
    pub waterfall: Vec<Span>,
    /// What its components did; absent where the page did not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub renders: Option<Renders>,
    /// What kept it from painting; absent where the page did not tell, here and in the next ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub long_frames: Option<LongFrames>,
    /// What it timed itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub measures: Option<Measures>,
    /// What it loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub resources: Option<Resources>,
    /// How much memory it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub memory: Option<Memory>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Errors>,
    /// What its scripts asked servers for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub requests: Option<Requests>,
    /// Where the time of its scripts went.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profile: Option<Profile>,
    /// When it loaded what it did, and was kept from painting.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub timeline: Option<Timeline>,
}

/// A value, and why it is so.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeasuredMetric {
    /// What was measured.
    #[serde(flatten)]
    pub value: MetricValue,
    /// Numbers and texts, as web-vitals calls them.
    pub attribution: Attribution,
}

/// Answers with a page view.
pub fn page_view(site: &str, record: PageViewRecord) -> PageView {
    let circumstances = Circumstances::of(&record);
    let waterfall = waterfall::spans(&record.metrics, record.navigation_type);
    let mut metrics = [const { None }; MetricName::ALL.len()];
    for ((metric, name), known) in metrics.iter_mut().zip(MetricName::ALL).zip(record.metrics) {
        *metric = known.map(|it| MeasuredMetric {
            value: MetricValue::of(name, it.measurement.steps),
            attribution: rounded(it.measurement.attribution),
        });
    }
    let sections = record.sections;
    PageView {
        site: site.to_owned(),
        id: PageViewKey(record.key),
        started_at: record.started_at,
        arrived_on: date(record.arrived_on),
        sequence: record.sequence,
        url: record.url,
        circumstances,
        is_bot: record.is_bot,
        sample_rate: record.sample_rate,
        metrics,
        waterfall,
        renders: sections.renders.map(|it| it.told),
        long_frames: sections.long_frames.map(|it| it.told),
        measures: sections.measures.map(|it| it.told),
        resources: sections.resources.map(|it| it.told),
        memory: sections.memory.map(|it| it.told),
        errors: sections.errors.map(|it| it.told),
        requests: sections.requests.map(|it| it.told),
        profile: sections.profile.map(|it| it.told),
        timeline: sections.timeline.map(|it| it.told),
    }
}

/// A score has four decimals.
fn rounded(mut attribution: Attribution) -> Attribution {
    for (field, number) in &mut attribution.numbers {
        let unit = if *field == NumberField::LargestShiftValue { Unit::Score } else { Unit::Ms };
        *number = unit.round(*number);
    }
    attribution
}

/// Of days since 1970.
fn date(day: i64) -> Option<Date> {
    let since_1970 = SignedDuration::from_hours(day.checked_mul(24)?);
    Timestamp::UNIX_EPOCH
        .checked_add(since_1970)
        .ok()
        .map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date())
}
