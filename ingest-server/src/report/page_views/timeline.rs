//! A page view as a table: what took time on it, or happened, in the order of time.

use super::{
    one::PageView,
    waterfall::{Span, parts},
};
use crate::report::{Table, figures::field, metric_name::lower};
use beacon::{Load, MetricName, PageError, TimeSpan};

/// Something that took time, or happened.
struct Row<'a> {
    kind: &'static str,
    name: &'a str,
    /// Absent where it is not known.
    start_ms: Option<f64>,
    /// Absent for a moment.
    duration_ms: Option<f64>,
    /// How often, of what may happen again.
    count: Option<u32>,
}

impl Table for PageView {
    fn columns(&self) -> Vec<&'static str> {
        vec!["kind", "name", "start_ms", "duration_ms", "count"]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let timeline = self.timeline.iter();
        let mut rows = self.waterfall.iter().copied().map(part).collect::<Vec<_>>();
        rows.extend(timeline.clone().flat_map(|it| &it.loads).map(load));
        rows.extend(timeline.flat_map(|it| &it.long_frames).map(long_frame));
        rows.extend(self.errors.iter().flat_map(|it| &it.errors).map(error));
        rows.extend(interaction(self));
        // What is known of no time comes last.
        let start_ms = |row: &Row<'_>| row.start_ms.unwrap_or(f64::INFINITY);
        rows.sort_by(|a, b| start_ms(a).total_cmp(&start_ms(b)));
        rows.into_iter().map(fields).collect()
    }
}

fn fields(Row { kind, name, start_ms, duration_ms, count }: Row<'_>) -> Vec<String> {
    let (kind, name) = (kind.to_owned(), name.to_owned());
    vec![kind, name, field(start_ms), field(duration_ms), field(count)]
}

/// A part of a value is of the metric's kind.
fn part(Span { metric, name, start, duration }: Span) -> Row<'static> {
    let kind = lower(metric.0);
    Row { kind, name: name.as_str(), start_ms: Some(start), duration_ms: duration, count: None }
}

fn load(Load { kind, url, start_ms, duration_ms }: &Load) -> Row<'_> {
    Row {
        kind: kind.as_str(),
        name: url,
        start_ms: Some(f64::from(*start_ms)),
        duration_ms: Some(f64::from(*duration_ms)),
        count: None,
    }
}

fn long_frame(&TimeSpan { start_ms, duration_ms }: &TimeSpan) -> Row<'_> {
    Row {
        kind: "long_frame",
        name: "",
        start_ms: Some(f64::from(start_ms)),
        duration_ms: Some(f64::from(duration_ms)),
        count: None,
    }
}

fn error(PageError { message, first_ms, count, .. }: &PageError) -> Row<'_> {
    Row {
        kind: "error",
        name: message,
        start_ms: Some(f64::from(*first_ms)),
        duration_ms: None,
        count: Some(*count),
    }
}

/// Parts of the slowest interaction that are no part of the waterfall, because it is not known when it was.
fn interaction(it: &PageView) -> Vec<Row<'static>> {
    if it.waterfall.iter().any(|span| span.metric.0 == MetricName::Inp) {
        return Vec::new();
    }
    let inp = it.metrics[MetricName::Inp as usize].iter();
    let parts = inp.flat_map(|inp| parts(MetricName::Inp, &inp.attribution, 0.0));
    parts.map(|span| Row { start_ms: None, ..part(span) }).collect()
}
