//! How busy the worker threads are, and what waits for them.

use super::polls::{Caller, Polls};
use serde::Serialize;
use std::time::Duration;
use tokio::{runtime::Handle, time};
use tokio_metrics::{RuntimeMonitor, TaskMetrics};
use utoipa::ToSchema;

/// The runtime over a while.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuntimeState {
    /// How long was looked at.
    seconds: f64,
    /// Threads that requests run on.
    workers: usize,
    /// How much of their time they had something to do; near 1, requests wait for them.
    busy_ratio: f64,
    /// The same of the one that had the most.
    busiest_worker_ratio: f64,
    /// How often one of them had nothing to do.
    parks: u64,
    /// Tasks that there are at the end: connections, and work of the server's own.
    tasks: usize,
    /// Those that wait for any worker, at the end.
    queued_tasks: usize,
    /// What requests did, by who calls.
    requests: Vec<RequestPolls>,
}

/// Polls: a request runs from one to the next wait without a break.
#[derive(Debug, Serialize, ToSchema)]
struct RequestPolls {
    /// `browsers`, `people` or `operators`.
    caller: &'static str,
    /// Requests that have begun.
    requests: u64,
    polls: u64,
    mean_poll_us: f64,
    /// Those of a millisecond or more.
    long_polls: u64,
    mean_long_poll_us: f64,
    /// How long a request waits for a worker when it could go on.
    mean_scheduled_us: f64,
}

impl RuntimeState {
    /// Looks for so long.
    pub async fn over(duration: Duration, polls: &Polls) -> Self {
        let mut intervals = RuntimeMonitor::new(&Handle::current()).intervals();
        let mut requests = Caller::ALL.map(|caller| (caller, polls.intervals(caller)));
        time::sleep(duration).await;
        let of_requests = requests.iter_mut().filter_map(|(caller, polls)| {
            polls.next().map(|polls| RequestPolls::new(*caller, &polls))
        });
        let requests = of_requests.collect();
        // The iterator does not end.
        let metrics = intervals.next().unwrap_or_default();
        let elapsed = metrics.elapsed.as_secs_f64();
        let ratio = |busy: Duration, workers: f64| {
            if elapsed > 0.0 {
                round((busy.as_secs_f64() / elapsed / workers).min(1.0))
            } else {
                0.0
            }
        };
        // Of few workers.
        #[expect(clippy::cast_precision_loss)]
        let workers = metrics.workers_count.max(1) as f64;
        Self {
            seconds: round(elapsed),
            workers: metrics.workers_count,
            busy_ratio: ratio(metrics.total_busy_duration, workers),
            busiest_worker_ratio: ratio(metrics.max_busy_duration, 1.0),
            parks: metrics.total_park_count,
            tasks: metrics.live_tasks_count,
            queued_tasks: metrics.global_queue_depth,
            requests,
        }
    }
}

impl RequestPolls {
    fn new(caller: Caller, polls: &TaskMetrics) -> Self {
        let us = |duration: Duration| round(duration.as_secs_f64() * 1e6);
        Self {
            caller: caller.as_str(),
            requests: polls.first_poll_count,
            polls: polls.total_poll_count,
            mean_poll_us: us(polls.mean_poll_duration()),
            long_polls: polls.total_slow_poll_count,
            mean_long_poll_us: us(polls.mean_slow_poll_duration()),
            mean_scheduled_us: us(polls.mean_scheduled_duration()),
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
