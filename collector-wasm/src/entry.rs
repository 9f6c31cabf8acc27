//! What the browser tells, as plain values. All times are milliseconds since the page's time
//! origin, as in every `PerformanceEntry`.

use crate::attribution::{PaintedElement, RequestTimes};

/// A performance entry that a vital is made from.
#[derive(Clone, Debug, PartialEq)]
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
        /// What it was.
        element: PaintedElement,
    },
    /// `layout-shift`.
    LayoutShift(LayoutShift),
    /// `event` or `first-input`.
    Event(Event),
    /// `soft-navigation`: another route in the same document.
    SoftNavigation(SoftNavigation),
    /// `interaction-contentful-paint`: a new largest paint that an interaction led to.
    InteractionPaint(InteractionPaint),
    /// `long-animation-frame`: more than 50 ms without a chance to paint.
    LongFrame(LongFrame),
}

impl Entry {
    /// When it begins another page view: what came before belongs to the last one.
    pub fn begins_page_view(&self) -> Option<f64> {
        match self {
            Self::SoftNavigation(navigation) => Some(navigation.start_ms),
            _ => None,
        }
    }
}

/// Content that moved between two frames.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutShift {
    /// When the frame was made.
    pub start_ms: f64,
    /// How much moved how far; unitless.
    pub score: f64,
    /// Whether somebody asked for it: input came less than 500 ms before.
    pub had_recent_input: bool,
    /// Whether the browser says what has moved.
    pub has_sources: bool,
    /// Selector of the element that moved most; empty for unknown.
    pub target: String,
}

/// One DOM event from its input to the next paint.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Groups the events of one tap, click or key press; 0 when it is none of these.
    pub interaction_id: u64,
    /// When the input came.
    pub start_ms: f64,
    /// From the input to the next paint.
    pub duration_ms: f64,
    /// When the page began to handle it.
    pub processing_start_ms: f64,
    /// When the page's last handler was done.
    pub processing_end_ms: f64,
    /// Whether a key was pressed.
    pub is_keyboard: bool,
    /// Selector of the element; empty for unknown.
    pub target: String,
    /// Whether it is the `first-input` entry, which browsers report however short it was.
    pub is_first_input: bool,
}

/// A route change that the browser has noticed by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SoftNavigation {
    /// When the interaction came that led to it.
    pub start_ms: f64,
    /// When it was painted first; absent when the browser does not say.
    pub paint_ms: Option<f64>,
    /// The interaction that led to it.
    pub interaction_id: u64,
    /// `performance.interactionCount` when it was noticed, where the browser has it.
    pub interaction_count: Option<u64>,
    /// Its largest paint until the browser noticed.
    pub largest_paint: Option<InteractionPaint>,
}

/// The largest paint so far that an interaction led to.
#[derive(Clone, Debug, PartialEq)]
pub struct InteractionPaint {
    /// When the interaction came.
    pub start_ms: f64,
    /// The interaction; absent where the browser does not say.
    pub interaction_id: Option<u64>,
    /// When it was painted.
    pub paint_ms: f64,
    /// What it was.
    pub element: PaintedElement,
}

/// More than 50 ms without a chance to paint.
#[derive(Clone, Debug, PartialEq)]
pub struct LongFrame {
    /// When it began.
    pub start_ms: f64,
    /// When it ended.
    pub end_ms: f64,
    /// When style and layout began, after all scripts.
    pub style_and_layout_start_ms: f64,
    /// What ran for 5 ms or more.
    pub scripts: Vec<Script>,
}

impl LongFrame {
    /// Whether some of it lies between two times.
    pub(crate) fn meets(&self, from_ms: f64, to_ms: f64) -> bool {
        self.end_ms >= from_ms && self.start_ms <= to_ms
    }
}

/// A script that ran in a long frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// When it began.
    pub start_ms: f64,
    /// How long it ran.
    pub duration_ms: f64,
    /// How long of that it made the browser compute style and layout.
    pub forced_layout_ms: f64,
    /// Its address, function, invoker and the invoker's type, a line each.
    pub about: String,
}

impl Script {
    pub(crate) fn end_ms(&self) -> f64 {
        self.start_ms + self.duration_ms
    }
}

/// How the document came to be, from its `navigation` entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Navigation {
    /// The first byte of the answer; absent when the browser gave no believable one.
    pub response_start_ms: Option<f64>,
    /// When a prerendered page was shown; 0 for all others.
    pub activation_start_ms: f64,
    /// The steps until the first byte.
    pub request: RequestTimes,
}
