//! How long each answer took, and the database for it: told in its headers, counted, and told to the log when
//! that was too long.

use super::app::App;
use crate::{
    store::sqlite::{RequestStatements, WithStatements},
    telemetry::{Asked, Caller, Found, Polled, Watched},
    timed::Timed,
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use bytes::{BufMut, BytesMut};
use pin_project_lite::pin_project;
use std::{
    fmt::{self, Display, Write},
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tower::{Layer, Service};
use tracing::{debug_span, field, warn};

/// <https://www.w3.org/TR/server-timing/>: milliseconds, which browsers show beside the request.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// The same in seconds.
const PROCESS_TIME: HeaderName = HeaderName::from_static("x-process-time");

/// The status of a request that was given up before it was answered, as nginx counts it.
const GIVEN_UP: u16 = 499;

/// Room for both of most answers: they are two parts of one piece of memory.
const TEXTS_BYTES: usize = 128;
/// Statements of a request that are told by name: those that took longest.
const STATEMENTS_TOLD_MAX: usize = 5;

/// Measures whatever it is laid around, from the request's headers to those of the answer.
#[derive(Clone)]
pub(super) struct Measure {
    pub(super) app: App,
    /// Who asks for what is measured.
    pub(super) caller: Caller,
}

/// What measures one route; shared by its requests.
struct OfRoute {
    app: App,
    caller: Caller,
    counts: Found,
}

/// Called once for each route.
impl<S> Layer<S> for Measure {
    type Service = Measured<S>;

    fn layer(&self, inner: S) -> Self::Service {
        let Self { app, caller } = self.clone();
        Measured { inner, route: Arc::new(OfRoute { app, caller, counts: Found::default() }) }
    }
}

/// A service that is measured.
#[derive(Clone)]
pub(super) struct Measured<S> {
    inner: S,
    route: Arc<OfRoute>,
}

impl<S: Service<Request, Response = Response<B>>, B> Service<Request> for Measured<S> {
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (began, asked) = (Instant::now(), Asked::of(request.method(), request.extensions()));
        let timed = Timed::new(debug_span!(
            "request",
            http.method = asked.method(),
            http.route = asked.route(),
            http.status = field::Empty,
            duration_ms = field::Empty
        ));
        let inner = timed.span().in_scope(|| self.inner.call(request));
        let route = self.route.clone();
        let inner = RequestStatements::counted(route.app.polls().begun(route.caller, inner));
        Answer {
            inner,
            began,
            asked,
            timed,
            route,
            polled: Polled::none(began),
            is_answered: false,
        }
    }
}

pin_project! {
    /// The answer to come.
    pub(super) struct Answer<F> {
        #[pin]
        inner: WithStatements<Watched<F>>,
        began: Instant,
        asked: Asked,
        timed: Timed,
        route: Arc<OfRoute>,
        polled: Polled,
        is_answered: bool,
    }

    impl<F> PinnedDrop for Answer<F> {
        fn drop(this: Pin<&mut Self>) {
            let OfRoute { app, caller, .. } = &*this.route;
            app.polls().add(*caller, &this.polled);
            if !this.is_answered {
                given_up(&this.route, &this.asked, this.began.elapsed());
            }
        }
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Answer<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let OfRoute { app, caller, counts } = &**this.route;
        let poll = || this.inner.as_mut().poll(context);
        let watch = || app.polls().watch((*caller, this.asked), this.polled, poll);
        let (answer, ended) = this.timed.span().in_scope(watch);
        let mut answer = ready!(answer);
        *this.is_answered = true;
        if let Ok(response) = &mut answer {
            let (took, status) = (ended - *this.began, response.status());
            let statements = this.inner.take_value().unwrap_or_default().into_inner();
            this.timed.span().record("http.status", i64::from(status.as_u16()));
            tell(response.headers_mut(), took, &statements);
            app.answers().count(counts, this.asked, status, took);
            if took >= app.requests().slow_after {
                was_slow(this.asked, (status, None), took, &statements);
            }
        }
        Poll::Ready(answer)
    }
}

/// Whoever asked has hung up before there was an answer: those are the slowest requests. Or it panicked.
fn given_up(OfRoute { app, counts, .. }: &OfRoute, asked: &Asked, took: Duration) {
    let status = if std::thread::panicking() {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::from_u16(GIVEN_UP).unwrap_or(StatusCode::REQUEST_TIMEOUT)
    };
    app.answers().count(counts, asked, status, took);
    if took >= app.requests().slow_after {
        was_slow(asked, (status, None), took, &RequestStatements::default());
    }
}

/// Measures what is still being made when the headers of an answer are sent: the log is told when that took too long.
pub(super) async fn rest<T>(app: App, asked: Asked, rest: impl Future<Output = T>) -> T {
    if !app.requests().are_measured {
        return rest.await;
    }
    let began = Instant::now();
    let timed = Timed::new(debug_span!(
        "rest",
        http.method = asked.method(),
        http.route = asked.route(),
        duration_ms = field::Empty
    ));
    let mut rest = pin!(RequestStatements::counted(rest));
    let poll = |context: &mut Context<'_>| {
        let poll = || rest.as_mut().poll(context);
        let (mut polled, part) = (Polled::none(Instant::now()), (Caller::People, &asked));
        let watch = || app.polls().watch(part, &mut polled, poll);
        let (made, ended) = timed.span().in_scope(watch);
        app.polls().add(Caller::People, &polled);
        made.map(|made| (made, ended - began))
    };
    let (made, took) = poll_fn(poll).await;
    if took >= app.requests().slow_after {
        let statements = rest.take_value().unwrap_or_default().into_inner();
        was_slow(&asked, (StatusCode::OK, Some("rest")), took, &statements);
    }
    made
}

