//! How metrics have changed within a period.

use crate::{
    cli::page_views::{PageViews, SiteReader, in_options},
    report::{Figures, Interval, Period, Question, TimeseriesQuestion},
    store::sqlite::{Measured, ReadError},
};
use anyhow::Result;
use beacon::MetricName;
use jiff::{SignedDuration, Timestamp};

/// Periods up to this long are shown by the hour, …
const HOURLY_MAX: SignedDuration = SignedDuration::from_hours(48);
/// … up to this one by the day, and longer ones by the week.
const DAILY_MAX: SignedDuration = SignedDuration::from_hours(24 * 62);

/// The 75th percentiles of all metrics, one after the other.
pub(super) struct Trends {
    /// How far apart they are.
    pub(super) interval: Interval,
    points: [Vec<Option<f64>>; MetricName::ALL.len()],
}

impl Trends {
    pub(super) async fn read(
        site: &SiteReader,
        page_views: &PageViews,
        question: &Question,
        now: Timestamp,
    ) -> Result<Self> {
        let intervals = intervals(site, page_views, question, now).await?;
        let points = MetricName::ALL.map(|name| {
            let of = |measured: &Measured| measured.distributions[name as usize].clone();
            intervals.iter().map(|measured| Figures::of(of(measured)).p75).collect()
        });
        Ok(Self { interval: interval(question.period), points })
    }

    /// That of each interval, where the metric was measured; none, if they cannot be told any more.
    pub(super) fn of(&self, name: MetricName) -> &[Option<f64>] {
        &self.points[name as usize]
    }
}

fn interval(Period { from, to }: Period) -> Interval {
    match to.duration_since(from) {
        length if length <= HOURLY_MAX => Interval::Hour,
        length if length <= DAILY_MAX => Interval::Day,
        _ => Interval::Week,
    }
}

/// What was measured in each interval of the period; none, if they cannot be told any more.
async fn intervals(
    site: &SiteReader,
    page_views: &PageViews,
    Question { period, .. }: &Question,
    now: Timestamp,
) -> Result<Vec<Measured>> {
    let asked = [
        ("metric", "lcp".to_owned()),
        ("interval", interval(*period).as_str().to_owned()),
        ("from", period.from.to_string()),
        ("to", period.to.to_string()),
    ];
    let asked = TimeseriesQuestion::parse(&page_views.query(asked), now).map_err(in_options)?;
    let buckets = asked.buckets(now);
    let selection = asked.question.selection(site.site);
    match site.reader.measured_over_time(selection, buckets).await {
        Err(ReadError::Deleted { .. }) => Ok(Vec::new()),
        read => Ok(read?),
    }
}
