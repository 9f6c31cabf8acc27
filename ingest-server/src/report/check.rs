//! Whether a site keeps to its budget.

use super::{
    Comparison, MetricSummary, PAGE_VIEWS_MIN, Period, Question, ResourcesReport, Summary, Unit,
    Verdict,
    budget::{Bound, Limit, ResourceLimit, WeightBound},
    metric_name::MetricWord,
};
use crate::store::sqlite::Filters;
use beacon::{MetricName, ResourceKind};
use serde::Serialize;

/// The answer of `rhumb check`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// What all of it comes to.
    pub result: CheckResult,
    /// What is kept by itself.
    pub limits: Vec<LimitCheck>,
    /// What pages may load.
    pub resources: Vec<ResourceCheck>,
    /// What a release may not make slower.
    pub regressions: Vec<ReleaseCheck>,
    /// What could not be told and why, a sentence each.
    pub could_not_tell: Vec<String>,
}

/// What a check comes to, from the best to what is said when several are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// The budget is kept.
    Kept,
    /// There is not enough to say so.
    CouldNotTell,
    /// It is not.
    Broken,
}

/// A bound, and what was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitCheck {
    /// Of what.
    pub metric: MetricWord,
    /// Of which page views.
    pub filters: Filters,
    /// What the metric keeps to, in its unit or as a share.
    #[serde(flatten)]
    pub bound: Bound,
    /// The same as it was measured; absent without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<f64>,
    /// By how much a percentile may be off, as a share of it; absent of shares, which are exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
    /// On how many page views the metric was measured.
    pub count: u64,
    /// How many are needed.
    pub page_views_min: u64,
    /// What follows.
    pub result: CheckResult,
}

/// A bound of what pages may load, and what they did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResourceCheck {
    /// Of what.
    pub kind: ResourceKind,
    /// Of which page views.
    pub filters: Filters,
    /// What it keeps to.
    #[serde(flatten)]
    pub bound: WeightBound,
    /// The same as it was measured, in bytes; absent without page views that load any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<u32>,
    /// How many page views load any.
    pub count: u64,
    /// How many are needed.
    pub page_views_min: u64,
    /// What follows.
    pub result: CheckResult,
}

/// A metric of a release, beside that of an earlier one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReleaseCheck {
    /// Of what.
    pub metric: MetricWord,
    /// The earlier release.
    pub baseline: String,
    /// The later one.
    pub candidate: String,
    /// How they differ.
    pub comparison: Comparison,
    /// What follows.
    pub result: CheckResult,
}

