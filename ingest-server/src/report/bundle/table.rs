//! The files of a bundle as a table.

use super::answer::{BundleReport, BundleRow};
use crate::report::{Table, figures::field};

impl Table for BundleReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "name",
            "files",
            "bytes",
            "page_views",
            "share",
            "largest_module",
            "largest_module_bytes",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &BundleRow) -> Vec<String> {
    let BundleRow { name, files, bytes, page_views, share, modules } = row;
    let largest = modules.first();
    vec![
        name.clone(),
        files.to_string(),
        bytes.to_string(),
        page_views.to_string(),
        share.to_string(),
        field(largest.map(|module| &module.name)),
        field(largest.map(|module| module.bytes)),
    ]
}
