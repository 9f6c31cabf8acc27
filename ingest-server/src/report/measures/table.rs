//! What was timed as a table.

use super::answer::{MeasureRow, MeasuresReport};
use crate::report::Table;

impl Table for MeasuresReport {
    fn columns(&self) -> Vec<&'static str> {
        vec!["kind", "name", "page_views", "count", "p50_ms", "p75_ms", "p95_ms", "max_ms"]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &MeasureRow) -> Vec<String> {
    let MeasureRow { kind, name, page_views, count, p50, p75, p95, max, histogram: _ } = row;
    vec![
        kind.as_str().to_owned(),
        name.clone(),
        page_views.to_string(),
        count.to_string(),
        p50.to_string(),
        p75.to_string(),
        p95.to_string(),
        max.to_string(),
    ]
}
