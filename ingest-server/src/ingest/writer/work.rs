//! What the writer's thread does.

use super::{
    Job, Progress, Refusal,
    log_watch::{LOG_BYTES_MAX, LogWatch},
};
use crate::{
    ingest::Change,
    store::sqlite::{AlertChange, Database, WriteError},
    timed::{self, Timed},
    trouble::Trouble,
};
use anyhow::Result;
use jiff::Timestamp;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::{debug_span, error, field};

/// How long emptying the log waits for those who read it while the server starts …
const START_WAIT: Duration = Duration::from_millis(500);
/// … and while beacons wait.
const EMPTY_WAIT: Duration = Duration::from_millis(50);

/// The database and what is known of its health.
pub(super) struct Work {
    database: Database,
    progress: Arc<Progress>,
    /// The connection failed, and nothing is written before there is another one.
    is_broken: bool,
    log: LogWatch,
    writing: Trouble,
    opening: Trouble,
    rolling_up: Trouble,
    pruning: Trouble,
    changing_alerts: Trouble,
    moving_log: Trouble,
}

impl Work {
    /// Takes over the database.
    ///
    /// What is in the log may be in memory only: a flush that failed before the server was restarted
    /// says nothing of that to those who come later. All of it is written again, into the file, before
    /// anything is appended to it.
    ///
    /// # Errors
    /// Nothing may be written.
    pub(super) fn begin(database: Database, progress: Arc<Progress>) -> Result<Self> {
        let mut work = Self {
            database,
            progress,
            is_broken: false,
            log: LogWatch::default(),
            writing: Trouble::new("write"),
            opening: Trouble::new("open the database anew"),
            rolling_up: Trouble::new("roll up page views"),
            pruning: Trouble::new("delete what is old"),
            changing_alerts: Trouble::new("write what became of alerts"),
            moving_log: Trouble::new("move the write-ahead log into the database's file"),
        };
        let emptied = work.database.keep_log().and_then(|()| work.database.empty_log(START_WAIT));
        settle(&mut work.moving_log, emptied)?;
        Ok(work)
    }

    /// Writes the requests in one transaction. If one of them cannot be written for what it says (its
    /// site was removed meanwhile), the others are written without it. After an error the database is
    /// opened anew, so that all is well again once the cause is gone.
    ///
    /// # Errors
    /// Nothing may be written any more.
    pub(super) fn write(&mut self, batch: Vec<Job>) -> Result<()> {
        if self.is_broken && !self.reopen() {
            self.answer(batch, Err(Refusal::Unavailable));
            return Ok(());
        }
        let written = self.commit(&batch);
        if matches!(written, Err(WriteError::Constraint(_))) && batch.len() > 1 {
            return batch.into_iter().try_for_each(|job| self.write(vec![job]));
        }
        if let Ok(changes) = &written {
            self.progress.written(&batch, changes);
        }
        let written = written.map(drop);
        let answer = if written.is_ok() { Ok(()) } else { Err(Refusal::Unavailable) };
        // The log is told before the sender: whoever hears a refusal finds the reason.
        let settled = match written {
            Err(error @ WriteError::Constraint(_)) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                error!(error, "cannot write a request");
                Ok(Some(()))
            }
            written => settle(&mut self.writing, written),
        };
        self.answer(batch, answer);
        if settled?.is_none() {
            self.is_broken = true;
            self.reopen();
        }
        Ok(())
    }

    fn commit(&mut self, batch: &[Job]) -> Result<Vec<Change>, WriteError> {
        let page_views = batch.iter().flat_map(|job| &job.page_views);
        let (began, count) = (Instant::now(), page_views.clone().count());
        let timed = Timed::new(debug_span!(
            "commit",
            batch.requests = timed::count(batch.len()),
            batch.page_views = timed::count(count),
            duration_ms = field::Empty
        ));
        // A transaction is of many requests, so it is no part of any.
        for job in batch {
            timed.span().follows_from(&job.span);
        }
        let _entered = timed.span().enter();
        let written = self.database.write(page_views, Timestamp::now());
        if written.is_ok() {
            self.progress.commits.count(count, began.elapsed());
            self.progress.lags(self.database.roll_up_lag());
        }
        written
    }

    fn answer(&self, batch: Vec<Job>, answer: Result<(), Refusal>) {
        if answer.is_ok() {
            self.progress.committed();
        }
        for Job { page_views, room, done, span } in batch {
            self.progress.settle(page_views.len(), answer);
            // Whoever hears the answer finds its room free, and ends its own span.
            drop((room, span));
            // A request that was given up hears nothing.
            let _ = done.send(answer);
        }
    }

    /// Writes what became of an alert. Whoever asked for it asks again.
    ///
    /// # Errors
    /// Nothing may be written any more.
    pub(super) fn change_alerts(&mut self, change: &AlertChange) -> Result<Result<(), Refusal>> {
        if self.is_broken && !self.reopen() {
            return Ok(Err(Refusal::Unavailable));
        }
        let written = self.database.change_alerts(change, Timestamp::now());
        Ok(settle(&mut self.changing_alerts, written)?.ok_or(Refusal::Unavailable))
    }

    /// A little of what keeps the database small and quick. It is tried again after the next batch, or
    /// in a second. Between two batches it waits for nobody.
    ///
    /// # Errors
    /// Nothing may be written any more.
    pub(super) fn tend(&mut self, may_wait: bool) -> Result<()> {
        if self.is_broken && !self.reopen() {
            return Ok(());
        }
        let now = Timestamp::now();
        settle(&mut self.rolling_up, self.database.roll_up(now))?;
        self.progress.lags(self.database.roll_up_lag());
        settle(&mut self.pruning, self.database.prune(now))?;
        self.tend_log(may_wait, Instant::now())
    }

    fn tend_log(&mut self, may_wait: bool, now: Instant) -> Result<()> {
        let moved = self.move_log(may_wait);
        if let Some(bytes) = settle(&mut self.moving_log, moved)? {
            self.log.saw(bytes, now);
        }
        self.progress.log_is_blocked_for(self.log.blocked_for(now));
        Ok(())
    }

    /// How many bytes are left in the log.
    fn move_log(&self, may_wait: bool) -> Result<u64, WriteError> {
        let bytes = self.database.move_log()?;
        let is_due = may_wait && bytes >= LOG_BYTES_MAX;
        let is_emptied = is_due && self.database.empty_log(EMPTY_WAIT)?;
        Ok(if is_emptied { 0 } else { bytes })
    }

    /// Whether there is a connection that works.
    fn reopen(&mut self) -> bool {
        match self.database.reopen() {
            Ok(()) => {
                self.is_broken = false;
                self.opening.worked();
            }
            Err(error) => self.opening.failed(format!("{error:#}"), Instant::now()),
        }
        !self.is_broken
    }

    /// Moves the log into the file and closes it.
    pub(super) fn end(self) -> Result<()> {
        self.database.close()
    }
}

/// Tells the log of an error, unless it ends all.
fn settle<T>(trouble: &mut Trouble, result: Result<T, WriteError>) -> Result<Option<T>> {
    match result {
        Ok(value) => {
            trouble.worked();
            Ok(Some(value))
        }
        Err(error @ WriteError::Unconfirmed(_)) => Err(error.into()),
        Err(error) => {
            trouble.failed(format!("{:#}", anyhow::Error::from(error)), Instant::now());
            Ok(None)
        }
    }
}
