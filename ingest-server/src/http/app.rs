//! What the routes share.

use super::{
    access::Access, first_fixes::KeptFixes, kept_answers::KeptAnswers, kept_profiles::KeptProfiles,
    rates::Rates, request_config::RequestConfig,
};
#[cfg(feature = "otlp")]
use crate::otlp::{Pushed, SpanCounts};
#[cfg(feature = "redis")]
use crate::redis::{AnswerSecret, SharedRedis};
#[cfg(feature = "profiling")]
use crate::telemetry::profile::Profiler;
use crate::{
    alert::Alerts,
    ingest::{Enricher, Outcomes, WriterQueue},
    store::sqlite::{ReadError, Reader, Sites},
    telemetry::{Answers, Polls},
};
use jiff::Timestamp;
#[cfg(feature = "otlp")]
use std::sync::OnceLock;
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::SystemTime,
};

const MB: u64 = 1_000_000;

/// Shared by all requests; cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    sites: RwLock<Arc<Sites>>,
    reader: Reader,
    writer: WriterQueue,
    enricher: Enricher,
    access: Access,
    alerts: Alerts,
    requests: RequestConfig,
    rates: Rates,
    #[cfg(feature = "redis")]
    redis: Option<SharedRedis>,
    #[cfg(feature = "redis")]
    answer_secret: Option<AnswerSecret>,
    answers: Answers,
    fixes: KeptFixes,
    kept_answers: KeptAnswers,
    profiles: KeptProfiles,
    /// Counts the changes of `sites`.
    sites_version: AtomicU64,
    #[cfg(feature = "otlp")]
    pushed: Pushed,
    #[cfg(feature = "otlp")]
    spans: OnceLock<Arc<SpanCounts>>,
    #[cfg(feature = "profiling")]
    profiler: Profiler,
    polls: Polls,
    started_at: Timestamp,
    draining: AtomicBool,
}

/// See [`App::data_version`].
pub(super) type DataVersion = (i128, u64, u64, Option<(u64, SystemTime)>);

impl App {
    /// Puts the parts together.
    pub fn new(
        sites: Sites,
        reader: Reader,
        writer: WriterQueue,
        enricher: Enricher,
        access: Access,
        alerts: Alerts,
        requests: RequestConfig,
    ) -> Self {
        Self(Arc::new(Shared {
            sites: RwLock::new(Arc::new(sites)),
            reader,
            writer,
            enricher,
            access,
            alerts,
            rates: Rates::new(requests.rates),
            #[cfg(feature = "redis")]
            redis: requests.redis.clone().map(SharedRedis::start),
            #[cfg(feature = "redis")]
            answer_secret: requests.are_answers_in_redis.then(AnswerSecret::new).flatten(),
            kept_answers: KeptAnswers::new(u64::from(requests.answers_mb) * MB),
            requests,
            answers: Answers::default(),
            fixes: KeptFixes::new(),
            profiles: KeptProfiles::new(),
            sites_version: AtomicU64::new(0),
            #[cfg(feature = "otlp")]
            pushed: Pushed::default(),
            #[cfg(feature = "otlp")]
            spans: OnceLock::new(),
            #[cfg(feature = "profiling")]
            profiler: Profiler::new(),
            polls: Polls::new(),
            started_at: Timestamp::now(),
            draining: AtomicBool::new(false),
        }))
    }

    /// The sites as they were a moment ago.
    pub fn sites(&self) -> Arc<Sites> {
        self.0.sites.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the sites again.
    ///
    /// # Errors
    /// The database cannot be read; the former sites stay.
    pub async fn refresh_sites(&self) -> Result<(), ReadError> {
        let sites = self.0.reader.sites().await?;
        if sites != *self.sites() {
            *self.0.sites.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sites);
            self.0.sites_version.fetch_add(1, Ordering::Release);
        }
        Ok(())
    }

    /// The connections that read.
    pub fn reader(&self) -> &Reader {
        &self.0.reader
    }

    /// The way to the one that writes.
    pub fn writer(&self) -> &WriterQueue {
        &self.0.writer
    }

    /// Adds to page views what their beacons do not say.
    pub fn enricher(&self) -> &Enricher {
        &self.0.enricher
    }

    /// What became of the beacons.
    pub fn outcomes(&self) -> &Outcomes {
        self.0.writer.outcomes()
    }

    /// What is watched.
    pub fn alerts(&self) -> &Alerts {
        &self.0.alerts
    }

    /// What to fix first, as far as it has been counted.
    pub(super) fn fixes(&self) -> &KeptFixes {
        &self.0.fixes
    }

    /// Answers that were given already.
    pub fn kept_answers(&self) -> &KeptAnswers {
        &self.0.kept_answers
    }

    /// What pages have shown of profiles.
    pub(super) fn profiles(&self) -> &KeptProfiles {
        &self.0.profiles
    }

    /// What became of events for an OpenTelemetry collector.
    #[cfg(feature = "otlp")]
    pub fn pushed(&self) -> &Pushed {
        &self.0.pushed
    }

    /// What became of the server's own spans, if they are pushed.
    #[cfg(feature = "otlp")]
    pub fn spans(&self) -> Option<&SpanCounts> {
        self.0.spans.get().map(|it| &**it)
    }

    /// From here on it is told what becomes of spans.
    #[cfg(feature = "otlp")]
    pub(crate) fn count_spans(&self, counts: Arc<SpanCounts>) {
        // There is one who pushes them.
        let _ = self.0.spans.set(counts);
    }

    /// What was answered.
    pub fn answers(&self) -> &Answers {
        &self.0.answers
    }

    /// What requests are held to.
    pub(super) fn requests(&self) -> &RequestConfig {
        &self.0.requests
    }

    /// What was taken lately.
    pub(super) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// What other servers have in common with this one, if there is any.
    #[cfg(feature = "redis")]
    pub fn redis(&self) -> Option<&SharedRedis> {
        self.0.redis.as_ref()
    }

    /// Under which answers are kept there, if they are.
    #[cfg(feature = "redis")]
    pub(super) fn answer_secret(&self) -> Option<&AnswerSecret> {
        self.0.answer_secret.as_ref()
    }

    /// Drops what is known of clients that were silent for a while.
    pub(crate) fn forget_clients(&self) {
        self.0.rates.forget();
    }

    /// For how long requests keep a thread.
    pub(crate) fn polls(&self) -> &Polls {
        &self.0.polls
    }

    /// Where the server's own time and memory go.
    #[cfg(feature = "profiling")]
    pub(super) fn profiler(&self) -> &Profiler {
        &self.0.profiler
    }

    pub(super) fn access(&self) -> &Access {
        &self.0.access
    }

    /// Changes when the answer to any question may have: with each commit, each change of the
    /// sites, each start of the server, and whatever else writes the database, be it another program.
    pub(super) fn data_version(&self) -> DataVersion {
        let sites_version = self.0.sites_version.load(Ordering::Acquire);
        let log = self.reader().log_state();
        (self.0.started_at.as_nanosecond(), self.0.writer.epoch(), sites_version, log)
    }

    /// When the server was started.
    pub fn started_at(&self) -> Timestamp {
        self.0.started_at
    }

    /// From here on the server says that it is not ready, so that no new requests are sent to it.
    pub(crate) fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }
}
