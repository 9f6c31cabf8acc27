//! The requests that were answered, by route: for Prometheus, under the names that everybody uses.

use axum::{
    extract::MatchedPath,
    http::{Extensions, Method, StatusCode},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{
    fmt::{self, Write},
    hash::{Hash, Hasher},
    sync::OnceLock,
    time::Duration,
};

/// Upper bounds in seconds: from a beacon on a quick disk to the longest read there may be.
const BOUNDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// The route of a request that has none. Its address is never told: whoever asks has made it up.
const NO_ROUTE: &str = "unknown";
/// Any method that somebody has made up.
const NO_METHOD: &str = "OTHER";

/// What is told of a request: nothing that could name whoever asks, and of few words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    method: &'static str,
    endpoint: Endpoint,
}

impl Asked {
    /// What a request asks for.
    pub fn of(method: &Method, extensions: &Extensions) -> Self {
        Self { method: self::method(method), endpoint: Endpoint(extensions.get().cloned()) }
    }

    /// One of ten.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// The pattern of the route, such as `/v1/sites/{site}/summary`.
    pub fn route(&self) -> &str {
        self.endpoint.as_str()
    }
}

fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] =
        ["GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or(NO_METHOD)
}

/// There are as many as there are routes.
#[derive(Clone, Debug)]
struct Endpoint(Option<MatchedPath>);

impl Endpoint {
    fn as_str(&self) -> &str {
        self.0.as_ref().map_or(NO_ROUTE, MatchedPath::as_str)
    }
}

impl PartialEq for Endpoint {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Endpoint {}

impl Hash for Endpoint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl EncodeLabelValue for Endpoint {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        encoder.write_str(self.as_str())
    }
}

/// The labels of a count.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    endpoint: Endpoint,
    status: u16,
}

impl Answered {
    fn is(&self, asked: &Asked, status: StatusCode) -> bool {
        self.status == status.as_u16()
            && self.method == asked.method
            && self.endpoint == asked.endpoint
    }
}

fn count((_, counts, durations): &(Answered, Counter, Histogram), took: Duration) {
    counts.inc();
    durations.observe(took.as_secs_f64());
}

/// All answers since the server was started. Their labels are methods, routes and statuses that there
/// are, so they are bounded by the program.
#[derive(Debug)]
pub struct Answers {
    counts: Family<Answered, Counter>,
    durations: Family<[(&'static str, Endpoint); 1], Histogram>,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            counts: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
        }
    }
}

/// The counts of whatever answers one route, as a rule with success: they are looked for once.
#[derive(Debug, Default)]
pub struct Found(OnceLock<(Answered, Counter, Histogram)>);

impl Answers {
    /// Counts one.
    pub fn count(&self, found: &Found, asked: &Asked, status: StatusCode, took: Duration) {
        let known = if status.is_success() {
            Some(found.0.get_or_init(|| self.find(asked, status)))
        } else {
            None
        };
        match known.filter(|(labels, ..)| labels.is(asked, status)) {
            Some(known) => count(known, took),
            None => count(&self.find(asked, status), took),
        }
    }

    fn find(&self, asked: &Asked, status: StatusCode) -> (Answered, Counter, Histogram) {
        let Asked { method, endpoint } = asked.clone();
        let labels = [("endpoint", endpoint.clone())];
        let durations = self.durations.get_or_create_owned(&labels);
        let labels = Answered { method, endpoint, status: status.as_u16() };
        let counts = self.counts.get_or_create_owned(&labels);
        (labels, counts, durations)
    }

    /// Shares the counts with whoever writes them down.
    pub(super) fn register(&self, registry: &mut Registry) {
        let help = "Requests that were answered";
        registry.register("http_requests", help, self.counts.clone());
        let help = "From the headers of requests to those of answers";
        let (name, unit) = ("http_request_duration", Unit::Seconds);
        registry.register_with_unit(name, help, unit, self.durations.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_are_made_up_are_one() {
        let method = |name: &str| method(&Method::from_bytes(name.as_bytes()).unwrap());
        assert_eq!(["GET", "PATCH", "get", "BREW"].map(method), ["GET", "PATCH", "OTHER", "OTHER"]);
    }
}
