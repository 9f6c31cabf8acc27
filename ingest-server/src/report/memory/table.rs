//! The routes as a table.

use super::answer::{MemoryReport, MemoryRow};
use crate::report::{Table, figures::field};

impl Table for MemoryReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "route",
            "source",
            "page_views",
            "watched",
            "last_bytes_p50",
            "last_bytes_p75",
            "max_bytes_p75",
            "growth_bytes_p50",
            "growth_bytes_p75",
            "growth_bytes_per_minute_p50",
            "grew_share",
            "leak",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &MemoryRow) -> Vec<String> {
    vec![
        field(row.route.as_deref()),
        row.source.as_str().to_owned(),
        row.page_views.to_string(),
        row.watched.to_string(),
        row.last_bytes_p50.to_string(),
        row.last_bytes_p75.to_string(),
        row.max_bytes_p75.to_string(),
        field(row.growth_bytes_p50),
        field(row.growth_bytes_p75),
        field(row.growth_bytes_per_minute_p50),
        field(row.grew_share),
        row.leak.as_str().to_owned(),
    ]
}
