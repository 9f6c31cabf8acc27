//! What explains a made-up page view besides its metrics.

use super::{loads, work};
use beacon::{Beacon, ErrorKind, Errors, Metric, MetricName, PageError, StackFrame};
use fastrand::Rng;

/// The page's own script, what it is built with, and what counts its visitors.
pub(super) const APP: &str = "https://trips.example/assets/app-*.js";
pub(super) const VENDOR: &str = "https://trips.example/assets/vendor-*.js";
pub(super) const ANALYTICS: &str = "https://tags.example/v3/analytics.js";
/// Of a hundred page views, those that are not over before they tell.
const TOLD: u8 = 40;
/// Of a thousand page views of the worse release's search, those that break.
const BROKEN: u16 = 60;
/// Of a thousand page views, those that do not get a part of the page's script.
const CUT_OFF: u16 = 4;

/// A page view that tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lived {
    pub(super) route: &'static str,
    /// Whether it is of the release and the route that was made worse.
    pub(super) is_worse: bool,
    /// How much slower than on a quick device and network.
    pub(super) slowness: f64,
    /// Only Chromium tells of long frames, memory and samples.
    pub(super) is_chromium: bool,
    /// Milliseconds.
    pub(super) ttfb: f64,
    pub(super) lcp: f64,
    /// Absent where nobody clicked.
    pub(super) inp: Option<f64>,
}

/// What the page view went through, as far as it tells.
pub(super) fn explain(
    beacon: &mut Beacon,
    (route, slowness): (&'static str, f64),
    (is_worse, is_chromium): (bool, bool),
    random: &mut Rng,
) {
    if random.u8(..100) >= TOLD {
        return;
    }
    let value = |name: MetricName| {
        let metric = beacon.metrics.iter().find(|metric| metric.name == name);
        metric.map(|Metric { value, .. }| *value)
    };
    let [Some(ttfb), Some(lcp)] = [MetricName::Ttfb, MetricName::Lcp].map(value) else { return };
    let inp = value(MetricName::Inp);
    let lived = Lived { route, is_worse, slowness, is_chromium, ttfb, lcp, inp };
    loads::tell(beacon, &lived, random);
    work::tell(beacon, &lived, random);
    beacon.errors = errors(&lived, random);
}

fn errors(it: &Lived, random: &mut Rng) -> Errors {
    let mut errors = Vec::new();
    if it.is_worse && random.u16(..1000) < BROKEN {
        let calls = [("applyFilters", 1, 48_211), ("onClick", 1, 47_903)];
        errors.push(error(ErrorKind::Error, "TypeError: filters is undefined", &calls));
    }
    if random.u16(..1000) < CUT_OFF {
        let message = "ChunkLoadError: Loading chunk 7 failed.";
        errors.push(error(ErrorKind::UnhandledRejection, message, &[("loadChunk", 1, 1204)]));
    }
    Errors { errors, dropped: 0 }
}

fn error(kind: ErrorKind, message: &str, calls: &[(&str, u32, u32)]) -> PageError {
    let frame = |&(function, line, column): &(&str, u32, u32)| StackFrame {
        function: function.to_owned(),
        source: APP.to_owned(),
        line,
        column,
    };
    PageError {
        kind,
        message: message.to_owned(),
        stack: calls.iter().map(frame).collect(),
        count: 1,
        first_ms: 4200,
    }
}
