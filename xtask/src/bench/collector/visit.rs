//! What the driver prints.

use super::trace::{Event, main_thread, other_threads};
use serde::Deserialize;

/// Its first line.
#[derive(Deserialize)]
pub(super) struct Variants {
    pub(super) variants: Vec<Variant>,
}

/// The page with one of the collectors, or with none.
#[derive(Clone, Deserialize)]
pub(super) struct Variant {
    pub(super) name: String,
    /// Of the npm package.
    pub(super) version: String,
    /// Whether it does what rhumb does and more, so that rhumb has to cost less.
    #[serde(rename = "isSdk")]
    pub(super) is_sdk: bool,
}

/// A load of the page, a click and its end.
#[derive(Deserialize)]
pub(super) struct Visit {
    /// 0 does not count.
    pub(super) round: u64,
    pub(super) name: String,
    lcp: f64,
    inp: f64,
    file_bytes: f64,
    requests: f64,
    posts: f64,
    posted_bytes: f64,
    main_thread: Vec<Event>,
    other_threads: Vec<Event>,
}

/// What is measured of a visit.
#[derive(Clone, Copy)]
pub(super) enum Measure {
    /// CPU time of the main thread in scripts: running, compiling and garbage collection.
    Script,
    /// The part of it that is garbage collection.
    Gc,
    /// CPU time of the main thread in all.
    Busy,
    /// CPU time of other threads that compile or collect garbage. They are not slowed down.
    Background,
    LongTasks,
    FileBytes,
    Requests,
    Posts,
    PostedBytes,
    Lcp,
    Inp,
}

impl Measure {
    pub(super) const ALL: [Self; 11] = [
        Self::Script,
        Self::Gc,
        Self::Busy,
        Self::Background,
        Self::LongTasks,
        Self::FileBytes,
        Self::Requests,
        Self::Posts,
        Self::PostedBytes,
        Self::Lcp,
        Self::Inp,
    ];

    /// Under which it stands in the JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Script => "script_ms",
            Self::Gc => "gc_ms",
            Self::Busy => "busy_ms",
            Self::Background => "background_ms",
            Self::LongTasks => "long_tasks",
            Self::FileBytes => "file_bytes",
            Self::Requests => "requests",
            Self::Posts => "posts",
            Self::PostedBytes => "posted_bytes",
            Self::Lcp => "lcp_ms",
            Self::Inp => "inp_ms",
        }
    }
}

/// In the order of [`Measure::ALL`].
pub(super) type Values = [f64; Measure::ALL.len()];

impl Visit {
    pub(super) fn values(&self) -> Values {
        let main = main_thread(&self.main_thread);
        [
            main.script_ms,
            main.gc_ms,
            main.busy_ms,
            other_threads(&self.other_threads),
            main.long_tasks,
            self.file_bytes,
            self.requests,
            self.posts,
            self.posted_bytes,
            self.lcp,
            self.inp,
        ]
    }
}
