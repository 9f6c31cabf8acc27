//! The functions as a table.

use super::answer::{FunctionRow, ProfilesReport};
use crate::report::{Table, figures::field};

impl Table for ProfilesReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "name",
            "source",
            "line",
            "page_views",
            "self_ms",
            "self_share",
            "total_ms",
            "total_share",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &FunctionRow) -> Vec<String> {
    let FunctionRow { name, source, line, page_views, self_ms, self_share, total_ms, total_share } =
        row;
    vec![
        field(name.as_deref()),
        field(source.as_deref()),
        field(line.as_ref()),
        page_views.to_string(),
        self_ms.to_string(),
        self_share.to_string(),
        total_ms.to_string(),
        total_share.to_string(),
    ]
}
