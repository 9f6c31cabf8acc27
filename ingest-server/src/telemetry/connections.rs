//! The connections that read the database, by pool.

use crate::store::sqlite::PoolState;
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::sync::atomic::AtomicU64;

type ByPool<T> = Family<[(&'static str, &'static str); 1], T>;
/// A figure, what it is called, and what it is.
type Figure = (&'static str, &'static str, fn(&PoolState) -> usize);

const FIGURES: [Figure; 3] = [
    ("database_connections_max", "Connections that may read at the same time", |it| it.max),
    ("database_connections_open", "Connections that are open", |it| it.open),
    ("database_connections_waiting", "Reads that wait for a connection", |it| it.waiting),
];

/// What every server has …
pub(super) fn customary(registry: &mut Registry, pools: &[(&'static str, PoolState)]) {
    let help = "Connections that read the database now";
    registry.register("active_database_connections", help, gauges(pools, |it| it.in_use));
}

/// … and what else there is to know.
pub(super) fn ours(registry: &mut Registry, pools: &[(&'static str, PoolState)]) {
    for (name, help, figure) in FIGURES {
        registry.register(name, help, gauges(pools, figure));
    }
    let (taken, waited) =
        (ByPool::<Counter>::default(), ByPool::<Counter<f64, AtomicU64>>::default());
    for (pool, state) in pools {
        let labels = [("pool", *pool)];
        taken.get_or_create(&labels).inc_by(state.taken);
        waited.get_or_create(&labels).inc_by(state.waited.as_secs_f64());
    }
    registry.register("database_connection_requests", "Reads that asked for a connection", taken);
    let help = "How long reads waited for a connection, all together";
    registry.register_with_unit("database_connection_wait", help, Unit::Seconds, waited);
}

fn gauges(pools: &[(&'static str, PoolState)], figure: fn(&PoolState) -> usize) -> ByPool<Gauge> {
    let gauges = ByPool::<Gauge>::default();
    for (pool, state) in pools {
        let value = i64::try_from(figure(state)).unwrap_or(i64::MAX);
        gauges.get_or_create(&[("pool", *pool)]).set(value);
    }
    gauges
}
