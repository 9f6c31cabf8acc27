//! How long each answer took: told in its headers, and to the log when that was too long.

use super::app::App;
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    response::Response,
};
use pin_project_lite::pin_project;
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tower::{Layer, Service};
use tracing::warn;

/// <https://www.w3.org/TR/server-timing/>: milliseconds, which browsers show beside the request.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// The same in seconds.
const PROCESS_TIME: HeaderName = HeaderName::from_static("x-process-time");
/// The route of a request that has none. Its address is never told: whoever asks has made it up.
const NO_ROUTE: &str = "unknown";

/// Measures whatever it is laid around, from the request's headers to those of the answer.
#[derive(Clone)]
pub(super) struct Measure(pub(super) App);

impl<S> Layer<S> for Measure {
    type Service = Measured<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Measured { inner, app: self.0.clone() }
    }
}

/// A service that is measured.
#[derive(Clone)]
pub(super) struct Measured<S> {
    inner: S,
    app: App,
}

impl<S: Service<Request, Response = Response>> Service<Request> for Measured<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Answer<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let asked = Asked {
            at: Instant::now(),
            method: known(request.method()),
            route: request.extensions().get().cloned(),
        };
        Answer { inner: self.inner.call(request), asked, app: self.app.clone() }
    }
}

/// What is told of a request: nothing that could name whoever asks.
struct Asked {
    at: Instant,
    method: &'static str,
    route: Option<MatchedPath>,
}

pin_project! {
    /// The answer to come.
    pub(super) struct Answer<F> {
        #[pin]
        inner: F,
        asked: Asked,
        app: App,
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for Answer<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut answer = ready!(this.inner.poll(context));
        if let Ok(response) = &mut answer {
            let took = this.asked.at.elapsed();
            tell(response.headers_mut(), took);
            if took >= this.app.requests().slow_after {
                this.asked.was_slow(response.status(), took);
            }
        }
        Poll::Ready(answer)
    }
}

impl Asked {
    fn was_slow(&self, status: StatusCode, took: Duration) {
        warn!(
            http.method = self.method,
            http.route = self.route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str),
            http.status = status.as_u16(),
            duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "slow request"
        );
    }
}

/// To the microsecond.
fn tell(headers: &mut HeaderMap, took: Duration) {
    let us = took.as_micros();
    let total = format!("total;dur={}.{:03}", us / 1000, us % 1000);
    let seconds = format!("{}.{:06}", us / 1_000_000, us % 1_000_000);
    for (name, value) in [(SERVER_TIMING, total), (PROCESS_TIME, seconds)] {
        // They are digits, so they are a header's value.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.append(name, value);
        }
    }
}

/// Methods that somebody has made up are one.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_time_is_told_in_milliseconds_and_in_seconds() {
        let mut headers = HeaderMap::new();
        tell(&mut headers, Duration::from_micros(12_034_005));
        assert_eq!(headers[SERVER_TIMING], "total;dur=12034.005");
        assert_eq!(headers[PROCESS_TIME], "12.034005");
    }

    #[test]
    fn methods_that_are_made_up_are_one() {
        let method = |name: &str| known(&Method::from_bytes(name.as_bytes()).unwrap());
        assert_eq!(["GET", "PATCH", "get", "BREW"].map(method), ["GET", "PATCH", "OTHER", "OTHER"]);
    }
}
