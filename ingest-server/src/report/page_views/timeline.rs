//! What took time on a page view, or happened; as a table, in the order of time.

use super::{
    one::PageView,
    waterfall::{Span, parts},
};
use crate::report::{Table, figures::field, metric_name::lower};
use beacon::{Load, MetricName, PageError, TimeSpan};

/// Something that took time on a page view, or happened.
#[derive(Clone, Copy, Debug)]
pub enum Happened<'a> {
    /// A part of a value.
    Part(Span),
    /// Something was loaded.
    Load(&'a Load),
    /// Nothing was painted for long.
    LongFrame(TimeSpan),
    /// Something went wrong, once or more often.
    Error(&'a PageError),
}

impl PageView {
    /// All of it, in no order.
    pub fn happened(&self) -> impl Iterator<Item = Happened<'_>> {
        let timeline = self.timeline.iter();
        let loads = timeline.clone().flat_map(|it| &it.loads).map(Happened::Load);
        let long_frames = timeline.flat_map(|it| &it.long_frames).copied();
        let errors = self.errors.iter().flat_map(|it| &it.errors).map(Happened::Error);
        let spans = self.waterfall.iter().copied().map(Happened::Part);
        spans.chain(loads).chain(long_frames.map(Happened::LongFrame)).chain(errors)
    }

    /// The parts of its slowest interaction, from the beginning of that on: when it was is another question, and
    /// may not be known.
    pub fn interaction(&self) -> Vec<Span> {
        let inp = self.metrics[MetricName::Inp as usize].iter();
        inp.flat_map(|inp| parts(MetricName::Inp, &inp.attribution, 0.0)).collect()
    }
}

impl Table for PageView {
    fn columns(&self) -> Vec<&'static str> {
        vec!["kind", "name", "start_ms", "duration_ms", "count"]
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = self.happened().map(Row::of).collect::<Vec<_>>();
        if !self.waterfall.iter().any(|span| span.metric.0 == MetricName::Inp) {
            let part = |span| Row { start_ms: None, ..Row::of(Happened::Part(span)) };
            rows.extend(self.interaction().into_iter().map(part));
        }
        // What is known of no time comes last.
        let start_ms = |row: &Row<'_>| row.start_ms.unwrap_or(f64::INFINITY);
        rows.sort_by(|a, b| start_ms(a).total_cmp(&start_ms(b)));
        rows.into_iter().map(Row::fields).collect()
    }
}

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

impl<'a> Row<'a> {
    /// A part of a value is of the metric's kind.
    fn of(happened: Happened<'a>) -> Self {
        let (kind, name, start_ms, duration_ms, count) = match happened {
            Happened::Part(Span { metric, name, start, duration }) => {
                (lower(metric.0), name.as_str(), start, duration, None)
            }
            Happened::Load(Load { kind, url, start_ms, duration_ms }) => {
                let (start_ms, duration_ms) = (f64::from(*start_ms), f64::from(*duration_ms));
                (kind.as_str(), url.as_str(), start_ms, Some(duration_ms), None)
            }
            Happened::LongFrame(TimeSpan { start_ms, duration_ms }) => {
                ("long_frame", "", f64::from(start_ms), Some(f64::from(duration_ms)), None)
            }
            Happened::Error(PageError { message, first_ms, count, .. }) => {
                ("error", message.as_str(), f64::from(*first_ms), None, Some(*count))
            }
        };
        Self { kind, name, start_ms: Some(start_ms), duration_ms, count }
    }

    fn fields(self) -> Vec<String> {
        let Self { kind, name, start_ms, duration_ms, count } = self;
        vec![kind.to_owned(), name.to_owned(), field(start_ms), field(duration_ms), field(count)]
    }
}
