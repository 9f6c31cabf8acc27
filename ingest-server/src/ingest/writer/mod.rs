//! The one thread that writes.
//!
//! Requests queue up while a transaction is being written and go into the next one together: the
//! disk is flushed once for all of them, and no timer is needed.

mod commits;
mod log_watch;
mod pulse;
mod work;

#[cfg(feature = "otlp")]
use super::feed::{Feed, Written};
use super::{
    outcome::{Outcome, Outcomes},
    page_view::{Change, PageView},
    vitals::Vitals,
};
use crate::store::sqlite::{AlertChange, Database};
use anyhow::Result;
pub use commits::Commits;
use pulse::Pulse;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
#[cfg(feature = "otlp")]
use std::{sync::OnceLock, time::SystemTime};
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{self, error::TrySendError},
    oneshot,
};
use tracing::{Span, error};
use work::Work;

/// Page views that wait to be written: some 40 MB of usual ones, and 370 MB of the largest that are
/// taken, which have 18 KB and at most 4 KB of sections for each of their [places](PageView::places).
const WAITING_MAX: usize = 16_384;
/// Requests written in one transaction.
const BATCH_MAX: usize = 1024;

enum Message {
    Write(Job),
    /// Look after the database, though nothing is to be written, and say when that is done.
    Tend(oneshot::Sender<()>),
    /// Write what became of an alert.
    ChangeAlerts(AlertChange, oneshot::Sender<Result<(), Refusal>>),
    /// Take no more requests, write those that wait, and end.
    Stop,
}

/// The page views of one request.
struct Job {
    page_views: Vec<PageView>,
    /// Given back when they are written.
    room: OwnedSemaphorePermit,
    done: oneshot::Sender<Result<(), Refusal>>,
    /// What it waits in.
    span: Span,
}

/// What the writer tells the others.
#[derive(Debug)]
struct Progress {
    epoch: AtomicU64,
    commits: Commits,
    roll_up_lag: AtomicU64,
    pulse: Pulse,
    log_blocked_seconds: AtomicU64,
    outcomes: Arc<Outcomes>,
    vitals: Vitals,
    #[cfg(feature = "otlp")]
    feed: OnceLock<Feed>,
}

impl Progress {
    fn new(outcomes: Arc<Outcomes>) -> Self {
        Self {
            epoch: AtomicU64::new(0),
            commits: Commits::new(),
            roll_up_lag: AtomicU64::new(0),
            pulse: Pulse::new(Instant::now()),
            log_blocked_seconds: AtomicU64::new(0),
            outcomes,
            vitals: Vitals::default(),
            #[cfg(feature = "otlp")]
            feed: OnceLock::new(),
        }
    }

    fn committed(&self) {
        self.epoch.fetch_add(1, Ordering::Release);
        self.pulse.beat(Instant::now());
    }

    /// Counts what is on disk, and passes it on.
    fn written(&self, batch: &[Job], changes: &[Change]) {
        let all = || batch.iter().flat_map(|job| &job.page_views).zip(changes);
        self.vitals.count(all());
        #[cfg(feature = "otlp")]
        if let Some(feed) = self.feed.get() {
            feed.put(all(), SystemTime::now());
        }
    }

    fn lags(&self, page_views: u64) {
        self.roll_up_lag.store(page_views, Ordering::Relaxed);
    }

    fn log_is_blocked_for(&self, time: Duration) {
        self.log_blocked_seconds.store(time.as_secs(), Ordering::Relaxed);
    }

    /// Counted here and not by the request, which may be gone: its sender hung up.
    fn settle(&self, beacons: usize, answer: Result<(), Refusal>) {
        let outcome = if answer.is_ok() { Outcome::Accepted } else { Outcome::Shed };
        self.outcomes.count(outcome, beacons);
    }
}

/// Why page views were not written. They may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As many page views wait as may.
    #[error("the server is busy")]
    QueueFull,
    /// The database refused, or the server is stopping.
    #[error("the database cannot be written")]
    Unavailable,
}

