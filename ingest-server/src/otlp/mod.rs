//! Web vitals are pushed to an OpenTelemetry collector, as events over OTLP/HTTP; and the server's own spans, as
//! traces.
//!
//! The standard environment variables say where to; all that touches the crates of OpenTelemetry is here,
//! for they change with every release.

mod event;
mod traces;
mod variables;

pub use traces::{SpanCounts, TraceLayer, TracePusher, Traces};

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
    iter,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time,
};
use tracing::{info, warn};

/// Page views whose events, or spans, are sent together.
const BATCH_MAX: usize = 512;
/// How often what waits is sent: before there is no room for more, as fast as it can be written.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long those that wait may take to be sent when the server is stopped.
const STOP_TIMEOUT: Duration = Duration::from_millis(400);

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

/// The task that pushes.
#[derive(Debug)]
pub struct Pusher {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Pusher {
    /// Starts it; nothing, where no variable says where to.
    ///
    /// # Errors
    /// The variables say what cannot be.
    pub fn start(app: App) -> Result<Option<Self>> {
        let Some(endpoint) = variables::logs_endpoint()? else { return Ok(None) };
        let mut exporter = LogExporter::builder()
            .with_http()
            .build()
            .context("cannot push to the OTLP endpoint")?;
        exporter.set_resource(&variables::resource());
        let Some(written) = app.writer().feed() else { return Ok(None) };
        let scope = InstrumentationScope::builder("rhumb").with_version(env!("CARGO_PKG_VERSION"));
        let scope = scope.build();
        let logger = SdkLoggerProvider::builder().build().logger_with_scope(scope.clone());
        let push = Push {
            app,
            exporter,
            logger,
            scope,
            pushing: Trouble::new("push to the OpenTelemetry collector"),
        };
        let (stop, stopped) = oneshot::channel();
        info!(host = endpoint.host_str(), "web vitals are pushed to an OpenTelemetry collector");
        Ok(Some(Self { task: tokio::spawn(push.run(written, stopped)), stop }))
    }

    /// Sends what waits, if that is soon done.
    pub async fn stop(mut self) {
        // It is there until it is told to stop.
        let _ = self.stop.send(());
        if time::timeout(STOP_TIMEOUT, &mut self.task).await.is_err() {
            self.task.abort();
            warn!("the OpenTelemetry collector did not take the last web vitals in time");
        }
    }
}

struct Push {
    app: App,
    exporter: LogExporter,
    logger: SdkLogger,
    scope: InstrumentationScope,
    pushing: Trouble,
}

impl Push {
    async fn run(
        mut self,
        mut written: mpsc::Receiver<Written>,
        mut stopped: oneshot::Receiver<()>,
    ) {
        let mut interval = time::interval(INTERVAL);
        loop {
            tokio::select! {
                _ = &mut stopped => break,
                _ = interval.tick() => self.send_waiting(&mut written).await,
            }
        }
        self.send_waiting(&mut written).await;
    }

    async fn send_waiting(&mut self, written: &mut mpsc::Receiver<Written>) {
        loop {
            let waiting = iter::from_fn(|| written.try_recv().ok());
            let batch = waiting.take(BATCH_MAX).collect::<Vec<_>>();
            if batch.is_empty() {
                return;
            }
            self.send(&batch).await;
        }
    }

    async fn send(&mut self, batch: &[Written]) {
        let records = self.records(batch);
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
