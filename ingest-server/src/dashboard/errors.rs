//! What goes wrong on a site's pages.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    told::{self, Source},
};
use crate::report::{Call, ErrorRow, ErrorsReport, Original};
use askama::Template;
use beacon::{ErrorKind, StackFrame};

#[derive(Template)]
#[template(path = "errors.html")]
struct ErrorsPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 errors".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    errors: Vec<Error>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Error {
    message: String,
    kind: &'static str,
    extent: String,
    /// The innermost function, and where it is.
    place: Option<String>,
    /// The others.
    stack: Vec<String>,
    page_views: String,
    count: String,
}

/// The page.
pub fn errors_page(report: &ErrorsReport, context: &PageContext) -> String {
    print(&ErrorsPage {
        frame: Frame::of(context, Place::Errors),
        site: &report.site,
        count: number::errors(report.errors),
        period: context.scope.period.length(),
        source: source(report),
        errors: report.rows.iter().map(error).collect(),
        all: told::all(&context.scope, report.period, "errors"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &ErrorsReport) -> String {
    told::source(&Source {
        page_views: report.page_views,
        tell: "had errors",
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &ErrorsReport) -> Option<String> {
    let rarer = report.errors.saturating_sub(report.rows.len() as u64);
    let rarer =
        (rarer > 0).then(|| format!("Not listed: {} on fewer page views.", number::errors(rarer)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "Left out: {} past the 20 different errors that a page view can send.",
            number::count(report.dropped)
        )
    });
    told::omitted([rarer, dropped])
}

/// How it came to light.
pub(crate) fn kind(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Error => "uncaught",
        ErrorKind::UnhandledRejection => "unhandled rejection",
        ErrorKind::Reported => "sent by the page",
        ErrorKind::CspViolation => "security policy",
        ErrorKind::Deprecation => "deprecated",
        ErrorKind::Intervention => "browser intervened",
    }
}

/// A call as people read it: `apply at src/search.ts:12:7`, or where the browser says it is.
pub(crate) fn call(Call { frame, original }: &Call) -> String {
    let StackFrame { function, source, line, column } = frame;
    let function = if function.is_empty() { "(anonymous)" } else { function };
    if let Some(Original { source, line, column }) = original {
        return format!("{function} at {source}:{line}:{column}");
    }
    let at = match (&**source, line) {
        ("", _) => return function.to_owned(),
        (source, 0) => source.to_owned(),
        (source, line) => format!("{source}:{line}:{column}"),
    };
    format!("{function} at {at}")
}

fn error(row: &ErrorRow) -> Error {
    let ErrorRow { message, page_views, count, stack, routes, .. } = row;
    let mut calls = stack.iter().map(call);
    let routes = match &routes[..] {
        [] => String::new(),
        routes => format!(" on {}", routes.join(", ")),
    };
    Error {
        message: message.clone(),
        kind: kind(row.kind),
        extent: format!("{}{routes}", capital(&number::times(*count))),
        place: calls.next(),
        stack: calls.collect(),
        page_views: number::count(*page_views),
        count: number::count(*count),
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
