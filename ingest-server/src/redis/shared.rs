//! The Redis, for those who ask.

use super::{
    RedisAddress,
    limits::{self, Secret},
    link::Links,
};
use crate::trouble::Trouble;
use anyhow::{Context, Result};
use redis::{AsyncConnectionConfig, Client, RedisResult, aio::MultiplexedConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{sleep, timeout},
};
use tracing::info;

/// How long a request waits for an answer; then it goes on without.
const ANSWER_MAX: Duration = Duration::from_millis(5);
/// How long it may take to connect, which no request waits for.
const CONNECT_MAX: Duration = Duration::from_secs(1);
/// How often a Redis that is away, slow or broken is tried out.
const TRY_INTERVAL: Duration = Duration::from_secs(1);

/// A Redis that several servers share.
#[derive(Debug)]
pub struct SharedRedis {
    inner: Arc<Inner>,
    /// Connects; ends with it.
    _task: JoinSet<()>,
}

#[derive(Debug)]
struct Inner {
    client: Client,
    secret: Secret,
    links: Links,
    answered: AtomicU64,
    failed: AtomicU64,
    skipped: AtomicU64,
    waited_ns: AtomicU64,
}

/// How it fares at a moment, and since the server was started.
#[derive(Clone, Copy, Debug)]
pub struct RedisState {
    /// Whether it is asked.
    pub is_up: bool,
    /// Questions that were answered in time, …
    pub answered: u64,
    /// … that were not, …
    pub failed: u64,
    /// … and that were not asked, because it was away, slow or broken.
    pub skipped: u64,
    /// How long requests have waited for it, all together.
    pub waited: Duration,
}

impl SharedRedis {
    /// Connects when there is time for it. Must be called within Tokio.
    pub(crate) fn start(RedisAddress(client): RedisAddress) -> Self {
        let secret = Secret::of(client.get_connection_info().redis_settings().password());
        let (links, lost) = Links::new();
        let count = AtomicU64::default;
        let inner = Arc::new(Inner {
            client,
            secret,
            links,
            answered: count(),
            failed: count(),
            skipped: count(),
            waited_ns: count(),
        });
        let mut task = JoinSet::new();
        task.spawn(stay_connected(inner.clone(), lost));
        Self { inner, _task: task }
    }

    /// How it fares.
    pub fn state(&self) -> RedisState {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let Inner { links, answered, failed, skipped, waited_ns, .. } = &*self.inner;
        RedisState {
            is_up: links.present().is_some(),
            answered: read(answered),
            failed: read(failed),
            skipped: read(skipped),
            waited: Duration::from_nanos(read(waited_ns)),
        }
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.inner.secret
    }

    /// The answer, if there is one in time.
    pub(super) async fn ask<T, F: Future<Output = RedisResult<T>>>(
        &self,
        question: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Option<T> {
        let Inner { links, answered, failed, skipped, waited_ns, .. } = &*self.inner;
        let Some(link) = links.present() else {
            skipped.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        let asked = Instant::now();
        let answer = timeout(ANSWER_MAX, question(link.connection.clone())).await;
        let waited = u64::try_from(asked.elapsed().as_nanos()).unwrap_or(u64::MAX);
        waited_ns.fetch_add(waited, Ordering::Relaxed);
        match answer {
            Ok(Ok(answer)) => {
                answered.fetch_add(1, Ordering::Relaxed);
                Links::worked(&link);
                return Some(answer);
            }
            Ok(Err(error)) => {
                links.failed(&link, error.is_unrecoverable_error(), || error.to_string());
            }
            Err(_) => links.failed(&link, false, too_slow),
        }
        failed.fetch_add(1, Ordering::Relaxed);
        None
    }
}

fn too_slow() -> String {
    format!("it does not answer within {} ms", ANSWER_MAX.as_millis())
}

async fn stay_connected(inner: Arc<Inner>, mut lost: mpsc::Receiver<String>) {
    let mut sharing =
        Trouble::new("use Redis: each server has its own limits and answers meanwhile");
    loop {
        let failed = match connect(&inner).await {
            Ok(connection) => {
                sharing.worked();
                info!("Redis is in use");
                inner.links.connected(connection);
                lost.recv().await.unwrap_or_default()
            }
            Err(error) => format!("{error:#}"),
        };
        sharing.failed(failed, Instant::now());
        sleep(TRY_INTERVAL).await;
    }
}

/// A connection that was tried out twice, for the first time is slower: the script is sent.
async fn connect(inner: &Inner) -> Result<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_MAX))
        .set_response_timeout(Some(CONNECT_MAX));
    let connection = inner.client.get_multiplexed_async_connection_with_config(&config).await;
    let connection = connection.context("cannot connect")?;
    limits::try_out(connection.clone(), &inner.secret).await?;
    let in_time = timeout(ANSWER_MAX, limits::try_out(connection.clone(), &inner.secret)).await;
    in_time.ok().with_context(too_slow)??;
    Ok(connection)
}
