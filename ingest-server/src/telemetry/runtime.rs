//! How busy the worker threads are, and what waits for them.

use super::{
    long_polls,
    polls::{Caller, Counted, Polls},
};
use serde::Serialize;
use std::time::Duration;
use tokio::{runtime::Handle, time};
use tokio_metrics::RuntimeMonitor;
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
    /// Polls of a millisecond or more, by what was asked; what had none is left out.
    long_polls: Vec<LongPollsOf>,
}

/// Long polls of the requests for one thing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LongPolls)]
struct LongPollsOf {
    method: &'static str,
    /// The pattern of the route, such as `/v1/sites/{site}/summary`.
    route: Box<str>,
    count: u64,
    mean_us: f64,
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
    /// How long a request waits for a worker when it could go on. One request in 16 is watched for that; absent if
    /// none of these did.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_scheduled_us: Option<f64>,
}

impl RuntimeState {
    /// Looks for so long.
    pub async fn over(duration: Duration, polls: &Polls) -> Self {
        let mut intervals = RuntimeMonitor::new(&Handle::current()).intervals();
        let mut before =
            Caller::ALL.map(|caller| (caller, polls.total(caller), polls.waits(caller)));
        let long_before = polls.long.total();
        time::sleep(duration).await;
        let long_polls = polls.long.after(&long_before).into_iter().map(LongPollsOf::new).collect();
        let requests = before.iter_mut().map(|(caller, before, waits)| {
            let scheduled = waits.next().flatten();
            RequestPolls::new(*caller, polls.total(*caller).after(*before), scheduled)
        });
        let requests = requests.collect();
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
            long_polls,
        }
    }
}

impl LongPollsOf {
    fn new(((method, route), it): ((&'static str, Box<str>), long_polls::Counted)) -> Self {
        Self { method, route, count: it.count, mean_us: mean_us(it.time, it.count) }
    }
}

impl RequestPolls {
    fn new(caller: Caller, it: Counted, scheduled: Option<Duration>) -> Self {
        Self {
            caller: caller.as_str(),
            requests: it.requests,
            polls: it.polls,
            mean_poll_us: mean_us(it.poll_time, it.polls),
            long_polls: it.long_polls,
            mean_long_poll_us: mean_us(it.long_poll_time, it.long_polls),
            mean_scheduled_us: scheduled.map(|it| mean_us(it, 1)),
        }
    }
}

/// Of none it is nought.
// A count that a float has no room for takes decades.
#[expect(clippy::cast_precision_loss)]
fn mean_us(time: Duration, count: u64) -> f64 {
    round(time.as_secs_f64() * 1e6 / count.max(1) as f64)
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
