//! How metrics have changed: within the period, and since the one before.

use crate::{
    cli::page_views::{PageViews, SiteReader, in_options},
    report::{Comparison, Figures, Interval, Period, Question, TimeseriesQuestion, compare},
    store::sqlite::{Measured, ReadError, Selection},
};
use anyhow::Result;
use beacon::MetricName;
use jiff::{SignedDuration, Timestamp};

/// Periods up to this long are shown by the hour, …
const HOURLY_MAX: SignedDuration = SignedDuration::from_hours(48);
/// … up to this one by the day, and longer ones by the week.
const DAILY_MAX: SignedDuration = SignedDuration::from_hours(24 * 62);

/// How all metrics have changed.
pub(super) struct Trends {
    /// How far apart points are.
    pub(super) interval: Interval,
    /// The period before; nothing, if it cannot be read any more.
    pub(super) previous: Option<Period>,
    trends: [Trend; MetricName::ALL.len()],
}

/// How one metric has changed.
pub(super) struct Trend {
    /// The 75th percentile of each interval, where it was measured.
    pub(super) points: Vec<Option<f64>>,
    /// The period, beside the one before.
    pub(super) since: Option<Comparison>,
}

impl Trends {
    pub(super) async fn read(
        site: &SiteReader,
        page_views: &PageViews,
        question: &Question,
        measured: &Measured,
        now: Timestamp,
    ) -> Result<Self> {
        let interval = interval(question.period);
        let intervals = intervals(site, page_views, question, now).await?;
        let previous = question.period.previous(now);
        let before = match previous {
            Some(period) => there(site.measured(period, question.filters.clone()).await)?,
            None => None,
        };
        let trends = MetricName::ALL.map(|name| {
            let of = |measured: &Measured| measured.distributions[name as usize].clone();
            Trend {
                points: intervals.iter().map(|measured| Figures::of(of(measured)).p75).collect(),
                since: before.as_ref().map(|before| compare(of(before), of(measured))),
            }
        });
        Ok(Self { interval, previous: previous.filter(|_| before.is_some()), trends })
    }

    pub(super) fn of(&self, name: MetricName) -> &Trend {
        &self.trends[name as usize]
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
    Question { period, filters }: &Question,
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
    let Period { from, to } = asked.period;
    let selection = Selection { site: site.site, from, to, filters: filters.clone() };
    let read = site.reader.measured_over_time(selection, buckets).await;
    Ok(there(read)?.unwrap_or_default())
}

/// Nothing, where page views are deleted that would tell it.
fn there<T>(read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Err(ReadError::Deleted { .. }) => Ok(None),
        read => read.map(Some),
    }
}
