//! Answers that are kept, so that what is asked again is not read again, and what is asked at the same time is
//! read once.
//!
//! The level nearest the reader is the browser, which is told by an entity tag that it has the answer. Behind
//! it are answers as they are sent, and what the overview is made of, in memory; behind these, if an operator
//! wants that, answers as they are sent in Redis. Each is kept under the state of the database that it was read
//! after, so that none is behind: with the next commit there are others to be asked for.

#[cfg(feature = "redis")]
use super::second_level;
use super::{app::App, problem::Problem};
use crate::{
    dashboard::Course,
    ingest::SiteId,
    report::{Question, Summary, TimeseriesQuestion, asked},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use moka::future::Cache;
use serde::Serialize;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Bytes of summaries that are kept.
const SUMMARY_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// A summary has five vitals of some 40 bins each.
const SUMMARY_BYTES: u32 = 16 * 1024;
/// Bytes of courses that are kept.
const COURSE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// A course has six metrics of some 30 points each.
const COURSE_BYTES: u32 = 32 * 1024;
/// What an answer takes besides its bytes: its key, its headers, its place in the cache.
const ENTRY_BYTES: usize = 512;
/// For how long one is kept that nothing has made old, in memory and behind it.
pub(super) const KEPT_FOR: Duration = Duration::from_mins(10);

/// What is known, level by level.
#[derive(Debug)]
pub struct KeptAnswers {
    /// Answers that browsers have.
    etag: Counts,
    answers: Level<Rendered>,
    summaries: Level<Arc<Summary>>,
    courses: Level<Arc<Course>>,
    #[cfg(feature = "redis")]
    redis: Counts,
}

/// How a level fares.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CacheState {
    /// Answers that are kept now.
    pub entries: u64,
    /// What they take, in bytes.
    pub bytes: u64,
    /// How often one was there, or was being read for somebody else.
    pub hits: u64,
    /// How long all of these took.
    pub hit_time: Duration,
    /// How often one had to be read.
    pub misses: u64,
    /// How long all of these took.
    pub miss_time: Duration,
}

/// An answer as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    pub(super) content_type: HeaderValue,
    /// Where the next page is.
    pub(super) link: Option<HeaderValue>,
    pub(super) bytes: Bytes,
}

/// Answers of one kind, by what was asked after which state of the database.
struct Level<V> {
    kept: Cache<String, V>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    hits: AtomicU64,
    hit_ns: AtomicU64,
    misses: AtomicU64,
    miss_ns: AtomicU64,
}

impl KeptAnswers {
    /// Of so many bytes of answers, and little else.
    pub(super) fn new(answer_bytes_max: u64) -> Self {
        let of_answer = |key: &String, it: &Rendered| {
            u32::try_from(ENTRY_BYTES + key.len() + it.bytes.len()).unwrap_or(u32::MAX)
        };
        Self {
            etag: Counts::default(),
            answers: Level::new(answer_bytes_max, of_answer),
            summaries: Level::new(SUMMARY_BYTES_MAX, |_, _| SUMMARY_BYTES),
            courses: Level::new(COURSE_BYTES_MAX, |_, _| COURSE_BYTES),
            #[cfg(feature = "redis")]
            redis: Counts::default(),
        }
    }

    /// Counts a request that names what its browser has.
    pub(super) fn compared(&self, is_known: bool, since: Instant) {
        self.etag.count(is_known, since);
    }

    /// Counts an answer that was asked of Redis.
    #[cfg(feature = "redis")]
    pub(super) fn asked_redis(&self, is_kept: bool, since: Instant) {
        self.redis.count(is_kept, since);
    }

    /// How the levels fare, by name; the one nearest the reader first.
    pub fn states(&self) -> Vec<(&'static str, CacheState)> {
        let mut states = vec![("etag", self.etag.state())];
        states.extend(self.in_memory());
        #[cfg(feature = "redis")]
        states.push(("redis", self.redis.state()));
        states
    }

