//! How the one fares that writes.

use crate::ingest::WriterQueue;
use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::{Registry, Unit},
};

/// Its transactions, what waits for it, and what it has not rolled up yet.
pub(super) fn register(registry: &mut Registry, writer: &WriterQueue) {
    let commits = Counter::<u64>::default();
    commits.inc_by(writer.epoch());
    registry.register("commits", "Transactions of beacons on disk", commits);
    let help = "Page views of a transaction of beacons";
    registry.register("commit_page_views", help, writer.commits().page_views.clone());
    let (help, times) =
        ("How long a transaction of beacons took", writer.commits().seconds.clone());
    registry.register_with_unit("commit_duration", help, Unit::Seconds, times);
    for (name, help, count) in [
        (
            "writer_queue_page_views",
            "Page views that wait to be written; one that tells much counts as several",
            writer.waiting(),
        ),
        (
            "roll_up_lag_page_views",
            "Page views that are on disk and in no histogram yet; reports read them one by one",
            writer.roll_up_lag(),
        ),
    ] {
        let gauge = Gauge::<i64>::default();
        gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    }
}
