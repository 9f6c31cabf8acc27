//! A task that sends what waits in a queue until it is told to stop.

use std::{iter, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time,
};
use tracing::warn;

/// Page views whose events, or spans, are sent together.
const BATCH_MAX: usize = 512;
/// How often what waits is sent: before there is no room for more, as fast as it can be written.
const INTERVAL: Duration = Duration::from_millis(250);
/// How long the server's end waits for the last ones.
const STOP_TIMEOUT: Duration = Duration::from_millis(400);

/// Sends to an OpenTelemetry collector, and counts what becomes of it.
pub(super) trait Push: Send + 'static {
    /// What waits.
    type Item: Send;
    /// What these are called together.
    const WHAT: &'static str;

    fn send(&mut self, batch: Vec<Self::Item>) -> impl Future<Output = ()> + Send;
}

/// The task that sends.
#[derive(Debug)]
pub struct Pusher {
    what: &'static str,
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Pusher {
    /// Begins. Must be called within Tokio.
    pub(super) fn of<P: Push>(push: P, waiting: mpsc::Receiver<P::Item>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { what: P::WHAT, task: tokio::spawn(run(push, waiting, stopped)), stop }
    }

    /// Sends what waits, if that is soon done.
    pub async fn stop(mut self) {
        // It is there until it is told to stop.
        let _ = self.stop.send(());
        if time::timeout(STOP_TIMEOUT, &mut self.task).await.is_err() {
            self.task.abort();
            warn!("the OpenTelemetry collector did not take the last {} in time", self.what);
        }
    }
}

async fn run<P: Push>(
    mut push: P,
    mut waiting: mpsc::Receiver<P::Item>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut interval = time::interval(INTERVAL);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            _ = interval.tick() => send_waiting(&mut push, &mut waiting).await,
        }
    }
    send_waiting(&mut push, &mut waiting).await;
}

async fn send_waiting<P: Push>(push: &mut P, waiting: &mut mpsc::Receiver<P::Item>) {
    loop {
        let batch = iter::from_fn(|| waiting.try_recv().ok()).take(BATCH_MAX).collect::<Vec<_>>();
        if batch.is_empty() {
            return;
        }
        push.send(batch).await;
    }
}
