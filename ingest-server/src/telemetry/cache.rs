//! How the levels of the cache fare.

use crate::http::KeptAnswers;
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::sync::atomic::AtomicU64;

type Outcome = [(&'static str, &'static str); 2];
type Level = [(&'static str, &'static str); 1];

/// Of each level, what was asked and how long that took; and what is kept of those in memory.
pub(super) fn register(registry: &mut Registry, answers: &KeptAnswers) {
    let requests = Family::<Outcome, Counter>::default();
    let time = Family::<Outcome, Counter<f64, AtomicU64>>::default();
    let (entries, size) = (Family::<Level, Gauge>::default(), Family::<Level, Gauge>::default());
    for (level, state) in answers.states() {
        for (outcome, count, took) in
            [("hit", state.hits, state.hit_time), ("miss", state.misses, state.miss_time)]
        {
            let labels = [("level", level), ("outcome", outcome)];
            requests.get_or_create(&labels).inc_by(count);
            time.get_or_create(&labels).inc_by(took.as_secs_f64());
        }
    }
    // What browsers keep is not known, nor what Redis does.
    for (level, state) in answers.in_memory() {
        let kept = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
        entries.get_or_create(&[("level", level)]).set(kept(state.entries));
        size.get_or_create(&[("level", level)]).set(kept(state.bytes));
    }
    registry.register("cache_requests", "Answers that were asked for, by level", requests);
    let help = "How long that took, all together";
    registry.register_with_unit("cache_time", help, Unit::Seconds, time);
    registry.register("cache_entries", "Answers that are kept", entries);
    let help = "What the answers take that are kept";
    registry.register_with_unit("cache_size", help, Unit::Bytes, size);
}
