//! The one thread that writes.
//!
//! Requests queue up while a transaction is being written and go into the next one together: the
//! disk is flushed once for all of them, and no timer is needed.

use super::{
    outcome::{Outcome, Outcomes},
    page_view::PageView,
};
use crate::store::sqlite::{Database, WriteError};
use anyhow::Result;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};
use tracing::error;

/// Requests that wait to be written. One holds at most 64 KiB of beacons, so all are below 128 MiB.
const QUEUE_MAX: usize = 2048;
/// Requests written in one transaction.
const BATCH_MAX: usize = 1024;

enum Message {
    Write(Job),
    /// Take no more requests, write those that wait, and end.
    Stop,
}

/// The page views of one request.
struct Job {
    page_views: Vec<PageView>,
    done: oneshot::Sender<Result<(), Refusal>>,
}

/// What the writer tells the others.
#[derive(Debug)]
struct Progress {
    epoch: AtomicU64,
    outcomes: Arc<Outcomes>,
}

impl Progress {
    /// Counted here and not by the request, which may be gone: its sender hung up.
    fn settle(&self, beacons: usize, answer: Result<(), Refusal>) {
        let outcome = if answer.is_ok() { Outcome::Accepted } else { Outcome::Shed };
        self.outcomes.count(outcome, beacons);
    }
}

/// Why page views were not written. They may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As many requests wait as may.
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
    progress: Arc<Progress>,
}

impl Writer {
    /// Starts it on a database that nobody else writes page views to.
    pub fn start(database: Database, outcomes: Arc<Outcomes>) -> io::Result<Self> {
        Self::with_queue(database, outcomes, QUEUE_MAX)
    }

    /// The same with room for fewer requests, to see what happens when it is full.
    pub fn with_queue(
        database: Database,
        outcomes: Arc<Outcomes>,
        queue_max: usize,
    ) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(queue_max);
        let progress = Arc::new(Progress { epoch: AtomicU64::new(0), outcomes });
        let queue = WriterQueue { jobs, progress: progress.clone() };
        let write = move || run(database, waiting, &progress);
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
        let (done, committed) = oneshot::channel();
        let queued = self.jobs.try_send(Message::Write(Job { page_views, done }));
        let refusal = match queued {
            Ok(()) => match committed.await {
                Ok(answer) => return answer,
                // The writer died over it.
                Err(_) => Refusal::Unavailable,
            },
            Err(TrySendError::Full(_)) => Refusal::QueueFull,
            Err(TrySendError::Closed(_)) => Refusal::Unavailable,
        };
        self.progress.settle(beacons, Err(refusal));
        Err(refusal)
    }

    /// Rises with each commit: as long as it stands still, so do all answers.
    pub fn epoch(&self) -> u64 {
        self.progress.epoch.load(Ordering::Acquire)
    }

    /// Whether the writer is there.
    pub fn is_alive(&self) -> bool {
        !self.jobs.is_closed()
    }
}

fn run(
    mut database: Database,
    mut waiting: mpsc::Receiver<Message>,
    progress: &Progress,
) -> Result<()> {
    let mut messages = Vec::with_capacity(BATCH_MAX);
    while waiting.blocking_recv_many(&mut messages, BATCH_MAX) > 0 {
        let mut batch = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match message {
                Message::Write(job) => batch.push(job),
                Message::Stop => waiting.close(),
            }
        }
        write(&mut database, batch, progress);
    }
    database.close()
}

/// Writes the requests in one transaction. If one of them cannot be written for what it says (its
/// site was removed meanwhile), the others are written without it.
fn write(database: &mut Database, batch: Vec<Job>, progress: &Progress) {
    let written = database.write(batch.iter().flat_map(|job| &job.page_views));
    if matches!(written, Err(WriteError::Constraint(_))) && batch.len() > 1 {
        for job in batch {
            write(database, vec![job], progress);
        }
        return;
    }
    let answer = written.map_err(|error| {
        error!(error = format!("{error:#}"), requests = batch.len(), "cannot write");
        Refusal::Unavailable
    });
    if answer.is_ok() {
        progress.epoch.fetch_add(1, Ordering::Release);
    }
    for job in batch {
        progress.settle(job.page_views.len(), answer);
        // A request that was given up hears nothing.
        let _ = job.done.send(answer);
    }
}
