//! The scripts as a table.

use super::answer::{LongFramesReport, ScriptCost, ScriptRow};
use crate::report::{Table, figures::field};

impl Table for LongFramesReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "source",
            "function",
            "invoker",
            "invoker_type",
            "is_third_party",
            "page_views",
            "count",
            "total_ms",
            "blocking_ms",
            "blocking_share",
            "forced_ms",
            "slow_interactions",
            "slow_interactions_share",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &ScriptRow) -> Vec<String> {
    let ScriptRow { source, function, invoker, invoker_type, is_third_party, cost, .. } = row;
    let ScriptCost { page_views, count, total_ms, blocking_ms, forced_ms, .. } = cost;
    vec![
        field(source.as_deref()),
        field(function.as_deref()),
        field(invoker.as_deref()),
        invoker_type.as_str().to_owned(),
        is_third_party.to_string(),
        page_views.to_string(),
        count.to_string(),
        total_ms.to_string(),
        blocking_ms.to_string(),
        cost.blocking_share.to_string(),
        forced_ms.to_string(),
        cost.slow_interactions.to_string(),
        cost.slow_interactions_share.to_string(),
    ]
}
