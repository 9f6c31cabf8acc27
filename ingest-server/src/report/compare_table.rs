//! A comparison as a table of one row.

use super::{Compared, Side, Table, figures::field, metric_name::lower};

impl Table for Compared {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "metric",
            "unit",
            "baseline",
            "baseline_count",
            "baseline_p75",
            "baseline_good",
            "baseline_needs_improvement",
            "baseline_poor",
            "baseline_error",
            "candidate",
            "candidate_count",
            "candidate_p75",
            "candidate_good",
            "candidate_needs_improvement",
            "candidate_poor",
            "candidate_error",
            "difference",
            "relative",
            "interval_95_low",
            "interval_95_high",
            "verdict",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let it = &self.comparison;
        let [low, high] = [0, 1].map(|end| field(it.interval_95.map(|interval| interval[end])));
        let first = [lower(self.metric.0).to_owned(), it.unit.as_str().to_owned()];
        let sides = [&it.baseline, &it.candidate].into_iter().flat_map(side);
        let last = [field(it.difference), field(it.relative), low, high];
        let verdict = it.verdict.as_str().to_owned();
        vec![first.into_iter().chain(sides).chain(last).chain([verdict]).collect()]
    }
}

fn side(it: &Side) -> [String; 7] {
    [
        it.asked(),
        it.count.to_string(),
        field(it.p75),
        field(it.shares.map(|shares| shares.good)),
        field(it.shares.map(|shares| shares.needs_improvement)),
        field(it.shares.map(|shares| shares.poor)),
        it.error.to_string(),
    ]
}
