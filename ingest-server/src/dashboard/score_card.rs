//! One vital: its number, what it means, and how it is spread.

use super::{
    histogram::{Histogram, rating_class},
    number, page_views,
    period::ReportPeriod,
    scope::Scope,
    spark::Spark,
    trend::Trend,
    vital::Vital,
    vitals,
};
use crate::{
    report::{BreakdownSort, MetricSummary, Metrics, Percentiles, Shares},
    roll_up::Facet,
};
use beacon::Rating;

/// With fewer page views a percentile says more about them than about the page.
pub(crate) const PAGE_VIEWS_MIN: u64 = 75;

/// A card, ready to be printed.
#[derive(Debug)]
pub(super) struct ScoreCard {
    /// Lower case, for ids.
    pub(super) id: String,
    pub(super) abbreviation: &'static str,
    pub(super) title: &'static str,
    pub(super) meaning: &'static str,
    pub(super) absence: &'static str,
    /// To all that is known of it; absent there.
    pub(super) vital: Option<String>,
    /// To the page views where it is worst.
    pub(super) worst: String,
    /// What has become of it; absent where nobody looked.
    pub(super) spark: Option<Spark>,
    /// Absent when it was not measured.
    pub(super) score: Option<Score>,
}

/// What was measured.
#[derive(Debug)]
pub(super) struct Score {
    pub(super) p75: String,
    pub(super) rating: Badge,
    pub(super) sentence: String,
    pub(super) trend: Option<Trend>,
    pub(super) shares: [ShareOfBar; 3],
    pub(super) histogram: Option<Histogram>,
    pub(super) percentiles: [(&'static str, String); 5],
    pub(super) sample: String,
    /// As in "± 0.55 %"; absent when the percentiles are exact.
    pub(super) error: Option<String>,
}

/// A rating as shape and word, for colours say nothing to everybody.
#[derive(Debug, PartialEq)]
pub(crate) struct Badge {
    pub(super) class: &'static str,
    pub(crate) shape: &'static str,
    pub(crate) word: &'static str,
}

/// A part of the distribution bar.
#[derive(Debug)]
pub(super) struct ShareOfBar {
    pub(super) badge: Badge,
    pub(super) start_percent: f64,
    pub(super) percent: f64,
    pub(super) text: String,
}

impl ScoreCard {
    pub(super) fn new(vital: &Vital, metrics: &Metrics, scope: &Scope) -> Self {
        let abbreviation = vital.name.as_str();
        Self {
            id: abbreviation.to_lowercase(),
            abbreviation,
            title: vital.title,
            meaning: vital.meaning,
            absence: vital.absence,
            vital: Some(vitals::address(
                scope,
                vital.name,
                (Facet::Route, BreakdownSort::default()),
            )),
            worst: page_views::address(scope, Some(vital.name)),
            spark: None,
            score: score(vital, metrics.get(vital.name), scope.period),
        }
    }
}

fn score(vital: &Vital, summary: Option<&MetricSummary>, period: ReportPeriod) -> Option<Score> {
    let summary = summary?;
    let (percentiles, rating, shares) = (summary.percentiles?, summary.rating?, summary.shares?);
    let show = |value| number::value(value, summary.unit);
    let p75 = number::rated_value(vital.name, percentiles.p75, summary.unit);
    let few = summary.count < PAGE_VIEWS_MIN;
    let visits = if few { "the visits so far" } else { "visits" };
    let none = vital.none.filter(|_| percentiles.p75 <= 0.0);
    let experience = none.map_or_else(|| vital.experience.replace("{}", &p75), str::to_owned);
    let sample = number::page_views(summary.count);
    let Percentiles { p50, p90, p95, p99, .. } = percentiles;
    Some(Score {
        rating: if few { Badge::too_few() } else { Badge::of(rating) },
        sentence: format!("75\u{a0}% of {visits} {experience}"),
        trend: Trend::of(summary, period),
        shares: bar(shares),
        histogram: Histogram::new(vital.name, summary),
        percentiles: [
            ("p50", show(p50)),
            ("p75", p75.clone()),
            ("p90", show(p90)),
            ("p95", show(p95)),
            ("p99", show(p99)),
        ],
        sample: if few { format!("{sample}, {PAGE_VIEWS_MIN} are needed") } else { sample },
        error: summary
            .error
            .filter(|error| *error > 0.0)
            .map(|error| format!("±\u{a0}{:.2}\u{a0}%", error * 100.0)),
        p75,
    })
}

impl Badge {
    pub(crate) fn of(rating: Rating) -> Self {
        let (shape, word) = match rating {
            Rating::Good => ("●", "Good"),
            Rating::NeedsImprovement => ("▲", "Needs improvement"),
            Rating::Poor => ("■", "Poor"),
        };
        Self { class: rating_class(rating), shape, word }
    }

    pub(crate) fn too_few() -> Self {
        Self { class: "unknown", shape: "○", word: "Too few to judge" }
    }
}

/// The parts of a bar, from good to poor.
pub(super) fn bar(shares: Shares) -> [ShareOfBar; 3] {
    let Shares { good, needs_improvement, poor } = shares;
    let part = |rating, start: f64, share: f64| ShareOfBar {
        badge: Badge::of(rating),
        start_percent: start * 100.0,
        percent: share * 100.0,
        text: number::share(share),
    };
    [
        part(Rating::Good, 0.0, good),
        part(Rating::NeedsImprovement, good, needs_improvement),
        part(Rating::Poor, good + needs_improvement, poor),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::{
        fixture::{shop, summary},
        vital::CORE,
    };
    use beacon::MetricName;

    fn lcp(values: &[(u32, u64)]) -> Score {
        let values = values.iter().map(|(us, count)| (MetricName::Lcp, *us, *count));
        let summary = summary(&values.collect::<Vec<_>>());
        ScoreCard::new(&CORE[0], &summary.metrics, &shop(ReportPeriod::default())).score.unwrap()
    }

    #[test]
    fn enough_page_views_are_judged() {
        let score = lcp(&[(2_312_400, 75)]);
        assert_eq!((score.rating.shape, score.rating.word), ("●", "Good"));
        assert_eq!(score.p75, "2.31\u{a0}s");
        assert_eq!(score.sample, "75 page views");
        assert!(score.sentence.starts_with("75\u{a0}% of visits see"));
    }

    #[test]
    fn too_few_say_how_many_are_needed() {
        let score = lcp(&[(2_312_400, 74)]);
        assert_eq!(score.rating, Badge::too_few());
        assert_eq!(score.sample, "74 page views, 75 are needed");
        assert!(score.sentence.starts_with("75\u{a0}% of the visits so far see"));
    }

    #[test]
    fn the_parts_of_the_bar_follow_each_other_and_fill_it() {
        let score = lcp(&[(1_000_000, 2), (3_000_000, 1), (9_000_000, 1)]);
        let parts = score.shares.map(|share| (share.start_percent, share.percent, share.text));
        assert_eq!(
            parts,
            [
                (0.0, 50.0, "50.0\u{a0}%".to_owned()),
                (50.0, 25.0, "25.0\u{a0}%".to_owned()),
                (75.0, 25.0, "25.0\u{a0}%".to_owned()),
            ]
        );
    }

    #[test]
    fn only_binned_percentiles_have_an_error() {
        assert_eq!(lcp(&[(1_000_000, 100)]).error, None);
        assert!(lcp(&[(1_000_000, 10_001)]).error.unwrap().starts_with('±'));
    }

    #[test]
    fn what_was_not_measured_has_no_score() {
        let summary = summary(&[(MetricName::Lcp, 1_000_000, 100)]);
        let card = ScoreCard::new(&CORE[1], &summary.metrics, &shop(ReportPeriod::Day));
        assert!(card.score.is_none());
    }
}
