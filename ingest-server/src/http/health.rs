//! How each part of the server is, for those who look after it.

use super::{
    app::App,
    kept_answers::{self, CacheState},
    openapi::Gate,
};
use crate::ingest::WriterQueue;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::time::{Duration, Instant};
use tokio::time::timeout;
use tracing::error;
use utoipa::ToSchema;

/// How long the database may take to answer.
const CHECK_MAX: Duration = Duration::from_secs(2);
/// The share of the writer's queue that may be taken.
const WAITING_PERCENT_MAX: u64 = 80;

/// How something is; the worst is last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthStatus)]
enum Status {
    /// All is well.
    Healthy,
    /// It works, and has little to spare.
    Degraded,
    /// It does not work.
    Unhealthy,
}

/// How the server is, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = DetailedHealth)]
pub(super) struct Detailed {
    /// That of the check that is worst.
    status: Status,
    checks: Checks,
    /// How long all of them took.
    total_check_time_ms: f64,
}

/// What was looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = HealthChecks)]
struct Checks {
    database: DatabaseCheck,
    writer: WriterCheck,
    pool: PoolCheck,
    cache: CacheCheck,
    /// Where limits are shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    redis: Option<RedisCheck>,
}

/// Whether the database can be read: the sites, which every beacon needs.
#[derive(Serialize, ToSchema)]
struct DatabaseCheck {
    status: Status,
    /// How long that took; nothing, where it did not work in 2 seconds.
    latency_ms: Option<f64>,
}

/// Whether beacons are written. It is unhealthy when it has ended, or has committed nothing for 10 seconds
/// while beacons wait; degraded when over 80 % of its queue is taken.
#[derive(Serialize, ToSchema)]
struct WriterCheck {
    status: Status,
    /// Page views that wait, one that tells much counting as several, …
    waiting: u64,
    /// … and how many may.
    waiting_max: u64,
}

/// The connections that read reports. It is degraded when over 80 % are in use.
#[derive(Serialize, ToSchema)]
struct PoolCheck {
    status: Status,
    /// Connections in use, …
    in_use: usize,
    /// … how many may be, …
    max: usize,
    /// … and how many reads wait for one.
    waiting: usize,
}

/// What is kept of answers in memory. It is never ill: without it, answers are read again.
#[derive(Serialize, ToSchema)]
struct CacheCheck {
    status: Status,
    /// How long it took to look for one.
    latency_ms: f64,
    /// Answers that are kept, …
    entries: u64,
    /// … and what they take.
    bytes: u64,
    /// How many of those that were asked for were there, as a share; nothing before the first.
    hit_rate: Option<f64>,
    /// Each level, the one nearest the reader first.
    levels: Vec<CacheLevel>,
}

/// How a level fares since the server was started.
#[derive(Serialize, ToSchema)]
struct CacheLevel {
    /// What it is called.
    level: &'static str,
    /// How often one was there, …
    hits: u64,
    /// … how long these took on average, …
    mean_hit_ms: Option<f64>,
    /// … how often one had to be read, …
    misses: u64,
    /// … and how long these took.
    mean_miss_ms: Option<f64>,
}

impl CacheLevel {
    fn of((level, state): (&'static str, CacheState)) -> Self {
        let CacheState { hits, hit_time, misses, miss_time, .. } = state;
        let mean = |total: Duration, count| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            total.checked_div(count).map(ms)
        };
        let (mean_hit_ms, mean_miss_ms) = (mean(hit_time, hits), mean(miss_time, misses));
        Self { level, hits, mean_hit_ms, misses, mean_miss_ms }
    }
}

/// The Redis by which servers share their limits. It is degraded when it is away, slow or broken: each server has its
/// own limits meanwhile.
#[derive(Serialize, ToSchema)]
struct RedisCheck {
    status: Status,
}

/// How each part of the server is
///
/// Unlike `/health/ready`, which says whether beacons can be sent here, this says what is wrong.
#[utoipa::path(
    get,
    path = "/health/detailed",
    operation_id = "health",
    tag = "Operators",
    responses(
        (status = 200, description = "It works: `healthy` or `degraded`.", body = Detailed),
        (status = 503, description = "It does not: `unhealthy`.", body = Detailed),
        Gate,
    )
)]
pub(super) async fn detailed(State(app): State<App>) -> (StatusCode, Json<Detailed>) {
    let began = Instant::now();
    let database = database(&app).await;
    let (writer, pool) = (writer(app.writer()), pool(&app));
    let redis = redis(&app);
    let shared = redis.as_ref().map_or(Status::Healthy, |it| it.status);
    let status = database.status.max(writer.status).max(pool.status).max(shared);
    let code = match status {
        Status::Healthy | Status::Degraded => StatusCode::OK,
        Status::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let checks = Checks { database, writer, pool, cache: cache(&app).await, redis };
    (code, Json(Detailed { status, checks, total_check_time_ms: ms(began.elapsed()) }))
}

async fn database(app: &App) -> DatabaseCheck {
    let began = Instant::now();
    match timeout(CHECK_MAX, app.reader().sites()).await {
        Ok(Ok(_)) => {
            let latency_ms = Some(ms(began.elapsed()));
            return DatabaseCheck { status: Status::Healthy, latency_ms };
        }
        Ok(Err(cause)) => {
            error!(error = format!("{:#}", anyhow::Error::from(cause)), "unhealthy");
        }
        Err(_) => error!(check_max_ms = ms(CHECK_MAX), "unhealthy: the database is too slow"),
    }
    DatabaseCheck { status: Status::Unhealthy, latency_ms: None }
}

fn writer(writer: &WriterQueue) -> WriterCheck {
    let (waiting, waiting_max) = (writer.waiting(), writer.waiting_max());
    let status = if !writer.is_alive() || writer.is_stuck() {
        Status::Unhealthy
    } else if waiting * 100 > waiting_max * WAITING_PERCENT_MAX {
        Status::Degraded
    } else {
        Status::Healthy
    };
    WriterCheck { status, waiting, waiting_max }
}

fn pool(app: &App) -> PoolCheck {
    let [(_, reports), _] = app.reader().pools();
    let status = if reports.is_crowded() { Status::Degraded } else { Status::Healthy };
    PoolCheck { status, in_use: reports.in_use, max: reports.max, waiting: reports.waiting }
}

async fn cache(app: &App) -> CacheCheck {
    let began = Instant::now();
    // Nobody asks nothing.
    kept_answers::known(app, "").await;
    let latency_ms = ms(began.elapsed());
    let levels = app.kept_answers().states().into_iter().map(CacheLevel::of).collect();
    let CacheState { entries, bytes, hits, misses, .. } = app.kept_answers().memory();
    let asked = hits + misses;
    // Counts are far below 2^52.
    #[expect(clippy::cast_precision_loss)]
    let hit_rate = (asked > 0).then(|| hits as f64 / asked as f64);
    CacheCheck { status: Status::Healthy, latency_ms, entries, bytes, hit_rate, levels }
}

#[cfg(feature = "redis")]
fn redis(app: &App) -> Option<RedisCheck> {
    let is_up = app.redis()?.state().is_up;
    Some(RedisCheck { status: if is_up { Status::Healthy } else { Status::Degraded } })
}

#[cfg(not(feature = "redis"))]
fn redis(_app: &App) -> Option<RedisCheck> {
    None
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