    /// Those of which it is known what they take.
    pub(crate) fn in_memory(&self) -> [(&'static str, CacheState); 3] {
        [
            ("answers", self.answers.state()),
            ("summaries", self.summaries.state()),
            ("courses", self.courses.state()),
        ]
    }

    /// How all that is in memory fares.
    pub fn memory(&self) -> CacheState {
        self.in_memory().into_iter().fold(CacheState::default(), |sum, (_, level)| CacheState {
            entries: sum.entries + level.entries,
            bytes: sum.bytes + level.bytes,
            hits: sum.hits + level.hits,
            hit_time: sum.hit_time + level.hit_time,
            misses: sum.misses + level.misses,
            miss_time: sum.miss_time + level.miss_time,
        })
    }
}

/// The answer to a question, in whatever words; it is made if it is not known after the present state of the
/// database, and once for all who ask meanwhile.
pub(super) async fn answer(
    app: &App,
    question: &str,
    make: impl Future<Output = Result<Rendered, Problem>>,
) -> Result<Rendered, Problem> {
    let key = key(app, question);
    #[cfg(feature = "redis")]
    let make = second_level::through(app, question, make);
    app.kept_answers().answers.get(key, make).await
}

/// The answer to a question, if it is known after the present state of the database.
pub(super) async fn known(app: &App, question: &str) -> Option<Rendered> {
    app.kept_answers().answers.kept.get(&key(app, question)).await
}

/// The summary of a site.
pub(super) async fn summary(
    app: &App,
    site: (SiteId, &str),
    question: Question,
    now: Timestamp,
) -> Result<Arc<Summary>, Problem> {
    let key = key(app, &format!("{site:?} {question:?}"));
    let read = Box::pin(asked::summary(app.reader(), site, question, now));
    let make = async { Ok(Arc::new(read.await?)) };
    app.kept_answers().summaries.get(key, make).await
}

/// What has become of a site.
pub(super) async fn course(
    app: &App,
    site: (SiteId, &str),
    question: TimeseriesQuestion,
    now: Timestamp,
) -> Result<Arc<Course>, Problem> {
    let (key, period) = (key(app, &format!("{site:?} {question:?}")), question.question.period);
    let reader = app.reader();
    let over_time = Box::pin(asked::over_time(reader, site, question, now));
    let releases = asked::releases(reader, site.0, period, now);
    let make =
        async { Ok(Arc::new(Course { over_time: over_time.await?, releases: releases.await? })) };
    app.kept_answers().courses.get(key, make).await
}

/// Whoever writes the database, be it this server or another program, makes it another one.
pub(super) fn key(app: &App, question: &str) -> String {
    format!("{:?} {question}", app.data_version())
}

impl<V: Clone + Send + Sync + 'static> Level<V> {
    fn new(bytes_max: u64, weigh: impl Fn(&String, &V) -> u32 + Send + Sync + 'static) -> Self {
        let kept = Cache::builder().max_capacity(bytes_max).weigher(weigh).time_to_live(KEPT_FOR);
        Self { kept: kept.build(), counts: Counts::default() }
    }

    async fn get(
        &self,
        key: String,
        make: impl Future<Output = Result<V, Problem>>,
    ) -> Result<V, Problem> {
        let (since, is_made) = (Instant::now(), AtomicBool::new(false));
        let make = async {
            is_made.store(true, Ordering::Relaxed);
            make.await
        };
        let found = self.kept.try_get_with(key, make).await;
        self.counts.count(!is_made.into_inner(), since);
        found.map_err(|problem| Problem::clone(&problem))
    }

    fn state(&self) -> CacheState {
        let (entries, bytes) = (self.kept.entry_count(), self.kept.weighted_size());
        CacheState { entries, bytes, ..self.counts.state() }
    }
}

impl<V> fmt::Debug for Level<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Level").field("counts", &self.counts).finish_non_exhaustive()
    }
}

impl Counts {
    fn count(&self, is_hit: bool, since: Instant) {
        let (count, ns) =
            if is_hit { (&self.hits, &self.hit_ns) } else { (&self.misses, &self.miss_ns) };
        count.fetch_add(1, Ordering::Relaxed);
        let took = u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        ns.fetch_add(took, Ordering::Relaxed);
    }

    fn state(&self) -> CacheState {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        CacheState {
            entries: 0,
            bytes: 0,
            hits: read(&self.hits),
            hit_time: Duration::from_nanos(read(&self.hit_ns)),
            misses: read(&self.misses),
            miss_time: Duration::from_nanos(read(&self.miss_ns)),
        }
    }
}

impl Rendered {
    /// As JSON.
    ///
    /// # Errors
    /// It cannot be written, which never happens with what reports are made of.
    pub(super) fn json(answer: &impl Serialize) -> Result<Self, Problem> {
        let bytes = serde_json::to_vec(answer).map_err(|_| {
            let detail = "the answer cannot be written";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
        })?;
        let content_type = HeaderValue::from_static("application/json");
        Ok(Self { content_type, link: None, bytes: bytes.into() })
    }

    /// The media type of a page.
    pub(super) const HTML: &'static str = "text/html; charset=utf-8";

    /// As a page.
    pub(super) fn html(page: String) -> Self {
        let content_type = HeaderValue::from_static(Self::HTML);
        Self { content_type, link: None, bytes: page.into() }
    }
}

impl IntoResponse for Rendered {
    fn into_response(self) -> Response {
        let mut response = Body::from(self.bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.content_type);
        if let Some(link) = self.link {
            headers.insert(header::LINK, link);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_bytes_are_kept_than_may_be() {
        let level = Level::new(10_000, |_, it: &Bytes| u32::try_from(it.len()).unwrap());
        for number in 0..100 {
            let make = async { Ok(Bytes::from(vec![0; 1000])) };
            level.get(number.to_string(), make).await.unwrap();
        }
        level.kept.run_pending_tasks().await;
        let CacheState { entries, bytes, hits, misses, .. } = level.state();
        assert!((1..=10).contains(&entries) && bytes <= 10_000, "{entries} of {bytes} bytes");
        assert_eq!((hits, misses), (0, 100));
    }

    #[tokio::test]
    async fn what_cannot_be_answered_is_asked_again() {
        let level = Level::new(10_000, |_, _: &u8| 1);
        let refused = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "");
        let failed = level.get("a".to_owned(), async { Err(refused.clone()) }).await;
        assert_eq!(failed, Err(refused));
        assert_eq!(level.get("a".to_owned(), async { Ok(7) }).await, Ok(7));
        assert_eq!(level.get("a".to_owned(), async { Ok(8) }).await, Ok(7));
    }
}
