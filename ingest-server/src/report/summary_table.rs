//! A summary as a table: a metric a row.

use super::{
    MetricSummary, Percentiles, Shares, Summary, Table,
    figures::{field, metric_word},
};
use beacon::{MetricName, Rating};

/// In the order of the JSON.
const METRICS: [MetricName; 6] = [
    MetricName::Lcp,
    MetricName::Inp,
    MetricName::Cls,
    MetricName::Fcp,
    MetricName::Ttfb,
    MetricName::Fid,
];

impl Table for Summary {
    fn columns(&self) -> Vec<&'static str> {
        let percentiles = ["p50", "p75", "p90", "p95", "p99"];
        let shares = ["good", "needs_improvement", "poor"];
        [&["metric", "unit", "count"][..], &percentiles, &["rating"], &shares, &["error"]].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |name| Some(row(name, self.metrics.get(name)?));
        METRICS.into_iter().filter_map(row).collect()
    }
}

fn row(name: MetricName, summary: &MetricSummary) -> Vec<String> {
    let MetricSummary { unit, count, percentiles, error, rating, shares, .. } = summary;
    let percentile = |of: fn(&Percentiles) -> f64| field(percentiles.as_ref().map(of));
    let share = |of: fn(&Shares) -> f64| field(shares.as_ref().map(of));
    vec![
        metric_word(name).to_owned(),
        unit.as_str().to_owned(),
        count.to_string(),
        percentile(|it| it.p50),
        percentile(|it| it.p75),
        percentile(|it| it.p90),
        percentile(|it| it.p95),
        percentile(|it| it.p99),
        field(rating.map(Rating::as_str)),
        share(|it| it.good),
        share(|it| it.needs_improvement),
        share(|it| it.poor),
        field(*error),
    ]
}
