//! For pages that are measured: the way in for beacons, the collector, the demo.

#[cfg(feature = "redis")]
use super::shared_rates;
use super::{
    app::App,
    embedded::{self, Caching, Collector, Demo},
    facts,
    openapi::IngestBody,
    problem::{self, Problem},
    rates::Over,
};
use crate::{
    ingest::{
        self, Around, Outcome, PageView, Reason, Rejection, RequestFacts, accept, in_bare_terms,
    },
    store::sqlite::RequestStatements,
    timed::{self, Timed},
};
use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequest, Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use beacon::{Beacon, DecodeError, limits};
use jiff::Timestamp;
use serde::Deserialize;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use tracing::{Instrument, debug_span, field};
use utoipa::IntoParams;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// Headers that an answer gets on its way out, all together: a table that grows with each is built three times.
const HEADERS: usize = 6;

/// What the address says of the delivery.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Delivery {
    /// How long the beacon has waited since it was made: for senders that try again.
    #[serde(default)]
    #[param(format = Int64, maximum = 2_592_000_000u32)]
    delay_ms: u32,
    /// There when the page could not be measured at all: its beacon has no metrics then.
    unmeasured: Option<String>,
    /// Where the clock of its browser is right: for beacons that do not say it.
    #[param(max_length = 64)]
    time_zone: Option<String>,
    /// The site of Metric objects of web-vitals, which do not say it: the body has those instead of
    /// beacons.
    #[param(max_length = 64)]
    site: Option<String>,
    /// The page view that they are of, as 32 hexadecimal digits.
    page_view: Option<String>,
}

