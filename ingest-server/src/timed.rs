//! Spans that say how long they were.

use std::time::Instant;
use tracing::Span;

/// A span with the field `duration_ms`, which is filled in when it ends. One that nobody listens to looks at
/// no clock.
#[derive(Debug)]
pub(crate) struct Timed {
    span: Span,
    began: Option<Instant>,
}

impl Timed {
    /// Begins now.
    pub(crate) fn new(span: Span) -> Self {
        let began = (!span.is_disabled()).then(Instant::now);
        Self { span, began }
    }

    /// The span, to enter or to fill in.
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }
}

/// How many there are, as a field of a span. `OpenTelemetry` knows no numbers without a sign, and would tell them as texts.
pub(crate) fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Drop for Timed {
    fn drop(&mut self) {
        if let Some(began) = self.began {
            self.span.record("duration_ms", began.elapsed().as_secs_f64() * 1e3);
        }
    }
}
