//! What made-up pages spend the time of their main thread on, and their memory.

use super::{
    details::{ANALYTICS, APP, Lived, VENDOR},
    profile,
    took::{bins, took, us, whole_ms},
};
use crate::made_up::timing;
use beacon::{
    Beacon, FrameScript, InvokerType, LongFrames, Measure, MeasureKind, Measures, Memory,
    MemorySource, RENDER_FRAME_MS, Render, RenderPhase, Renders, TimeSpan,
};
use fastrand::Rng;

/// Of each task, what is over it keeps the page from answering.
const FREE_MS: f64 = 50.0;
/// An interaction that takes longer is slow.
pub(super) const SLOW_MS: f64 = 200.0;
/// Of a hundred page views in Chromium, those that are sampled.
const SAMPLED: u8 = 20;

pub(super) fn tell(beacon: &mut Beacon, it: &Lived, random: &mut Rng) {
    beacon.renders = renders(it, random);
    beacon.measures = measures(it, random);
    if !it.is_chromium {
        return;
    }
    let started = timing(random, 85.0, 0.4) * it.slowness;
    beacon.memory = memory(it, random);
    beacon.long_frames = long_frames(it, started, random);
    beacon.timeline.long_frames = frames(it, started);
    if random.u8(..100) < SAMPLED {
        beacon.profile = profile::of(it, started);
    }
}

/// The one in which the page starts, and that of the interaction.
fn frames(it: &Lived, started: f64) -> Vec<TimeSpan> {
    let begins = [(it.ttfb + 300.0, started), (it.lcp + 2500.0, it.inp.unwrap_or(0.0))];
    let long = begins.into_iter().filter(|(_, ms)| *ms > FREE_MS);
    let span = |(start, ms)| TimeSpan { start_ms: whole_ms(start), duration_ms: whole_ms(ms) };
    long.map(span).collect()
}

fn long_frames(it: &Lived, started: f64, random: &mut Rng) -> LongFrames {
    let tagged = timing(random, 62.0, 0.3) * it.slowness;
    let is_slow = u32::from(it.inp.is_some_and(|ms| ms > SLOW_MS));
    let module = (VENDOR, "", "");
    let mut scripts = vec![
        script(module, InvokerType::ModuleScript, started, 0),
        script(
            (ANALYTICS, "flush", "TimerHandler:setTimeout"),
            InvokerType::UserCallback,
            tagged,
            0,
        ),
    ];
    let mut all = vec![started, tagged];
    if let Some(inp) = it.inp.filter(|ms| *ms > FREE_MS) {
        let (function, invoker) = (function(it.route), "BUTTON.onclick");
        let ran = inp * if it.is_worse { 0.7 } else { 0.36 };
        scripts.push(script((APP, function, invoker), InvokerType::EventListener, ran, is_slow));
        all.push(inp);
    }
    all.retain(|ms| *ms > FREE_MS);
    scripts.retain(|script| script.blocking_us > 0);
    LongFrames {
        frames: took(&all),
        blocking_us: all.iter().map(|ms| us(ms - FREE_MS)).sum(),
        slow_interactions: is_slow,
        scripts,
        dropped: 0,
    }
}

/// What is called when somebody clicks.
pub(super) fn function(route: &str) -> &'static str {
    match route {
        "/search" => "applyFilters",
        "/checkout" => "validate",
        _ => "openTrip",
    }
}

fn script(
    (source, function, invoker): (&str, &str, &str),
    invoker_type: InvokerType,
    ms: f64,
    slow_interactions: u32,
) -> FrameScript {
    FrameScript {
        source: source.to_owned(),
        function: function.to_owned(),
        invoker: invoker.to_owned(),
        invoker_type,
        count: 1,
        total_us: us(ms),
        blocking_us: us((ms - FREE_MS).max(0.0)),
        forced_us: if slow_interactions > 0 { us(ms * 0.2) } else { 0 },
        slow_interactions,
    }
}

/// The list of what was found is not memoized, and takes longer where the release has made it worse.
fn renders(it: &Lived, random: &mut Rng) -> Renders {
    let mount = timing(random, 9.0, 0.3) * it.slowness;
    let mut components = vec![render("App", RenderPhase::Mount, &[mount], true)];
    if matches!(it.route, "/trips" | "/search") {
        let (id, is_full) =
            if it.route == "/search" { ("ResultList", true) } else { ("TripList", false) };
        let times = 4 + random.usize(..8);
        let mut commits = |median: f64| -> Vec<f64> {
            (0..times).map(|_| timing(random, median, 0.4) * it.slowness).collect()
        };
        let list = commits(if it.is_worse { 14.0 } else { 3.0 });
        components.push(render(id, RenderPhase::Update, &list, is_full));
        components.push(render("FilterBar", RenderPhase::Update, &commits(1.2), false));
    }
    Renders { components, dropped: 0 }
}

fn render(id: &str, phase: RenderPhase, commits_ms: &[f64], is_full: bool) -> Render {
    let all = took(commits_ms);
    let slow = commits_ms.iter().filter(|ms| **ms > RENDER_FRAME_MS).count();
    Render {
        id: id.to_owned(),
        phase,
        count: all.count,
        actual_us: all.total_us,
        base_us: if is_full { all.total_us } else { all.total_us * 4 },
        max_us: all.max_us,
        slow_count: u32::try_from(slow).unwrap_or(u32::MAX),
        full_count: if is_full { all.count } else { 0 },
        bins: bins(commits_ms),
    }
}

fn measures(it: &Lived, random: &mut Rng) -> Measures {
    let one = |kind: MeasureKind, name: &str, ms: f64| Measure {
        kind,
        name: name.to_owned(),
        durations: took(&[ms]),
    };
    let mut names = vec![
        one(MeasureKind::Mark, "app-ready", it.lcp * 0.8),
        one(MeasureKind::Element, "hero", it.lcp),
    ];
    if it.route == "/search" {
        let ms = timing(random, 430.0, 0.4) * it.slowness;
        names.push(one(MeasureKind::Measure, "search-results", ms));
    }
    Measures { names, dropped: 0 }
}

/// What is kept of each search is never given back, where the release has made it worse.
fn memory(it: &Lived, random: &mut Rng) -> Memory {
    let first_bytes = 18_000_000 + random.u64(..9_000_000);
    let stayed_ms = 20_000 + random.u32(..100_000);
    let grown = if it.is_worse { u64::from(stayed_ms) * 110 } else { random.u64(..900_000) };
    Memory {
        source: MemorySource::Heap,
        samples: 2 + stayed_ms / 15_000,
        first_bytes,
        last_bytes: first_bytes + grown,
        max_bytes: first_bytes + grown + 400_000,
        first_ms: 2_000,
        last_ms: stayed_ms,
    }
}
