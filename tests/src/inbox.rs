//! An ingest endpoint that answers as it is told and keeps what it was sent.

use crate::wait::until;
use anyhow::{Context, Result};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, Uri, header},
    response::IntoResponse,
};
use beacon::Beacon;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// The longest back-off that a test waits for, and then some for a busy machine.
const ARRIVAL: Duration = Duration::from_secs(20);

/// A beacon, where it was posted to, and what was answered.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Path and query.
    pub address: String,
    /// What was posted.
    pub beacon: Beacon,
    /// In so many bytes.
    pub bytes: usize,
    /// What was answered.
    pub status: StatusCode,
}

/// Takes every beacon unless told otherwise.
pub struct Inbox {
    origin: String,
    shared: Arc<Mutex<Shared>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    letters: Vec<Letter>,
    /// With what `Retry-After` says.
    refusals: VecDeque<(StatusCode, String)>,
}

impl Inbox {
    /// Opens it on a free port.
    pub async fn open() -> Result<Self> {
        Self::open_at("127.0.0.1:0").await
    }

    /// Opens it at an address such as `127.0.0.1:4000`.
    pub async fn open_at(address: &str) -> Result<Self> {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let listener = TcpListener::bind(address).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(answer).with_state(shared.clone());
        let task = tokio::spawn(async move {
            // It never returns an error: the listener's are retried.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { origin, shared, task })
    }

    /// An address where nobody listens yet.
    pub async fn nowhere() -> Result<String> {
        Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.to_string())
    }

    /// `http://127.0.0.1:4000`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Answers the next beacons with these, and lets them try again after a second.
    pub fn refuse(&self, statuses: &[StatusCode]) {
        for status in statuses {
            self.refuse_until(*status, "1");
        }
    }

    /// Answers one more beacon with this, and says in `Retry-After` when to try again.
    pub fn refuse_until(&self, status: StatusCode, retry_after: &str) {
        lock(&self.shared).refusals.push_back((status, retry_after.to_owned()));
    }

    /// All that has come so far.
    pub fn letters(&self) -> Vec<Letter> {
        lock(&self.shared).letters.clone()
    }

    /// Waits until a letter has come that is wanted.
    pub async fn wait_for(
        &self,
        what: &str,
        is_wanted: impl Fn(&Letter) -> bool,
    ) -> Result<Letter> {
        let found = async || Ok(self.letters().into_iter().find(&is_wanted));
        until(what, ARRIVAL, found).await.with_context(|| format!("{:?}", self.letters()))
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(shared): State<Arc<Mutex<Shared>>>,
    address: Uri,
    body: Bytes,
) -> impl IntoResponse {
    let mut shared = lock(&shared);
    let taken = || (StatusCode::NO_CONTENT, String::new());
    let (status, retry_after) = shared.refusals.pop_front().unwrap_or_else(taken);
    for beacon in beacon::decode(&body).unwrap_or_default() {
        let (address, bytes) = (address.to_string(), body.len());
        shared.letters.push(Letter { address, beacon, bytes, status });
    }
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after".to_owned()),
        (header::RETRY_AFTER, retry_after),
    ];
    (status, headers)
}

/// A test that has failed while it held the lock has said so already.
fn lock(shared: &Mutex<Shared>) -> std::sync::MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
