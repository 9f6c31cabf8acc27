//! A summary as a table: a row for each metric.

use super::{
    MetricSummary, Percentiles, Shares, Summary, Table,
    figures::field,
    metric_name::{IN_ORDER, lower},
};
use beacon::{MetricName, Rating};

impl Table for Summary {
    fn columns(&self) -> Vec<&'static str> {
        let percentiles = ["p50", "p75", "p90", "p95", "p99"];
        let shares = ["good", "needs_improvement", "poor"];
        let previous = ["previous_p75", "verdict"];
        let first = &["metric", "unit", "count"][..];
        [first, &percentiles, &["error", "rating"], &shares, &previous].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |name| Some(row(name, self.metrics.get(name)?));
        IN_ORDER.into_iter().filter_map(row).collect()
    }
}

fn row(name: MetricName, metric: &MetricSummary) -> Vec<String> {
    let percentile = |of: fn(&Percentiles) -> f64| field(metric.percentiles.as_ref().map(of));
    let share = |of: fn(&Shares) -> f64| field(metric.shares.as_ref().map(of));
    let previous = metric.previous.as_ref();
    vec![
        lower(name).to_owned(),
        metric.unit.as_str().to_owned(),
        metric.count.to_string(),
        percentile(|it| it.p50),
        percentile(|it| it.p75),
        percentile(|it| it.p90),
        percentile(|it| it.p95),
        percentile(|it| it.p99),
        field(metric.error),
        field(metric.rating.map(Rating::as_str)),
        share(|it| it.good),
        share(|it| it.needs_improvement),
        share(|it| it.poor),
        field(previous.and_then(|previous| previous.p75)),
        field(previous.map(|previous| previous.verdict.as_str())),
    ]
}