impl Check {
    /// Puts checks together: one that is broken breaks the budget, and otherwise one that could not be
    /// made leaves it open. Where there are no releases to compare, it is said why.
    pub fn new(
        site: &str,
        Question { period, filters }: Question,
        limits: Vec<LimitCheck>,
        resources: Vec<ResourceCheck>,
        regressions: Result<Vec<ReleaseCheck>, String>,
    ) -> Self {
        let (regressions, no_releases) = match regressions {
            Ok(regressions) => (regressions, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let unknown = no_releases.as_ref().map(|_| CheckResult::CouldNotTell);
        let results = limits.iter().map(|it| it.result);
        let results = results.chain(resources.iter().map(|it| it.result));
        let results = results.chain(regressions.iter().map(|it| it.result)).chain(unknown);
        let result = results.max().unwrap_or(CheckResult::Kept);
        let could_not_tell = limits.iter().filter_map(LimitCheck::why_not);
        let could_not_tell =
            could_not_tell.chain(resources.iter().filter_map(ResourceCheck::why_not));
        let could_not_tell =
            could_not_tell.chain(regressions.iter().filter_map(ReleaseCheck::why_not));
        let could_not_tell = could_not_tell.chain(no_releases).collect();
        Self {
            site: site.to_owned(),
            period,
            filters,
            result,
            limits,
            resources,
            regressions,
            could_not_tell,
        }
    }
}

impl LimitCheck {
    /// Checks a limit by a summary of the page views that it is about.
    pub fn new(limit: &Limit, summary: &Summary) -> Self {
        let Limit { metric, bound, page_views_min, .. } = *limit;
        let measured = summary.metrics.get(metric);
        let count = measured.map_or(0, |it| it.count);
        let value = measured.and_then(|it| bound.of(it));
        let error = measured.and_then(|it| it.error).filter(|_| matches!(bound, Bound::P75Max(_)));
        let result = match value {
            Some(value) if count >= page_views_min => bound.check(value, error.unwrap_or(0.0)),
            _ => CheckResult::CouldNotTell,
        };
        Self {
            metric: MetricWord(metric),
            filters: summary.filters.clone(),
            bound,
            measured: value,
            error,
            count,
            page_views_min,
            result,
        }
    }

    /// Why it could not be told whether it is kept.
    fn why_not(&self) -> Option<String> {
        let Self { metric, filters, count, .. } = self;
        let of = format!("{}{}", metric.0.as_str(), on_which(filters));
        let unit = match Unit::of(metric.0) {
            Unit::Ms => " ms",
            Unit::Score => "",
        };
        match (self.bound, self.measured, self.error) {
            _ if self.result != CheckResult::CouldNotTell => None,
            (Bound::P75Max(max), Some(value), Some(error)) if *count >= self.page_views_min => {
                let percent = error * 100.0;
                Some(format!(
                    "{of} is {value}{unit} ± {percent:.2} %, which is too near to {max}{unit}"
                ))
            }
            _ => {
                let needed = self.page_views_min;
                Some(format!("{of} was measured on {count} page views, {needed} are needed"))
            }
        }
    }
}

impl ResourceCheck {
    /// Checks a limit by what the page views that it is about have loaded.
    pub fn new(limit: &ResourceLimit, loaded: &ResourcesReport) -> Self {
        let ResourceLimit { kind, bound, page_views_min, .. } = *limit;
        let row = loaded.kinds.iter().find(|row| row.kind == kind);
        let (measured, max) = match bound {
            WeightBound::TransferBytesP75Max(max) => (row.map(|it| it.transfer_bytes_p75), max),
            WeightBound::DecodedBytesP75Max(max) => (row.map(|it| it.decoded_bytes_p75), max),
        };
        let count = row.map_or(0, |row| row.page_views);
        let result = match measured {
            Some(bytes) if count >= page_views_min && u64::from(bytes) <= max => CheckResult::Kept,
            Some(_) if count >= page_views_min => CheckResult::Broken,
            _ => CheckResult::CouldNotTell,
        };
        let filters = loaded.filters.clone();
        Self { kind, filters, bound, measured, count, page_views_min, result }
    }

    /// Why it could not be told whether it is kept.
    fn why_not(&self) -> Option<String> {
        let Self { kind, filters, count, page_views_min, .. } = self;
        let why = || {
            let (kind, of) = (kind.as_str(), on_which(filters));
            format!(
                "{count} page views{of} tell of a resource of the kind {kind}, {page_views_min} are \
                 needed"
            )
        };
        (self.result == CheckResult::CouldNotTell).then(why)
    }
}

/// ` of /cart on phone`
fn on_which(Filters { route, form_factor, .. }: &Filters) -> String {
    let route = route.as_ref().map(|it| format!(" of {it}")).unwrap_or_default();
    let form_factor = form_factor.map(|it| format!(" on {}", it.as_str())).unwrap_or_default();
    route + &form_factor
}

impl Bound {
    fn of(self, measured: &MetricSummary) -> Option<f64> {
        match self {
            Self::P75Max(_) => measured.percentiles.map(|it| it.p75),
            Self::ShareGoodMin(_) => measured.shares.map(|it| it.good),
        }
    }

    /// Of a value that may be off by that share of it.
    fn check(self, value: f64, error: f64) -> CheckResult {
        let is_kept = match self {
            Self::P75Max(max) if error > 0.0 && (value - max).abs() <= max * error => {
                return CheckResult::CouldNotTell;
            }
            Self::P75Max(max) => value <= max,
            Self::ShareGoodMin(min) => value >= min,
        };
        if is_kept { CheckResult::Kept } else { CheckResult::Broken }
    }
}

impl ReleaseCheck {
    /// Checks what a comparison of two releases has come to.
    pub fn new(
        metric: MetricName,
        baseline: String,
        candidate: String,
        comparison: Comparison,
    ) -> Self {
        let result = match comparison.verdict {
            Verdict::Regressed => CheckResult::Broken,
            Verdict::Improved | Verdict::NoDifference => CheckResult::Kept,
            Verdict::TooFewSamples => CheckResult::CouldNotTell,
        };
        Self { metric: MetricWord(metric), baseline, candidate, comparison, result }
    }

    /// Why it could not be told whether it is slower.
    fn why_not(&self) -> Option<String> {
        let Self { metric, baseline, candidate, comparison, .. } = self;
        let why = || {
            format!(
                "{} was measured on {} page views of release {baseline} and {} of {candidate}, \
                 {PAGE_VIEWS_MIN} of each are needed",
                metric.0.as_str(),
                comparison.baseline.count,
                comparison.candidate.count
            )
        };
        (self.result == CheckResult::CouldNotTell).then(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{distribution::Distribution, report::summarize, store::sqlite::Measured};

    fn lcps(values: &[(u32, u32)]) -> Summary {
        let mut distributions = MetricName::ALL.map(Distribution::new);
        for (ms, count) in values {
            (0..*count).for_each(|_| distributions[MetricName::Lcp as usize].add(ms * 1000));
        }
        let [from, to] =
            ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"].map(|it| it.parse().unwrap());
        let measured = Measured { page_views: 1000, unmeasured: 0, distributions };
        summarize("shop", Period { from, to }, Filters::default(), measured)
    }

    fn result(bound: Bound, values: &[(u32, u32)]) -> CheckResult {
        let limit = Limit {
            metric: MetricName::Lcp,
            route: None,
            form_factor: None,
            bound,
            page_views_min: 100,
        };
        LimitCheck::new(&limit, &lcps(values)).result
    }

    #[test]
    fn a_value_that_is_exactly_the_bound_keeps_it() {
        assert_eq!(result(Bound::P75Max(2500.0), &[(2500, 100)]), CheckResult::Kept);
        assert_eq!(result(Bound::P75Max(2500.0), &[(2501, 100)]), CheckResult::Broken);
        let three_of_four = [(1000, 75), (9000, 25)];
        assert_eq!(result(Bound::ShareGoodMin(0.75), &three_of_four), CheckResult::Kept);
        assert_eq!(result(Bound::ShareGoodMin(0.76), &three_of_four), CheckResult::Broken);
    }

    #[test]
    fn of_a_value_that_is_off_by_more_than_it_differs_from_the_bound_nothing_is_said() {
        let p75 = |max, ms| result(Bound::P75Max(max), &[(ms, 10_001)]);
        assert_eq!(p75(2500.0, 2450), CheckResult::Kept);
        assert_eq!(p75(2500.0, 2490), CheckResult::CouldNotTell);
        assert_eq!(p75(2500.0, 2501), CheckResult::CouldNotTell);
        assert_eq!(p75(2500.0, 2550), CheckResult::Broken);
        let good = |ms| result(Bound::ShareGoodMin(0.75), &[(ms, 10_001)]);
        assert_eq!((good(2500), good(2501)), (CheckResult::Kept, CheckResult::Broken));
    }

    #[test]
    fn of_too_few_page_views_nothing_is_said() {
        assert_eq!(result(Bound::P75Max(2500.0), &[(9000, 99)]), CheckResult::CouldNotTell);
        assert_eq!(result(Bound::ShareGoodMin(0.0), &[]), CheckResult::CouldNotTell);
    }

    #[test]
    fn what_is_broken_matters_more_than_what_could_not_be_told() {
        let summary = lcps(&[(3000, 100)]);
        let limit = |bound, page_views_min| {
            let (metric, route, form_factor) = (MetricName::Lcp, None, None);
            LimitCheck::new(&Limit { metric, route, form_factor, bound, page_views_min }, &summary)
        };
        let question = Question { period: summary.period, filters: Filters::default() };
        let check = |limits, regressions| {
            Check::new("shop", question.clone(), limits, Vec::new(), regressions)
        };
        let kept = limit(Bound::P75Max(3000.0), 100);
        let broken = limit(Bound::P75Max(2500.0), 100);
        let unknown = limit(Bound::P75Max(2500.0), 1000);
        for (limits, result) in [
            (vec![kept.clone()], CheckResult::Kept),
            (vec![kept.clone(), unknown.clone()], CheckResult::CouldNotTell),
            (vec![unknown, broken, kept], CheckResult::Broken),
        ] {
            let check = check(limits, Ok(Vec::new()));
            assert_eq!(check.result, result);
            assert_eq!(check.could_not_tell.is_empty(), result == CheckResult::Kept);
        }
        let check = check(Vec::new(), Err("no release".to_owned()));
        assert_eq!(check.result, CheckResult::CouldNotTell);
        assert_eq!(check.could_not_tell, ["no release"]);
    }
}
