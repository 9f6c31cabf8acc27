//! The runtime for Prometheus.

use super::{
    long_polls::LongPolls,
    polls::{Caller, Polls},
};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::{borrow::Cow, sync::atomic::AtomicU64, time::Duration};
use tokio::runtime::{Handle, RuntimeMetrics};

type ByRoute<N> = Family<[(&'static str, Cow<'static, str>); 2], Counter<N, AtomicU64>>;
type ByCaller<N, A> = Family<[(&'static str, &'static str); 1], Counter<N, A>>;

/// Workers, tasks, and the polls of requests.
pub(super) fn register(registry: &mut Registry, polls: &Polls) {
    // Whoever asks outside of a runtime is told nothing of one.
    if let Ok(runtime) = Handle::try_current() {
        workers(registry, &runtime.metrics());
    }
    requests(registry, polls);
    by_route(registry, &polls.long);
}

fn workers(registry: &mut Registry, runtime: &RuntimeMetrics) {
    let (workers, tasks) = (runtime.num_workers(), runtime.num_alive_tasks());
    for (name, help, value) in [
        ("runtime_workers", "Threads that requests run on", workers),
        ("runtime_tasks", "Tasks of the runtime, such as connections", tasks),
        ("runtime_queued_tasks", "Tasks that wait for any worker", runtime.global_queue_depth()),
    ] {
        let gauge = Gauge::<i64>::default();
        gauge.set(value.try_into().unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    }
    let busy = (0..workers).map(|worker| runtime.worker_total_busy_duration(worker));
    let counter = Counter::<f64, AtomicU64>::default();
    counter.inc_by(busy.sum::<Duration>().as_secs_f64());
    let help = "How long all workers together had something to do";
    registry.register_with_unit("runtime_busy", help, Unit::Seconds, counter);
}

fn requests(registry: &mut Registry, polls: &Polls) {
    let (count, long, time) =
        <(ByCaller<u64, AtomicU64>, ByCaller<u64, AtomicU64>, ByCaller<f64, AtomicU64>)>::default();
    for caller in Caller::ALL {
        let polls = polls.total(caller);
        let labels = [("caller", caller.as_str())];
        count.get_or_create(&labels).inc_by(polls.polls);
        long.get_or_create(&labels).inc_by(polls.long_polls);
        time.get_or_create(&labels).inc_by(polls.poll_time.as_secs_f64());
    }
    registry.register("request_polls", "How often requests were run until their next wait", count);
    let help = "Those that kept a worker for a millisecond or more";
    registry.register("request_long_polls", help, long);
    let help = "How long they kept workers";
    registry.register_with_unit("request_poll", help, Unit::Seconds, time);
}

fn by_route(registry: &mut Registry, long: &LongPolls) {
    let (count, time) = <(ByRoute<u64>, ByRoute<f64>)>::default();
    for ((method, route), polls) in long.total() {
        let labels = [("method", method.into()), ("endpoint", String::from(route).into())];
        count.get_or_create(&labels).inc_by(polls.count);
        time.get_or_create(&labels).inc_by(polls.time.as_secs_f64());
    }
    let help = "How often a request for that kept a worker for a millisecond or more";
    registry.register("endpoint_long_polls", help, count);
    let help = "How long they kept workers then";
    registry.register_with_unit("endpoint_long_poll", help, Unit::Seconds, time);
}
