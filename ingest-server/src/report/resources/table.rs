//! The files as a table.

use super::answer::{FileRow, ResourcesReport, WeightOf};
use crate::report::{Table, figures::field};

impl Table for ResourcesReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "url",
            "kind",
            "is_third_party",
            "page_views",
            "count",
            "cached_share",
            "opaque_share",
            "blocking_share",
            "transfer_bytes",
            "encoded_bytes",
            "decoded_bytes",
            "protocol",
            "p75_ms",
            "max_ms",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &FileRow) -> Vec<String> {
    let FileRow { url, kind, is_third_party, page_views, weight, protocol, p75, max } = row;
    let WeightOf { count, cached_share, opaque_share, blocking_share, .. } = weight;
    vec![
        url.clone(),
        kind.as_str().to_owned(),
        is_third_party.to_string(),
        page_views.to_string(),
        count.to_string(),
        cached_share.to_string(),
        opaque_share.to_string(),
        blocking_share.to_string(),
        weight.transfer_bytes.to_string(),
        weight.encoded_bytes.to_string(),
        weight.decoded_bytes.to_string(),
        field(protocol.as_deref()),
        p75.to_string(),
        max.to_string(),
    ]
}