/// The writer thread, to be stopped.
#[derive(Debug)]
pub struct Writer {
    queue: WriterQueue,
    thread: thread::JoinHandle<Result<()>>,
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub struct WriterQueue {
    jobs: mpsc::Sender<Message>,
    room: Arc<Semaphore>,
    waiting_max: usize,
    progress: Arc<Progress>,
}

impl Writer {
    /// Starts it on a database that nobody else writes page views to.
    pub fn start(database: Database, outcomes: Arc<Outcomes>) -> io::Result<Self> {
        Self::with_room(database, outcomes, WAITING_MAX)
    }

    /// The same with room for fewer page views, to see what happens when it is full.
    pub fn with_room(
        database: Database,
        outcomes: Arc<Outcomes>,
        waiting_max: usize,
    ) -> io::Result<Self> {
        // A request has at least one page view, so there is a place for each, one to tend, one to
        // stop, and two for alerts: a state and the fate of a notice.
        let (jobs, waiting) = mpsc::channel(waiting_max + 4);
        let room = Arc::new(Semaphore::new(waiting_max));
        let progress = Arc::new(Progress::new(outcomes));
        let queue = WriterQueue { jobs, room, waiting_max, progress: progress.clone() };
        let write = move || {
            let ended = run(database, waiting, progress);
            if let Err(error) = &ended {
                error!(
                    error = format!("{error:#}"),
                    "the writer has ended: no beacon is taken until the server is restarted"
                );
            }
            ended
        };
        let thread = thread::Builder::new().name("writer".to_owned()).spawn(write)?;
        Ok(Self { queue, thread })
    }

    /// The way to it.
    pub fn queue(&self) -> WriterQueue {
        self.queue.clone()
    }

    /// Writes what still waits and closes the database. Blocks until that is done.
    pub fn stop(self) -> Result<()> {
        // It fails only when the writer has ended already.
        let _ = self.queue.jobs.blocking_send(Message::Stop);
        match self.thread.join() {
            Ok(closed) => closed,
            Err(_) => anyhow::bail!("the writer panicked"),
        }
    }
}

impl WriterQueue {
    /// Queues page views and waits until they are committed. All are, or none.
    ///
    /// # Errors
    /// Nothing was written, and why.
    pub async fn write(&self, page_views: Vec<PageView>) -> Result<(), Refusal> {
        let beacons = page_views.len();
        let refusal = match self.enqueue(page_views) {
            Ok(committed) => match committed.await {
                Ok(answer) => return answer,
                // The writer died over it.
                Err(_) => Refusal::Unavailable,
            },
            Err(refusal) => refusal,
        };
        self.progress.settle(beacons, Err(refusal));
        Err(refusal)
    }

    fn enqueue(
        &self,
        page_views: Vec<PageView>,
    ) -> Result<oneshot::Receiver<Result<(), Refusal>>, Refusal> {
        let places = page_views.iter().map(PageView::places).sum::<usize>();
        let places = u32::try_from(places).map_err(|_| Refusal::QueueFull)?;
        let room = self.room.clone().try_acquire_many_owned(places);
        let room = room.map_err(|_| Refusal::QueueFull)?;
        let (done, committed) = oneshot::channel();
        let job = Job { page_views, room, done, span: Span::current() };
        match self.jobs.try_send(Message::Write(job)) {
            Ok(()) => Ok(committed),
            Err(TrySendError::Full(_)) => Err(Refusal::QueueFull),
            Err(TrySendError::Closed(_)) => Err(Refusal::Unavailable),
        }
    }

    /// Has the writer look after the database, and waits until it has.
    pub async fn tend(&self) {
        let (done, tended) = oneshot::channel();
        if self.jobs.send(Message::Tend(done)).await.is_ok() {
            // A writer that has ended does not answer.
            let _ = tended.await;
        }
    }

