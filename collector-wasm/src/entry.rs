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
    /// `soft-navigation`: another route in the same document.
    SoftNavigation(SoftNavigation),
    /// `interaction-contentful-paint`: a new largest paint that an interaction led to.
    InteractionPaint(InteractionPaint),
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
    /// When the input came.
    pub start_ms: f64,
    /// From the input to the next paint.
    pub duration_ms: f64,
    /// When the page began to handle it.
    pub processing_start_ms: f64,
    /// Whether it is the `first-input` entry, which browsers report however short it was.
    pub is_first_input: bool,
}

/// A route change that the browser has noticed by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoftNavigation {
    /// When the interaction came that led to it.
    pub start_ms: f64,
    /// When it was painted first; absent when the browser does not say.
    pub paint_ms: Option<f64>,
    /// The interaction that led to it.
    pub interaction_id: u64,
    /// Its largest paint until the browser noticed.
    pub largest_paint: Option<InteractionPaint>,
}

/// The largest paint so far that an interaction led to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InteractionPaint {
    /// When the interaction came.
    pub start_ms: f64,
    /// The interaction; absent where the browser does not say.
    pub interaction_id: Option<u64>,
    /// When it was painted.
    pub paint_ms: f64,
}

/// How the document came to be, from its `navigation` entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Navigation {
    /// The first byte of the answer; absent when the browser gave no believable one.
    pub response_start_ms: Option<f64>,
    /// When a prerendered page was shown; 0 for all others.
    pub activation_start_ms: f64,
}
