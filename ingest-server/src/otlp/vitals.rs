//! Web vitals, pushed to an OpenTelemetry collector as events.

use super::{
    event,
    pusher::{Push, Pusher},
    variables,
};
use crate::{http::App, ingest::Written, trouble::Trouble};
use anyhow::{Context, Result};
use opentelemetry::{
    InstrumentationScope,
    logs::{Logger, LoggerProvider},
};
use opentelemetry_otlp::LogExporter;
use opentelemetry_sdk::logs::{
    LogBatch, LogExporter as _, SdkLogRecord, SdkLogger, SdkLoggerProvider,
};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};
use tracing::info;

/// How many events were sent, and not, since the server was started.
#[derive(Debug, Default)]
pub struct Pushed {
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Pushed {
    /// The collector has them.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The collector could not be reached, or did not take them.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}

/// Begins to push; nothing, where no variable says where to. Must be called within Tokio.
///
/// # Errors
/// The variables say what cannot be.
pub fn push_vitals(app: App) -> Result<Option<Pusher>> {
    let Some(endpoint) = variables::logs_endpoint()? else { return Ok(None) };
    let mut exporter =
        LogExporter::builder().with_http().build().context("cannot push to the OTLP endpoint")?;
    exporter.set_resource(&variables::resource());
    let Some(written) = app.writer().feed() else { return Ok(None) };
    let scope = InstrumentationScope::builder("rhumb").with_version(env!("CARGO_PKG_VERSION"));
    let scope = scope.build();
    let logger = SdkLoggerProvider::builder().build().logger_with_scope(scope.clone());
    let pushing = Trouble::new("push to the OpenTelemetry collector");
    info!(host = endpoint.host_str(), "web vitals are pushed to an OpenTelemetry collector");
    Ok(Some(Pusher::of(Vitals { app, exporter, logger, scope, pushing }, written)))
}

struct Vitals {
    app: App,
    exporter: LogExporter,
    logger: SdkLogger,
    scope: InstrumentationScope,
    pushing: Trouble,
}

impl Push for Vitals {
    type Item = Written;
    const WHAT: &'static str = "web vitals";

    async fn send(&mut self, batch: Vec<Written>) {
        let records = self.records(&batch);
        let scoped = records.iter().map(|record| (record, &self.scope)).collect::<Vec<_>>();
        let sent = self.exporter.export(LogBatch::new(&scoped)).await;
        let pushed = self.app.pushed();
        let count = if sent.is_ok() { &pushed.sent } else { &pushed.failed };
        count.fetch_add(records.len() as u64, Ordering::Relaxed);
        match sent {
            Ok(()) => self.pushing.worked(),
            Err(error) => self.pushing.failed(format!("{error:#}"), Instant::now()),
        }
    }
}

impl Vitals {
    /// What is of a site that there still is.
    fn records(&self, batch: &[Written]) -> Vec<SdkLogRecord> {
        let sites = self.app.sites();
        let names = sites.names();
        let known = batch.iter().filter_map(|it| Some((it, *names.get(&it.page_view.site)?)));
        let events =
            |(written, site)| event::events(written, site, || self.logger.create_log_record());
        known.flat_map(events).collect()
    }
}
