//! How the Redis fares that servers share.

use super::exposition::by_outcome;
use crate::redis::RedisState;
use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::sync::atomic::AtomicU64;

/// Whether it is asked, what became of the questions, and how long requests waited for it.
pub(super) fn register(registry: &mut Registry, state: RedisState) {
    let RedisState { is_up, answered, failed, skipped, waited } = state;
    let up = Gauge::<i64>::default();
    up.set(is_up.into());
    registry.register("redis_up", "Whether Redis is in use", up);
    let counts = [("answered", answered), ("failed", failed), ("skipped", skipped)];
    let help = "Questions to Redis by what became of them; where there is no answer, a server is on its own";
    by_outcome(registry, ("redis_requests", help), counts);
    let time = Counter::<f64, AtomicU64>::default();
    time.inc_by(waited.as_secs_f64());
    let help = "How long requests waited for Redis, all together";
    registry.register_with_unit("redis_time", help, Unit::Seconds, time);
}
