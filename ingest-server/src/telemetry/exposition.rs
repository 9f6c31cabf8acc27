//! What the server knows of itself, as `OpenMetrics` text: <https://prometheus.io/docs/specs/om/open_metrics_spec/>

use super::{
    cache, connections,
    memory::Memory,
    runtime_metrics,
    vital_histograms::{Labelled, VitalHistograms},
    writer,
};
use crate::{
    http::App,
    ingest::{Outcome, Outcomes},
    store::sqlite::FileSizes,
};
use prometheus_client::{
    encoding::text::{encode_eof, encode_registry},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::fmt;

/// The media type of the text.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = [(&'static str, &'static str); 2];

/// Everything, as it is now.
///
/// # Errors
/// The text cannot be written, which never happens in memory.
pub fn exposition(app: &App) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("rhumb");
    beacons(&mut registry, app.outcomes());
    let folded = Counter::<u64>::default();
    folded.inc_by(app.enricher().folded_routes());
    let help = "Beacons whose route became (other), because their site had too many that day";
    registry.register("folded_routes", help, folded);
    writer::register(&mut registry, app.writer());
    let FileSizes { database, log } = app.reader().file_sizes();
    let database = ("database_size", "The database's file", database);
    let log = ("write_ahead_log_size", "The file of what is not in the database's file yet", log);
    for (name, help, bytes) in [database, log] {
        gauge(&mut registry, (name, help), Some(Unit::Bytes), bytes);
    }
    gauge(
        &mut registry,
        (
            "write_ahead_log_blocked",
            "For how long it has been over 64 MiB and could not be emptied, because somebody reads",
        ),
        Some(Unit::Seconds),
        app.writer().log_blocked_for().as_secs(),
    );
    connections::ours(&mut registry, &app.reader().pools());
    memory(&mut registry);
    runtime_metrics::register(&mut registry, app.polls());
    cache::register(&mut registry, app.kept_answers());
    registry.register_collector(Box::new(vitals(app)));
    #[cfg(feature = "otlp")]
    {
        otlp(&mut registry, app);
        spans(&mut registry, app);
    }
    #[cfg(feature = "redis")]
    if let Some(redis) = app.redis() {
        super::redis::register(&mut registry, redis.state());
    }
    let mut text = String::new();
    encode_registry(&mut text, &registry)?;
    encode_registry(&mut text, &customary(app))?;
    encode_eof(&mut text)?;
    Ok(text)
}

/// What every server has, under the names that all of them use: without a prefix.
fn customary(app: &App) -> Registry {
    let mut registry = Registry::default();
    app.answers().register(&mut registry);
    connections::customary(&mut registry, &app.reader().pools());
    registry
}

/// Nothing, where the allocator does not count.
fn memory(registry: &mut Registry) {
    let Ok(memory) = Memory::now() else { return };
    let help = "What the program has in use, without what SQLite asks the system for";
    let allocated = ("memory_allocated", help, memory.allocated_bytes);
    let help = "The same with what its allocator keeps to be used again";
    let resident = ("memory_resident", help, memory.resident_bytes);
    for (name, help, bytes) in [allocated, resident] {
        gauge(registry, (name, help), Some(Unit::Bytes), bytes);
    }
}

/// What was measured on the sites that there still are.
fn vitals(app: &App) -> VitalHistograms {
    let sites = app.sites();
    let names = sites.names();
    let labelled = |(site, route, series)| {
        let site = (*names.get(&site)?).to_owned();
        Some(Labelled { labels: [("site", site), ("route", route)], series })
    };
    VitalHistograms(app.writer().vitals().now().into_iter().filter_map(labelled).collect())
}

/// What became of events for an OpenTelemetry collector, if there is one.
#[cfg(feature = "otlp")]
fn otlp(registry: &mut Registry, app: &App) {
    let Some(dropped) = app.writer().dropped() else { return };
    let pushed = app.pushed();
    let counts = [("sent", pushed.sent()), ("failed", pushed.failed()), ("dropped", dropped)];
    let help = "Web vitals for the OpenTelemetry collector by what became of them";
    by_outcome(registry, ("otlp_events", help), counts);
}

/// What became of the server's own spans, if they are pushed.
#[cfg(feature = "otlp")]
fn spans(registry: &mut Registry, app: &App) {
    let Some(counts) = app.spans() else { return };
    let help = "Spans for the OpenTelemetry collector by what became of them";
    by_outcome(registry, ("otlp_spans", help), counts.outcomes());
}

/// Every outcome there can be, so that what has not happened yet is known to be nought.
#[cfg(any(feature = "otlp", feature = "redis"))]
pub(super) fn by_outcome(
    registry: &mut Registry,
    (name, help): (&'static str, &'static str),
    counts: [(&'static str, u64); 3],
) {
    let family = Family::<[(&'static str, &'static str); 1], Counter>::default();
    for (outcome, count) in counts {
        family.get_or_create(&[("outcome", outcome)]).inc_by(count);
    }
    registry.register(name, help, family);
}

/// Every outcome there can be, so that what has not happened yet is known to be nought.
fn beacons(registry: &mut Registry, outcomes: &Outcomes) {
    let family = Family::<Labels, Counter>::default();
    for outcome in Outcome::all() {
        let labels = [("outcome", outcome.as_str()), ("reason", outcome.reason())];
        family.get_or_create(&labels).inc_by(outcomes.of(outcome));
    }
    registry.register("beacons", "Beacons by what became of them", family);
}

fn gauge(
    registry: &mut Registry,
    (name, help): (&'static str, &'static str),
    unit: Option<Unit>,
    value: u64,
) {
    let gauge = Gauge::<i64>::default();
    gauge.set(value.try_into().unwrap_or(i64::MAX));
    match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, gauge),
        None => registry.register(name, help, gauge),
    }
}
