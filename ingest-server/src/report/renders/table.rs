//! The components as a table: a row for each phase.

use super::answer::{PhaseRow, RenderRow, RendersReport};
use crate::report::{Table, figures::field};

impl Table for RendersReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "component",
            "phase",
            "count",
            "total_ms",
            "p75_ms",
            "max_ms",
            "slow_count",
            "slow_share",
            "page_views",
            "updates_per_mount",
            "full_updates",
            "full_share",
            "updates",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().flat_map(|row| row.phases.iter().map(|phase| fields(row, phase))).collect()
    }
}

fn fields(row: &RenderRow, phase: &PhaseRow) -> Vec<String> {
    vec![
        row.component.clone(),
        phase.phase.as_str().to_owned(),
        phase.count.to_string(),
        phase.total_ms.to_string(),
        phase.p75.to_string(),
        phase.max.to_string(),
        phase.slow_count.to_string(),
        phase.slow_share.to_string(),
        row.page_views.to_string(),
        field(row.updates_per_mount),
        row.full_updates.to_string(),
        field(row.full_share),
        row.updates.as_str().to_owned(),
    ]
}
