//! Who may send, and what becomes of those who send badly.

use crate::support::{Rhumb, beacon, read_json};
use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use futures_util::{FutureExt, StreamExt, stream};
use ingest_server::ingest::{Outcome, Reason};
use serde_json::json;
use std::{convert::Infallible, time::Duration};
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn any_page_may_post_without_asking_first_and_may_ask_first() {
    let rhumb = Rhumb::start();
    let preflight = Request::options("/v1/ingest")
        .header(header::ORIGIN, "https://shop.example")
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type,x-own")
        .body(Body::empty())
        .unwrap();
    let response = rhumb.send(preflight).await;
    let headers = response.headers();
    assert!(response.status().is_success());
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "content-type,x-own");
    assert_eq!(headers[header::ACCESS_CONTROL_MAX_AGE], "7200");
}

#[tokio::test]
async fn a_site_that_lists_its_origins_takes_beacons_from_no_other() {
    let rhumb = Rhumb::start();
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    database
        .execute("INSERT INTO site_origins SELECT id, 'https://shop.example' FROM sites", [])
        .unwrap();
    rhumb.server.app().refresh_sites().await.unwrap();
    for (origin, status) in [
        (Some("https://shop.example"), 204),
        (Some("https://shop.example.evil"), 403),
        (Some("null"), 403),
        (None, 403),
    ] {
        let mut request = Request::post("/v1/ingest");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let request = request.body(Body::from(beacon(1, 100.0).to_string())).unwrap();
        let response = rhumb.send(request).await;
        assert_eq!(response.status().as_u16(), status, "{origin:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_is_given_up() {
    let rhumb = Rhumb::start();
    let begun = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]);
    let body = Body::from_stream(begun.chain(stream::pending()));
    let response = rhumb.send(Request::post("/v1/ingest").body(body).unwrap()).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(response.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    assert_eq!(read_json(response).await["type"], "urn:rhumb:problem:body_timeout");
}

#[tokio::test]
async fn every_beacon_has_one_outcome_and_it_is_counted() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&json!([beacon(1, 100.0), beacon(2, 100.0)])).await;
    rhumb.post(json!([beacon(3, 100.0), beacon(4, -1.0)]).to_string()).await;
    rhumb.post("hello").await;
    let app = rhumb.server.app();
    assert_eq!(app.outcomes().of(Outcome::Accepted), 2);
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::ValueOutOfRange)), 2);
    assert_eq!(app.outcomes().of(Outcome::Rejected(Reason::Malformed)), 1);
    assert_eq!(app.outcomes().of(Outcome::Shed), 0);
}

#[tokio::test]
async fn a_beacon_whose_sender_hangs_up_is_kept_and_counted() {
    let rhumb = Rhumb::start();
    // One step of the request queues the beacon, which nobody can write meanwhile; then it is dropped.
    let other = rusqlite::Connection::open(rhumb.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(rhumb.post(beacon(1, 100.0).to_string()).now_or_never().is_none());
    other.execute_batch("COMMIT").unwrap();
    let app = rhumb.server.app();
    let counted = async {
        while app.outcomes().of(Outcome::Accepted) == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(5), counted).await.expect("it is counted");
    assert_eq!(rhumb.summary().await["page_views"], 1);
}