fn was_slow(
    asked: &Asked,
    (status, part): (StatusCode, Option<&'static str>),
    took: Duration,
    statements: &RequestStatements,
) {
    let slowest = statements.slowest(STATEMENTS_TOLD_MAX).into_iter();
    let slowest = slowest.map(|(name, runs)| {
        format!("{name} {} ms in {}", Ms(runs.total), Counted(runs.count, "run"))
    });
    let slowest = slowest.collect::<Vec<_>>();
    warn!(
        http.method = asked.method(),
        http.route = asked.route(),
        http.status = status.as_u16(),
        part,
        duration_ms = whole_ms(took),
        commit_ms = statements.commit().map(whole_ms),
        db.statements = (statements.runs() > 0).then(|| statements.runs()),
        db.total_ms = (statements.runs() > 0).then(|| whole_ms(statements.total())),
        db.slowest = (!slowest.is_empty()).then(|| slowest.join(", ")),
        "slow request"
    );
}

fn whole_ms(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn tell(headers: &mut HeaderMap, took: Duration, statements: &RequestStatements) {
    let mut text = BytesMut::with_capacity(TEXTS_BYTES);
    timing(&mut text, took, statements);
    let timing = text.split().freeze();
    put_fixed::<6>(&mut text, us(took));
    for (name, value) in [(SERVER_TIMING, timing), (PROCESS_TIME, text.freeze())] {
        // They are digits, names and words, so they are a header's value.
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.append(name, value);
        }
    }
}

/// What took how long, in milliseconds: all of it, and of that the database.
fn timing(out: &mut BytesMut, took: Duration, statements: &RequestStatements) {
    out.put_slice(b"total;dur=");
    put_fixed::<3>(out, us(took));
    if let Some(commit) = statements.commit() {
        out.put_slice(b", commit;dur=");
        put_fixed::<3>(out, us(commit));
    }
    if statements.runs() > 0 {
        out.put_slice(b", db;dur=");
        put_fixed::<3>(out, us(statements.total()));
        // Nothing that is written into a text fails.
        let _ = write!(out, ";desc=\"{}\"", Counted(statements.runs(), "statement"));
    }
    for (name, runs) in statements.slowest(STATEMENTS_TOLD_MAX) {
        let (dur, count) = (Ms(runs.total), Counted(runs.count, "run"));
        let _ = write!(out, ", {name};dur={dur};desc=\"{count}\"");
    }
}

fn us(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// A number of which the last `DIGITS` stand behind the point. Each answer has three of them, and the
/// machinery of `format!` takes several times as long.
fn put_fixed<const DIGITS: u32>(out: &mut BytesMut, number: u64) {
    let one = 10_u64.pow(DIGITS);
    out.put_slice(itoa::Buffer::new().format(number / one).as_bytes());
    // The leading one keeps the zeros, and gives its place to the point.
    let at = out.len();
    out.put_slice(itoa::Buffer::new().format(one + number % one).as_bytes());
    out[at] = b'.';
}

/// To the microsecond.
struct Ms(Duration);

impl Display for Ms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = us(self.0);
        write!(f, "{}.{:03}", us / 1000, us % 1000)
    }
}

/// How many of what.
struct Counted(u32, &'static str);

impl Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, what) = self;
        write!(f, "{count} {what}{}", if *count == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::fixture;
    use axum::body::Body;
    use std::future::{Ready, pending, ready};
    use tower::{ServiceExt, service_fn};

    #[test]
    fn the_same_time_is_told_in_milliseconds_and_in_seconds() {
        let mut headers = HeaderMap::new();
        tell(&mut headers, Duration::from_micros(12_034_005), &RequestStatements::default());
        assert_eq!(headers[SERVER_TIMING], "total;dur=12034.005");
        assert_eq!(headers[PROCESS_TIME], "12.034005");
        let mut headers = HeaderMap::new();
        tell(&mut headers, Duration::from_micros(7), &RequestStatements::default());
        assert_eq!(headers[SERVER_TIMING], "total;dur=0.007");
        assert_eq!(headers[PROCESS_TIME], "0.000007");
    }

    #[tokio::test]
    async fn who_gives_up_is_counted_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let app = fixture::app(folder.path());
        let measure = Measure { app: app.clone(), caller: Caller::People };
        let nobody = |_: Request| pending::<Result<Response, std::convert::Infallible>>();
        let mut asked = measure.layer(service_fn(nobody));
        let request = || Request::new(Body::empty());
        assert!(futures_util::poll!(Box::pin(asked.call(request()))).is_pending());
        let answered = |_: Request| -> Ready<Result<_, std::convert::Infallible>> {
            ready(Ok(Response::new(Body::empty())))
        };
        measure.layer(service_fn(answered)).oneshot(request()).await.unwrap();
        let told = crate::telemetry::exposition(&app).unwrap();
        for (status, count) in [(GIVEN_UP, 1), (200, 1)] {
            let sample = format!("endpoint=\"unknown\",status=\"{status}\"}} {count}");
            assert!(told.contains(&sample), "{sample} is not in {told}");
        }
    }
}