    /// Has the writer write what became of an alert, and waits until it is committed.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn change_alerts(&self, change: AlertChange) -> Result<(), Refusal> {
        let (done, committed) = oneshot::channel();
        let sent = self.jobs.send(Message::ChangeAlerts(change, done)).await;
        sent.map_err(|_| Refusal::Unavailable)?;
        committed.await.unwrap_or(Err(Refusal::Unavailable))
    }

    /// Rises with each commit: as long as it stands still, so do all answers.
    pub fn epoch(&self) -> u64 {
        self.progress.epoch.load(Ordering::Acquire)
    }

    /// What the transactions of beacons are like.
    pub fn commits(&self) -> &Commits {
        &self.progress.commits
    }

    /// How many page views are in no histogram yet.
    pub fn roll_up_lag(&self) -> u64 {
        self.progress.roll_up_lag.load(Ordering::Relaxed)
    }

    /// For how long the write-ahead log has been long and could not be emptied, because somebody
    /// reads the database.
    pub fn log_blocked_for(&self) -> Duration {
        Duration::from_secs(self.progress.log_blocked_seconds.load(Ordering::Relaxed))
    }

    /// What is written from here on; nothing, for the second who asks.
    #[cfg(feature = "otlp")]
    pub fn feed(&self) -> Option<mpsc::Receiver<Written>> {
        let (feed, written) = Feed::new();
        self.progress.feed.set(feed).ok().map(|()| written)
    }

    /// How many values of metrics had no room in the [feed](Self::feed); nothing, without one.
    #[cfg(feature = "otlp")]
    pub fn dropped(&self) -> Option<u64> {
        self.progress.feed.get().map(Feed::dropped)
    }

    /// What became of the beacons.
    pub fn outcomes(&self) -> &Outcomes {
        &self.progress.outcomes
    }

    /// What was measured since the writer was started.
    pub fn vitals(&self) -> &Vitals {
        &self.progress.vitals
    }

    /// How many page views wait to be written; one with large sections counts as several.
    pub fn waiting(&self) -> u64 {
        (self.waiting_max - self.room.available_permits().min(self.waiting_max)) as u64
    }

    /// How many may wait.
    pub fn waiting_max(&self) -> u64 {
        self.waiting_max as u64
    }

    /// Whether the writer is there.
    pub fn is_alive(&self) -> bool {
        !self.jobs.is_closed()
    }

    /// Whether page views wait, and none was committed for 10 seconds.
    pub fn is_stuck(&self) -> bool {
        self.progress.pulse.is_stuck(self.waiting(), Instant::now())
    }
}

/// # Errors
/// Nothing may be written any more.
fn run(
    database: Database,
    mut waiting: mpsc::Receiver<Message>,
    progress: Arc<Progress>,
) -> Result<()> {
    let told = progress.clone();
    let mut work = Work::begin(database, progress)?;
    let mut messages = Vec::with_capacity(BATCH_MAX);
    while waiting.blocking_recv_many(&mut messages, BATCH_MAX) > 0 {
        told.pulse.beat(Instant::now());
        let mut batch = Vec::with_capacity(messages.len());
        let (mut tended, mut alerts) = (Vec::new(), Vec::new());
        for message in messages.drain(..) {
            match message {
                Message::Write(job) => batch.push(job),
                Message::Tend(done) => tended.push(done),
                Message::ChangeAlerts(change, done) => alerts.push((change, done)),
                Message::Stop => waiting.close(),
            }
        }
        if !batch.is_empty() {
            work.write(batch)?;
        }
        for (change, done) in alerts {
            let answer = work.change_alerts(&change)?;
            // Nobody may wait for it any more.
            let _ = done.send(answer);
        }
        work.tend(!tended.is_empty())?;
        for done in tended {
            // Nobody may wait for it any more.
            let _ = done.send(());
        }
        told.pulse.rest();
    }
    work.end()
}
