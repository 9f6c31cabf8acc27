//! The answer how long what pages timed themselves took, what most page views tell of first.

use super::names::{Names, Timed};
use crate::{
    report::{
        Bin, Period, Question, RankedQuestion, Sampled, Unit,
        durations::{DurationSum, ERROR},
    },
    store::sqlite::Filters,
};
use beacon::MeasureKind;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `GET /v1/sites/{site}/measures`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MeasuresReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// From when on page views are still there.
    #[schema(value_type = String, format = DateTime)]
    pub kept_from: Timestamp,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sampled: Option<Sampled>,
    /// How many timed something.
    pub page_views: u64,
    /// How many names there are, each kind counting anew; those that are no rows are on fewer page views.
    pub names: u64,
    /// How often something was timed whose name was one too many to be told apart.
    pub dropped: u64,
    /// How much a percentile may be off, as a share of it.
    pub error: f64,
    /// Names, the one that most page views tell of first.
    pub rows: Vec<MeasureRow>,
}

/// What was timed by a name, in milliseconds: of marks and elements since the page view began.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MeasureRow {
    /// How it was timed.
    pub kind: MeasureKind,
    /// What pages call it.
    pub name: String,
    /// How many page views tell of it.
    pub page_views: u64,
    /// How often it was timed.
    pub count: u64,
    /// The median.
    pub p50: f64,
    /// Three quarters took at most so long.
    pub p75: f64,
    /// One in twenty took longer.
    pub p95: f64,
    /// The longest one.
    pub max: f64,
    /// How they are spread: bins that are not empty, each 1.41 times as far as the one before.
    pub histogram: Vec<Bin>,
}

/// Answers from what page views timed.
pub(crate) fn measures(
    site: &str,
    RankedQuestion { question: Question { period, filters }, limit }: RankedQuestion,
    Names { page_views, dropped, by_name }: Names,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> MeasuresReport {
    let names = by_name.len() as u64;
    let mut rows = by_name.into_iter().collect::<Vec<_>>();
    rows.sort_by(|(a_key, a), (b_key, b)| {
        b.page_views.cmp(&a.page_views).then_with(|| a_key.cmp(b_key))
    });
    rows.truncate(limit);
    let rows = rows.into_iter().filter_map(|((kind, name), timed)| row(kind, name, &timed));
    MeasuresReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        names,
        dropped,
        error: ERROR,
        rows: rows.collect(),
    }
}

fn row(kind: MeasureKind, name: String, timed: &Timed) -> Option<MeasureRow> {
    let Timed { page_views, durations } = timed;
    let percentile = |per_cent| Some(Unit::Ms.round(durations.percentile_ms(per_cent)?));
    Some(MeasureRow {
        kind,
        name,
        page_views: *page_views,
        count: durations.count,
        p50: percentile(50)?,
        p75: percentile(75)?,
        p95: percentile(95)?,
        max: Unit::Ms.round(durations.max_ms()),
        histogram: histogram(durations),
    })
}

fn histogram(durations: &DurationSum) -> Vec<Bin> {
    let round = |ms| Unit::Ms.round(ms);
    let bins = durations.half_octaves().into_iter();
    bins.map(|(start, end, density)| Bin { start: round(start), end: Some(round(end)), density })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::durations::tests::durations;
    use crate::store::sqlite::PagePlace;
    use beacon::{Measure, Measures};

    #[test]
    fn what_most_page_views_tell_of_comes_first() {
        let measure = |name: &str, ms: &[f64]| Measure {
            kind: MeasureKind::Measure,
            name: name.to_owned(),
            durations: durations(ms),
        };
        let mut names = Names::default();
        let often = measure("checkout", &[400.0, 420.0]);
        let pages = [vec![measure("search", &[9.0; 5]), often.clone()], vec![often]];
        for page in pages {
            names.add(Measures { names: page, dropped: 1 }, PagePlace::on(""));
        }
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = RankedQuestion { question, limit: 1 };
        let answer = measures("shop", asked, names, None, Timestamp::UNIX_EPOCH);
        assert_eq!((answer.page_views, answer.names, answer.dropped), (2, 2, 2));
        let row = &answer.rows[0];
        assert_eq!((&*row.name, row.page_views, row.count), ("checkout", 2, 4));
        assert!((row.p75 - 420.0).abs() <= 420.0 * ERROR, "{row:?}");
        assert_eq!(row.max.to_string(), "420");
        let all = row.histogram.iter().map(|bin| bin.density).sum::<f64>();
        assert!((all - 1.0).abs() < 1e-9, "{row:?}");
        assert!(row.histogram.iter().all(|bin| bin.start < 420.0 && bin.end > Some(400.0)));
    }
}
