//! A breakdown as a table: a row for each value.

use super::{Breakdown, BreakdownRow, Figures, Table, figures::field};

impl Table for Breakdown {
    fn columns(&self) -> Vec<&'static str> {
        [&["value"][..], &Figures::COLUMNS, &["poor_count", "host"]].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let row = |row: &BreakdownRow| {
            let (value, poor_count) = (field(row.value.as_ref()), row.poor_count.to_string());
            [&[value][..], &row.figures.fields(), &[poor_count, field(row.host.as_ref())]].concat()
        };
        self.rows.iter().map(row).collect()
    }

    fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}
