//! The errors as a table.

use super::answer::{ErrorRow, ErrorsReport};
use crate::report::{Table, figures::field};

impl Table for ErrorsReport {
    fn columns(&self) -> Vec<&'static str> {
        vec![
            "kind",
            "message",
            "page_views",
            "count",
            "function",
            "source",
            "line",
            "column",
            "route",
        ]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.rows.iter().map(fields).collect()
    }
}

fn fields(row: &ErrorRow) -> Vec<String> {
    let ErrorRow { kind, message, page_views, count, stack, routes } = row;
    let top = stack.first();
    vec![
        kind.as_str().to_owned(),
        message.clone(),
        page_views.to_string(),
        count.to_string(),
        field(top.map(|it| &it.frame.function)),
        field(top.map(|it| it.original.as_ref().map_or(&it.frame.source, |it| &it.source))),
        field(top.map(|it| it.original.as_ref().map_or(it.frame.line, |it| it.line))),
        field(top.map(|it| it.original.as_ref().map_or(it.frame.column, |it| it.column))),
        field(routes.first()),
    ]
}