/// What pages send
///
/// One beacon, or an array of which all are taken or none; or, with a `site` in the address, Metric
/// objects of web-vitals. 204 means that they are on disk. The `Content-Type` says nothing: what a body
/// is, its first byte tells.
#[utoipa::path(
    post,
    path = "/v1/ingest",
    tag = "Beacons",
    security(()),
    params(Delivery),
    request_body(description = "At most 64 KiB.", content(
        (IngestBody = "application/json", examples(
            ("beacon" = (summary = "A beacon", value = json!({
                "site": "default", "page_view": "5f0c6b1e9a7d4c2f8b3e1d0a6c5f4e3b", "sequence": 0,
                "session": "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "age_ms": 5000,
                "url": "https://shop.example/product/42", "route": "/product/:id", "release": "1.4.2",
                "navigation_type": "navigate", "form_factor": "phone", "connection": "4g",
                "sample_rate": 1.0,
                "metrics": [
                    { "name": "LCP", "value": 2312.4, "attribution": {
                        "target": "main>img.hero", "timeToFirstByte": 320.1,
                    } },
                    { "name": "CLS", "value": 0.021 },
                ],
            }))),
            ("metric" = (summary = "A Metric object, with ?site=default", value = json!({
                "name": "INP", "value": 96, "delta": 96, "rating": "good",
                "id": "v6-1764079200000-1234567890123", "navigationType": "navigate",
            }))),
        )),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses(
        (status = 204, description = "They are on disk."),
        (status = 400, description = "`malformed`: it is no beacon.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 403, description = "`origin_not_allowed`: the site lists its origins, and this is none of them.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "`unknown_site`",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 408, description = "`body_timeout`: the body did not arrive in 10 seconds.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 413, description = "`too_large`: it has more than 64 KiB.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "It is a beacon with impossible values; `field` says which.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`: more than is taken of one client, or for one site; send it \
            again after `Retry-After`.",
            headers(("Retry-After" = String, description = "Seconds.")),
            body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "`busy` or `unavailable`: send it again.",
            headers(("Retry-After" = String, description = "Seconds.")),
            body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub(super) async fn ingest(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    delivery: Result<Query<Delivery>, QueryRejection>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let reject = |(rejection, beacons): (Rejection, usize)| {
        app.outcomes().count(Outcome::Rejected(rejection.reason), beacons);
        Problem::from(rejection)
    };
    let limited = |over: Over, beacons| {
        app.outcomes().count(Outcome::Limited(over.limit), beacons);
        Problem::from(over)
    };
    let client = || app.enricher().client(peer.ip(), &facts::forwarded_for(&headers));
    app.rates().take_request(client).map_err(|over| limited(over, 1))?;
    let timed = Timed::new(debug_span!(
        "ingest",
        body_bytes = field::Empty,
        batch.page_views = field::Empty,
        duration_ms = field::Empty
    ));
    let Query(delivery) = delivery.map_err(|error| reject((misaddressed(&error), 1)))?;
    let body = receive(request).await.map_err(|rejection| reject((rejection, 1)))?;
    timed.span().record("body_bytes", timed::count(body.len()));
    let page_views = page_views(&app, peer, delivery, &headers, &body).map_err(reject)?;
    let over = |over| limited(over, page_views.len());
    app.rates().take_beacons(&page_views).map_err(over)?;
    #[cfg(feature = "redis")]
    shared_rates::take(&app, client, &page_views).await.map_err(over)?;
    timed.span().record("batch.page_views", timed::count(page_views.len()));
    // Nothing of them is needed while the page views wait.
    drop((headers, body));
    let waits = Instant::now();
    app.writer().write(page_views).instrument(timed.span().clone()).await?;
    RequestStatements::count_commit(waits.elapsed());
    let mut answer = StatusCode::NO_CONTENT.into_response();
    answer.headers_mut().reserve(HEADERS);
    Ok(answer)
}

/// Any text is a time zone, a site or a page view to begin with: only if one is there twice, the
/// address is wrong for it.
fn misaddressed(error: &QueryRejection) -> Rejection {
    let cause = error.body_text();
    let texts = ["time_zone", "site", "page_view"];
    if let Some(name) = texts.into_iter().find(|name| cause.contains(&format!("`{name}`"))) {
        let detail = format!("{name} is there more than once; a body has one: {cause}");
        return Rejection {
            reason: Reason::InvalidText,
            field: Some(name.to_owned()),
            limit: None,
            detail,
        };
    }
    let detail =
        format!("delay_ms is no number of milliseconds up to {}: {cause}", limits::AGE_MS_MAX);
    Rejection {
        reason: Reason::InvalidTime,
        field: Some("delay_ms".to_owned()),
        limit: Some(u64::from(limits::AGE_MS_MAX)),
        detail,
    }
}

async fn receive(request: Request) -> Result<Bytes, Rejection> {
    let refuse = |reason, detail: &str, limit| Rejection {
        reason,
        field: None,
        limit,
        detail: detail.to_owned(),
    };
    match timeout(BODY_TIMEOUT, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            let detail = format!("the body has more than {} bytes", limits::BODY_BYTES_MAX);
            Err(refuse(Reason::TooLarge, &detail, Some(limits::BODY_BYTES_MAX as u64)))
        }
        Ok(Err(_)) => Err(refuse(Reason::Malformed, "the body is cut short", None)),
        Err(_) => {
            let detail = format!("the body did not arrive in {} seconds", BODY_TIMEOUT.as_secs());
            Err(refuse(Reason::BodyTimeout, &detail, None))
        }
    }
}

/// All beacons of the body, enriched; or the first thing that is wrong, and of how many beacons.
fn page_views(
    app: &App,
    peer: SocketAddr,
    delivery: Delivery,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Vec<PageView>, (Rejection, usize)> {
    let enricher = app.enricher();
    let beacons = beacons(&delivery, headers, body)?;
    let time_zone = ingest::time_zone(delivery.time_zone).map_err(|error| (error, 1))?;
    let facts = RequestFacts {
        received_at: Timestamp::now(),
        delay_ms: delivery.delay_ms,
        is_unmeasured: delivery.unmeasured.is_some(),
        time_zone: time_zone.as_deref(),
        origin: facts::header(headers, &header::ORIGIN),
        agent: facts::agent(headers),
        peer: peer.ip(),
        forwarded_for: &facts::forwarded_for(headers),
        country: enricher.country_header().and_then(|name| facts::header(headers, name)),
    };
    let sites = app.sites();
    let count = beacons.len();
    let of_bare = delivery.site.is_some();
    let accept = |(index, beacon)| {
        accept(beacon, &facts, &sites)
            .map_err(|rejection| if of_bare { in_bare_terms(rejection) } else { rejection })
            .map_err(|rejection| of_body(body, index, rejection))
    };
    let checked = beacons.into_iter().enumerate().map(accept).collect::<Result<Vec<_>, _>>();
    let checked = checked.map_err(|rejection| (rejection, count))?;
    Ok(checked.into_iter().map(|checked| enricher.enrich(checked, &facts)).collect())
}

/// What the body says, be it beacons or Metric objects.
fn beacons(
    delivery: &Delivery,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Vec<Beacon>, (Rejection, usize)> {
    let Some(site) = &delivery.site else {
        return beacon::decode(body).map_err(|error| (malformed(&error), 1));
    };
    let around = Around::new(site, delivery.page_view.as_deref(), facts::page(headers));
    let around = around.map_err(|rejection| (rejection, 1))?;
    let bare = beacon::decode_bare(body).map_err(|error| (malformed_bare(&error), 1))?;
    let count = bare.len();
    let beacon = |(index, bare)| {
        around.beacon(bare).map_err(|rejection| (of_body(body, index, rejection), count))
    };
    bare.into_iter().enumerate().map(beacon).collect()
}

/// Names the element of the array, if the body is one.
fn of_body(body: &[u8], index: usize, rejection: Rejection) -> Rejection {
    if body.trim_ascii_start().starts_with(b"[") { rejection.at(index) } else { rejection }
}

fn malformed_bare(error: &DecodeError) -> Rejection {
    let rejection = malformed(error);
    let detail = format!(
        "{}; with site in the address the body is a Metric object of web-vitals, or an array of them",
        rejection.detail
    );
    Rejection { detail, ..rejection }
}

fn malformed(error: &DecodeError) -> Rejection {
    let (reason, field, limit) = match error {
        DecodeError::TooLarge { .. } => (Reason::TooLarge, None, Some(limits::BODY_BYTES_MAX)),
        DecodeError::TooMany { .. } => (Reason::Malformed, None, Some(limits::BEACONS_MAX)),
        DecodeError::Json { field, .. } => (Reason::Malformed, Some(field.clone()), None),
        _ => (Reason::Malformed, None, None),
    };
    let limit = limit.map(|limit| limit as u64);
    let mut detail = error.to_string();
    if detail.contains("missing field `site`") {
        detail.push_str("; for a Metric object of web-vitals it stands in the address: ?site=…");
    }
    Rejection { reason, field: field.filter(|field| field != "."), limit, detail }
}

/// A file of the collector for a script tag.
pub(super) async fn collector(address: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let file = address.path().trim_start_matches('/');
    let caching = if is_named_by_content(file) { Caching::Immutable } else { Caching::Short };
    embedded::serve::<Collector>(file, caching, &headers).await
}

/// Whether a file of the collector has a hash in its name.
pub(super) fn is_named_by_content(file: &str) -> bool {
    file.contains('-')
}

/// A relative link works only below a slash.
pub(super) async fn demo_home() -> impl IntoResponse {
    Redirect::permanent("/demo/")
}

/// A file of the demo app, or the app itself, which knows its own addresses.
pub(super) async fn demo(address: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let path = address.path().trim_start_matches("/demo/");
    let hashed = path.starts_with("assets/");
    if hashed {
        return embedded::serve::<Demo>(path, Caching::Immutable, &headers).await;
    }
    let path = if Demo::get(path).is_some() { path } else { "index.html" };
    embedded::serve::<Demo>(path, Caching::Revalidate, &headers).await
}
