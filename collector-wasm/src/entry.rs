//! What the browser tells, as plain values. All times are milliseconds since the page's time
//! origin, as in every `PerformanceEntry`.

/// A performance entry that a vital is made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry {
    /// `paint`, the one named `first-contentful-paint`.
    FirstContentfulPaint {
        /// When it was painted.
        start_ms: f64,
    },
    /// `largest-contentful-paint`: a new largest element.
    LargestContentfulPaint {
        /// When it was painted.
        start_ms: f64,
    },
    /// `layout-shift`.
    LayoutShift(LayoutShift),
    /// `event` or `first-input`.
    Event(Event),
}

/// Content that moved between two frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayoutShift {
    /// When the frame was made.
    pub start_ms: f64,
    /// How much moved how far; unitless.
    pub score: f64,
    /// Whether somebody asked for it: input came less than 500 ms before.
    pub had_recent_input: bool,
}

/// One DOM event from its input to the next paint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Groups the events of one tap, click or key press; 0 when it is none of these.
    pub interaction_id: u64,
    /// From the input to the next paint.
    pub duration_ms: f64,
    /// Whether it is the `first-input` entry, which browsers report however short it was.
    pub is_first_input: bool,
}

/// How the document came to be, from its `navigation` entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Navigation {
    /// The first byte of the answer; absent when the browser gave no believable one.
    pub response_start_ms: Option<f64>,
    /// When a prerendered page was shown; 0 for all others.
    pub activation_start_ms: f64,
}
