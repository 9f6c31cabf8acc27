//! The server's own spans, pushed to an OpenTelemetry collector as traces.
//!
//! Spans end on any thread and wait in a bounded queue; a task sends them. What has no room is dropped and counted.

use super::{
    pusher::{Push, Pusher},
    variables,
};
use crate::trouble::Trouble;
use anyhow::{Context as _, Result};
use opentelemetry::{Context, InstrumentationScope, trace::TracerProvider};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{
    error::OTelSdkResult,
    trace::{SdkTracerProvider, Span, SpanData, SpanExporter as _, SpanProcessor},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::mpsc;
use tracing::{info, level_filters::LevelFilter};
use tracing_subscriber::{Layer, Registry, filter::filter_fn};
use url::Url;

/// Spans that wait to be sent: some 10 MB.
const WAITING_MAX: usize = 8192;
/// Whose spans are sent: not those of libraries, which may tell of whoever asks.
const TARGET: &str = env!("CARGO_CRATE_NAME");

/// What listens to spans.
pub type TraceLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// What became of spans since the server was started.
#[derive(Debug, Default)]
pub struct SpanCounts {
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

impl SpanCounts {
    /// How many had which outcome.
    pub fn outcomes(&self) -> [(&'static str, u64); 3] {
        let of = |outcome, count: &AtomicU64| (outcome, count.load(Ordering::Relaxed));
        [of("sent", &self.sent), of("failed", &self.failed), of("dropped", &self.dropped)]
    }
}

/// Spans that are listened to, and not sent yet.
#[derive(Debug)]
pub struct Traces {
    endpoint: Url,
    spans: mpsc::Receiver<SpanData>,
    counts: Arc<SpanCounts>,
}

impl Traces {
    /// What listens and what was heard; nothing, where no variable says where to.
    ///
    /// # Errors
    /// The variables say what cannot be.
    pub fn listen() -> Result<Option<(TraceLayer, Self)>> {
        let Some(endpoint) = variables::traces_endpoint()? else { return Ok(None) };
        let (waiting, spans) = mpsc::channel(WAITING_MAX);
        let counts = Arc::<SpanCounts>::default();
        let queue = Queue { waiting, counts: counts.clone() };
        // How many are sampled is said by a variable, too.
        let provider = SdkTracerProvider::builder().with_span_processor(queue).build();
        let scope = InstrumentationScope::builder("rhumb").with_version(env!("CARGO_PKG_VERSION"));
        // Events are lines of the log, and stay there.
        let is_ours = filter_fn(|it| it.is_span() && it.target().starts_with(TARGET));
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer_with_scope(scope.build()))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(is_ours.with_max_level_hint(LevelFilter::DEBUG));
        Ok(Some((Box::new(layer), Self { endpoint, spans, counts })))
    }

    /// What becomes of them.
    pub fn counts(&self) -> Arc<SpanCounts> {
        self.counts.clone()
    }

    /// Begins to send them. Must be called within Tokio.
    pub fn push(self) -> Result<Pusher> {
        let exporter = SpanExporter::builder().with_http().build();
        let mut exporter = exporter.context("cannot push spans to the OTLP endpoint")?;
        exporter.set_resource(&variables::resource());
        info!(host = self.endpoint.host_str(), "spans are pushed to an OpenTelemetry collector");
        let pushing = Trouble::new("push spans to the OpenTelemetry collector");
        Ok(Pusher::of(Spans { exporter, counts: self.counts, pushing }, self.spans))
    }
}

/// Where spans wait.
#[derive(Debug)]
struct Queue {
    waiting: mpsc::Sender<SpanData>,
    counts: Arc<SpanCounts>,
}

impl SpanProcessor for Queue {
    fn on_start(&self, _span: &mut Span, _context: &Context) {}

    /// On whatever thread the span has ended, which goes on at once.
    fn on_end(&self, span: SpanData) {
        if span.span_context.is_sampled() && self.waiting.try_send(span).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }
}

struct Spans {
    exporter: SpanExporter,
    counts: Arc<SpanCounts>,
    pushing: Trouble,
}

impl Push for Spans {
    type Item = SpanData;
    const WHAT: &'static str = "spans";

    async fn send(&mut self, batch: Vec<SpanData>) {
        let count = batch.len() as u64;
        match self.exporter.export(batch).await {
            Ok(()) => {
                self.counts.sent.fetch_add(count, Ordering::Relaxed);
                self.pushing.worked();
            }
            Err(error) => {
                self.counts.failed.fetch_add(count, Ordering::Relaxed);
                self.pushing.failed(format!("{error:#}"), Instant::now());
            }
        }
    }
}
