//! How long each answer took, and the database for it: told in its headers, counted, and told to the log when
//! that was too long.

use super::app::App;
use crate::{
    store::sqlite::{RequestStatements, WithStatements},
    telemetry::{Asked, Caller, Watched},
    timed::Timed,
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::Response,
};
use bytes::BytesMut;
use pin_project_lite::pin_project;
use std::{
    fmt::{self, Display, Write},
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tower::{Layer, Service};
use tracing::{debug_span, field, warn};

/// <https://www.w3.org/TR/server-timing/>: milliseconds, which browsers show beside the request.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// The same in seconds.
const PROCESS_TIME: HeaderName = HeaderName::from_static("x-process-time");

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

impl<S> Layer<S> for Measure {
    type Service = Measured<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Measured { inner, measure: self.clone() }
    }
}

/// A service that is measured.
#[derive(Clone)]
pub(super) struct Measured<S> {
    inner: S,
    measure: Measure,
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
        let Measure { app, caller } = self.measure.clone();
        let inner = RequestStatements::counted(app.polls().begun(caller, inner));
        Answer { inner, began, asked, timed, caller, app }
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
        caller: Caller,
        app: App,
    }
}

impl<F: Future<Output = Result<Response<B>, E>>, B, E> Future for Answer<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let poll = || this.inner.as_mut().poll(context);
        let polls = this.app.polls();
        let (polled, ended) =
            this.timed.span().in_scope(|| polls.watch(*this.caller, this.asked, poll));
        let mut answer = ready!(polled);
        if let Ok(response) = &mut answer {
            let (took, status) = (ended - *this.began, response.status());
            let statements = this.inner.take_value().unwrap_or_default().into_inner();
            this.timed.span().record("http.status", i64::from(status.as_u16()));
            tell(response.headers_mut(), took, &statements);
            this.app.answers().count(this.asked, status, took);
            if took >= this.app.requests().slow_after {
                was_slow(this.asked, (status, None), took, &statements);
            }
        }
        Poll::Ready(answer)
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
        let watched = || app.polls().watch(Caller::People, &asked, poll);
        let (polled, ended) = timed.span().in_scope(watched);
        polled.map(|made| (made, ended - began))
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
    // Nothing that is written into a text fails.
    let _ = timing(&mut text, took, statements);
    let timing = text.split().freeze();
    let _ = write!(text, "{}.{:06}", took.as_secs(), took.subsec_micros());
    for (name, value) in [(SERVER_TIMING, timing), (PROCESS_TIME, text.freeze())] {
        // They are digits, names and words, so they are a header's value.
        if let Ok(value) = HeaderValue::from_maybe_shared(value) {
            headers.append(name, value);
        }
    }
}

/// What took how long: all of it, and of that the database.
fn timing(out: &mut impl Write, took: Duration, statements: &RequestStatements) -> fmt::Result {
    write!(out, "total;dur={}", Ms(took))?;
    if let Some(commit) = statements.commit() {
        write!(out, ", commit;dur={}", Ms(commit))?;
    }
    if statements.runs() > 0 {
        let (total, runs) = (Ms(statements.total()), statements.runs());
        write!(out, ", db;dur={total};desc=\"{}\"", Counted(runs, "statement"))?;
    }
    for (name, runs) in statements.slowest(STATEMENTS_TOLD_MAX) {
        write!(out, ", {name};dur={};desc=\"{}\"", Ms(runs.total), Counted(runs.count, "run"))?;
    }
    Ok(())
}

/// To the microsecond.
struct Ms(Duration);

impl Display for Ms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = u64::try_from(self.0.as_micros()).unwrap_or(u64::MAX);
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

    #[test]
    fn the_same_time_is_told_in_milliseconds_and_in_seconds() {
        let mut headers = HeaderMap::new();
        tell(&mut headers, Duration::from_micros(12_034_005), &RequestStatements::default());
        assert_eq!(headers[SERVER_TIMING], "total;dur=12034.005");
        assert_eq!(headers[PROCESS_TIME], "12.034005");
    }
}
