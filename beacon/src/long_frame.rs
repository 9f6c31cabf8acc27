//! What kept a page from painting.

use crate::{Durations, words};
use serde::{Deserialize, Serialize};

words! {
    /// What made a script run, as <https://w3c.github.io/long-animation-frames/#enumdef-scriptinvokertype>
    /// names it.
    InvokerType {
        /// The file itself, as it was loaded.
        ClassicScript = "classic-script",
        /// The module itself, as it was loaded.
        ModuleScript = "module-script",
        /// A function that the browser was given, such as that of a timer.
        UserCallback = "user-callback",
        /// A listener of a DOM event.
        EventListener = "event-listener",
        /// A promise that was kept.
        ResolvePromise = "resolve-promise",
        /// A promise that was broken.
        RejectPromise = "reject-promise",
        /// Something that had no name when this was written.
        Other = "other",
    }
}

/// The [long animation frames](https://w3c.github.io/long-animation-frames/) of a page view; its long
/// tasks, where the browser knows no such frames.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LongFrames {
    /// All frames of over 50 ms.
    pub frames: Durations,
    /// How long they kept the page from answering, in microseconds: what is over 50 ms of each task.
    pub blocking_us: u32,
    /// Interactions that took over 200 ms until the next paint.
    #[serde(default)]
    pub slow_interactions: u32,
    /// What ran in them, each once, at most 50.
    #[cfg_attr(feature = "schema", schema(max_items = 50))]
    pub scripts: Vec<FrameScript>,
    /// How often something ran that was one too many to be told apart.
    #[serde(default)]
    pub dropped: u32,
}

/// All that one script did in long frames. Sums that are larger than fits stay at the largest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FrameScript {
    /// Its address without query string; empty for what is part of the page itself, or not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2048))]
    pub source: String,
    /// The function that was called; empty for not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 1024))]
    pub function: String,
    /// What called it, such as `BUTTON#apply.onclick`; empty for not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 1024))]
    pub invoker: String,
    /// What kind of thing called it.
    pub invoker_type: InvokerType,
    /// How often it ran in a long frame.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub count: u32,
    /// How long it ran, in microseconds.
    pub total_us: u32,
    /// Its share in what its frames kept the page from answering, in microseconds: as large as its share in
    /// their time.
    pub blocking_us: u32,
    /// How long of its time the browser had to compute style and layout for it, in microseconds.
    #[serde(default)]
    pub forced_us: u32,
    /// Slow interactions in which it ran longer than any other script.
    #[serde(default)]
    pub slow_interactions: u32,
}
