//! The runtime for Prometheus.

use super::{
    polls::{Caller, Polls},
    runtime,
};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::sync::atomic::AtomicU64;

type ByCaller<N, A> = Family<[(&'static str, &'static str); 1], Counter<N, A>>;

/// Workers, tasks, and the polls of requests.
pub(super) fn register(registry: &mut Registry, polls: &Polls) {
    if let (Some((workers, busy)), Some((tasks, queued))) = (runtime::busy(), runtime::tasks()) {
        let gauges = [
            ("runtime_workers", "Threads that requests run on", workers),
            ("runtime_tasks", "Tasks of the runtime, such as connections", tasks),
            ("runtime_queued_tasks", "Tasks that wait for any worker", queued),
        ];
        for (name, help, value) in gauges {
            let gauge = Gauge::<i64>::default();
            gauge.set(value.try_into().unwrap_or(i64::MAX));
            registry.register(name, help, gauge);
        }
        let counter = Counter::<f64, AtomicU64>::default();
        counter.inc_by(busy.as_secs_f64());
        let help = "How long all workers together had something to do";
        registry.register_with_unit("runtime_busy", help, Unit::Seconds, counter);
    }
    let (count, long, time) =
        <(ByCaller<u64, AtomicU64>, ByCaller<u64, AtomicU64>, ByCaller<f64, AtomicU64>)>::default();
    for caller in Caller::ALL {
        let polls = polls.total(caller);
        let labels = [("caller", caller.as_str())];
        count.get_or_create(&labels).inc_by(polls.total_poll_count);
        long.get_or_create(&labels).inc_by(polls.total_slow_poll_count);
        time.get_or_create(&labels).inc_by(polls.total_poll_duration.as_secs_f64());
    }
    registry.register("request_polls", "How often requests were run until their next wait", count);
    let help = "Those that kept a worker for a millisecond or more";
    registry.register("request_long_polls", help, long);
    let help = "How long they kept workers";
    registry.register_with_unit("request_poll", help, Unit::Seconds, time);
}
