//! What threads spent their time with.

use serde::Deserialize;
use std::collections::BTreeMap;

/// More wall time than this makes a task a long one.
const LONG_TASK_US: f64 = 50_000.0;

/// A task of a thread's event loop.
const TASK: &str = "RunTask";

/// Runs scripts, and has no category that says so. Promises go on at a microtask checkpoint.
const SCRIPT: [&str; 2] = ["EvaluateScript", "BlinkScheduler_PerformMicrotaskCheckpoint"];

const GC: [&str; 3] = ["MinorGC", "MajorGC", "V8.GC"];

/// A stretch of a thread's time, in Chromium's trace format. Stretches of a thread are nested.
#[derive(Deserialize)]
pub(super) struct Event {
    name: String,
    /// Categories, with commas between them.
    cat: String,
    tid: u64,
    /// Start and wall time, in µs.
    ts: f64,
    dur: f64,
    /// CPU time of the thread, in µs.
    tdur: f64,
}

/// Of a main thread.
pub(super) struct MainThread {
    pub(super) script_ms: f64,
    pub(super) gc_ms: f64,
    pub(super) busy_ms: f64,
    pub(super) long_tasks: f64,
}

pub(super) fn main_thread(events: &[Event]) -> MainThread {
    let is_task = |event: &&Event| event.name == TASK;
    let long = events.iter().filter(is_task).filter(|event| event.dur > LONG_TASK_US);
    MainThread {
        script_ms: cpu_ms(events.iter().filter(|event| event.is_script())),
        gc_ms: cpu_ms(events.iter().filter(|event| event.is_gc())),
        busy_ms: cpu_ms(events.iter().filter(is_task)),
        long_tasks: long.fold(0.0, |count, _| count + 1.0),
    }
}

/// Milliseconds that threads beside the main one spent with scripts.
pub(super) fn other_threads(events: &[Event]) -> f64 {
    cpu_ms(events.iter().filter(|event| event.is_script()))
}

impl Event {
    /// Layout that a script forces happens within one, and counts.
    fn is_script(&self) -> bool {
        self.cat.contains("v8")
            || self.name.starts_with("v8.")
            || SCRIPT.contains(&self.name.as_str())
    }

    fn is_gc(&self) -> bool {
        GC.iter().any(|name| self.name.starts_with(name))
    }
}

/// Of those that are not within another, so that nothing is counted twice.
fn cpu_ms<'a>(events: impl Iterator<Item = &'a Event>) -> f64 {
    let mut events: Vec<_> = events.collect();
    events.sort_by(|a, b| a.ts.total_cmp(&b.ts).then(b.dur.total_cmp(&a.dur)));
    let mut ends = BTreeMap::new();
    let mut sum_us = 0.0;
    for &Event { tid, ts, dur, tdur, .. } in events {
        let end = ends.entry(tid).or_insert(f64::MIN);
        if ts >= *end {
            *end = ts + dur;
            sum_us += tdur;
        }
    }
    sum_us / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, cat: &str, ts: f64, dur: f64) -> Event {
        Event { name: name.into(), cat: cat.into(), tid: 1, ts, dur, tdur: dur / 2.0 }
    }

    #[test]
    fn what_is_within_a_script_is_counted_once() {
        let thread = main_thread(&[
            event("MinorGC", "devtools.timeline,v8", 30_000.0, 4000.0),
            event("v8.callFunction", "v8", 10_000.0, 40_000.0),
            event("wasm.CompileLazy", "v8.wasm", 20_000.0, 2000.0),
            event("Commit", "disabled-by-default-devtools.timeline", 70_000.0, 9000.0),
            event("EvaluateScript", "disabled-by-default-devtools.timeline", 80_000.0, 6000.0),
        ]);
        assert!((thread.script_ms - 23.0).abs() < 1e-9, "{}", thread.script_ms);
        assert!((thread.gc_ms - 2.0).abs() < 1e-9, "{}", thread.gc_ms);
    }

    #[test]
    fn a_task_is_long_by_wall_time_and_costs_cpu_time() {
        let cat = "disabled-by-default-devtools.timeline";
        let thread =
            main_thread(&[event(TASK, cat, 0.0, 50_000.0), event(TASK, cat, 60_000.0, 51_000.0)]);
        assert!((thread.long_tasks - 1.0).abs() < 1e-9, "{}", thread.long_tasks);
        assert!((thread.busy_ms - 50.5).abs() < 1e-9, "{}", thread.busy_ms);
    }

    #[test]
    fn threads_work_at_the_same_time() {
        let [a, b] = ["a", "b"].map(|name| event(name, "v8", 0.0, 10_000.0));
        let ms = other_threads(&[a, Event { tid: 2, ..b }]);
        assert!((ms - 10.0).abs() < 1e-9, "{ms}");
    }
}
