//! The addresses as a table.

use super::answer::{RequestRow, RequestsReport};
use crate::report::{Table, figures::field};

impl Table for RequestsReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "url",
            "page_views",
            "count",
            "failed_count",
            "failed_share",
            "total_ms",
            "p75_ms",
            "p95_ms",
            "max_ms",
            "wait_p75_ms",
            "trace_id",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &RequestRow) -> Vec<String> {
    let RequestRow { url, page_views, count, failed_count, failed_share, total_ms, .. } = row;
    vec![
        url.clone(),
        page_views.to_string(),
        count.to_string(),
        failed_count.to_string(),
        failed_share.to_string(),
        total_ms.to_string(),
        row.p75.to_string(),
        row.p95.to_string(),
        row.max.to_string(),
        field(row.wait_p75),
        field(row.trace_id.as_deref()),
    ]
}
