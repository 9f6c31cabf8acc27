//! A connection, as long as it is any good.

use redis::aio::MultiplexedConnection;
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU32, Ordering},
};
use tokio::sync::mpsc;

/// So many questions in a row without an answer in time, and Redis is asked no more until it was tried out again. One
/// may be the fault of a machine that is busy.
const FAILURES_MAX: u32 = 3;

/// A connection that works, or did a moment ago.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) connection: MultiplexedConnection,
    failures: AtomicU32,
}

/// The present one; none, where Redis is away, slow or broken.
#[derive(Debug)]
pub(super) struct Links {
    present: RwLock<Option<Arc<Link>>>,
    /// Why it was given up.
    lost: mpsc::Sender<String>,
}

impl Links {
    /// None yet; and where it is said why one was given up.
    pub(super) fn new() -> (Self, mpsc::Receiver<String>) {
        let (lost, told) = mpsc::channel(1);
        (Self { present: RwLock::default(), lost }, told)
    }

    pub(super) fn present(&self) -> Option<Arc<Link>> {
        self.present.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From here on questions are asked by this one.
    pub(super) fn connected(&self, connection: MultiplexedConnection) {
        let link = Link { connection, failures: AtomicU32::new(0) };
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(link));
    }

    /// A question was answered in time.
    pub(super) fn worked(link: &Link) {
        link.failures.store(0, Ordering::Relaxed);
    }

    /// A question was not; it is given up if it is broken, or does so again and again.
    pub(super) fn failed(&self, link: &Arc<Link>, is_broken: bool, why: impl FnOnce() -> String) {
        let failures = link.failures.fetch_add(1, Ordering::Relaxed) + 1;
        if !is_broken && failures < FAILURES_MAX {
            return;
        }
        let mut present = self.present.write().unwrap_or_else(PoisonError::into_inner);
        // Others may have found out first, and there may be another one by now.
        if present.as_ref().is_some_and(|it| Arc::ptr_eq(it, link)) {
            *present = None;
            // It has room for one, and nobody else says anything until that is read.
            let _ = self.lost.try_send(why());
        }
    }
}
