//! A load test: visitors post page views, and it is counted what becomes of them.

use super::Visitors;
use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{self, SendRequest},
    header,
};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::{
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// Significant digits of a latency.
const DIGITS: u8 = 3;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Host and port of the server.
    pub authority: String,
    /// A site that takes beacons from anywhere.
    pub site: String,
    /// Senders at the same time, each with a connection.
    pub senders: u32,
    /// Page views a second, of all senders together; as fast as they are answered, when absent.
    pub rate: Option<u32>,
    /// How long it lasts.
    pub duration: Duration,
    /// The same seed makes the same page views.
    pub seed: u64,
}

/// What became of the page views: each is sent once and in one of the other counts.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Those that were sent.
    pub sent: u64,
    /// Answered 204: on disk.
    pub acknowledged: u64,
    /// Answered 429 or 503: to be sent again later, which a load test does not.
    pub refused: u64,
    /// Answered otherwise, or not at all.
    pub failed: u64,
    /// Microseconds until the answer, from when the page view was to be sent: a server that is late
    /// with one answer is late with all that should have been sent meanwhile.
    pub latencies_us: Histogram<u64>,
}

impl Tally {
    fn new() -> Result<Self> {
        let mut latencies_us = Histogram::new(DIGITS)?;
        latencies_us.auto(true);
        Ok(Self { sent: 0, acknowledged: 0, refused: 0, failed: 0, latencies_us })
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        self.sent += other.sent;
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.failed += other.failed;
        self.latencies_us.add(&other.latencies_us)?;
        Ok(())
    }
}

/// Does it.
pub async fn run(plan: Plan) -> Result<Tally> {
    let start = Instant::now();
    let mut senders = JoinSet::new();
    for number in 0..plan.senders {
        senders.spawn(send(plan.clone(), number, start));
    }
    let mut tally = Tally::new()?;
    while let Some(sender) = senders.join_next().await {
        tally.add(&sender??)?;
    }
    Ok(tally)
}

/// One sender, until the end.
async fn send(plan: Plan, number: u32, start: Instant) -> Result<Tally> {
    let mut visitors = Visitors::new(&plan.site, plan.seed.wrapping_add(number.into()));
    let mut tally = Tally::new()?;
    let mut connection = connect(&plan.authority).await?;
    let end = start + plan.duration;
    for count in 0_u32.. {
        let due = due(&plan, number, count, start);
        if due.unwrap_or_else(Instant::now) >= end {
            break;
        }
        if let Some(due) = due {
            sleep_until(due).await;
        }
        let body = beacon::encode(&visitors.page_view());
        let begun = due.unwrap_or_else(Instant::now);
        tally.sent += 1;
        match post(&mut connection, &plan.authority, body).await {
            Ok(StatusCode::NO_CONTENT) => {
                tally.acknowledged += 1;
                tally.latencies_us.record(micros(begun.elapsed()))?;
            }
            Ok(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
                tally.refused += 1;
            }
            Ok(_) => tally.failed += 1,
            Err(_) => {
                tally.failed += 1;
                connection = connect(&plan.authority).await?;
            }
        }
    }
    Ok(tally)
}

/// When a sender sends its next page view: they take turns. Nothing, when there is no rate.
fn due(plan: &Plan, number: u32, count: u32, start: Instant) -> Option<Instant> {
    let turn = f64::from(count) * f64::from(plan.senders) + f64::from(number);
    Some(start + Duration::from_secs_f64(turn / f64::from(plan.rate?)))
}

async fn connect(authority: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(authority).await;
    let stream = stream.with_context(|| format!("cannot connect to {authority}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn post(
    connection: &mut SendRequest<Full<Bytes>>,
    authority: &str,
    body: Vec<u8>,
) -> Result<StatusCode> {
    connection.ready().await?;
    let request = Request::post("/v1/ingest")
        .header(header::HOST, authority)
        .body(Full::new(Bytes::from(body)))?;
    let answer = connection.send_request(request).await?;
    let status = answer.status();
    // The connection is free when the answer has been read.
    answer.into_body().collect().await?;
    Ok(status)
}

fn micros(duration: Duration) -> u64 {
    duration.as_micros().try_into().unwrap_or(u64::MAX)
}
