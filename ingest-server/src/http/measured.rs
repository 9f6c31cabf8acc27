//! How long each answer took: told in its headers, counted, and told to the log when that was too long.

use super::app::App;
use crate::telemetry::Asked;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
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
        let (began, asked) = (Instant::now(), Asked::of(&request));
        Answer { inner: self.inner.call(request), began, asked, app: self.app.clone() }
    }
}

pin_project! {
    /// The answer to come.
    pub(super) struct Answer<F> {
        #[pin]
        inner: F,
        began: Instant,
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
            let (took, status) = (this.began.elapsed(), response.status());
            tell(response.headers_mut(), took);
            this.app.answers().count(this.asked, status, took);
            if took >= this.app.requests().slow_after {
                was_slow(this.asked, status, took);
            }
        }
        Poll::Ready(answer)
    }
}

fn was_slow(asked: &Asked, status: StatusCode, took: Duration) {
    warn!(
        http.method = asked.method(),
        http.route = asked.route(),
        http.status = status.as_u16(),
        duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "slow request"
    );
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
}
