//! What is behind the values of a metric as a table: the groups of one way after those of another.

use super::{AttributionReport, By, GroupRow};
use crate::report::{Table, figures::field};
use beacon::Rating;

impl Table for AttributionReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "by",
            "value",
            "source",
            "count",
            "share",
            "p75",
            "rating",
            "poor_count",
            "part",
            "part_p75",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let rows = self.groups.iter().flat_map(|it| it.rows.iter().map(|row| fields(it.by, row)));
        rows.collect()
    }
}

fn fields(by: By, row: &GroupRow) -> Vec<String> {
    vec![
        by.as_str().to_owned(),
        row.group.value.clone(),
        field(row.group.source.as_ref()),
        row.count.to_string(),
        row.share.to_string(),
        field(row.p75),
        field(row.rating.map(Rating::as_str)),
        row.poor_count.to_string(),
        field(row.part.map(|part| part.name.as_str())),
        field(row.part.map(|part| part.p75)),
    ]
}
