//! What became of what was sent.

use super::connection::Message;
use anyhow::Result;
use hdrhistogram::Histogram;
use hyper::StatusCode;
use std::time::Duration;

/// Significant digits of a latency.
const DIGITS: u8 = 3;

/// What became of everything, by kind.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Beacons of one page view each.
    pub page_views: Counts,
    /// Questions to the query API.
    pub questions: Counts,
}

/// What became of one kind: each is sent once and in one of the other counts.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Those that were sent.
    pub sent: u64,
    /// Answered 204, which is on disk; a question 200.
    pub acknowledged: u64,
    /// Answered 429 or 503: to be sent again later, which a load test does not.
    pub refused: u64,
    /// Answered otherwise, or not at all.
    pub failed: u64,
    /// Microseconds until the answer, from when it was to be sent: a server that is late with one
    /// answer is late with all that should have been sent meanwhile.
    pub latencies_us: Histogram<u64>,
}

impl Tally {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { page_views: Counts::new()?, questions: Counts::new()? })
    }

    /// Those of the kind of a message.
    pub(super) fn of(&mut self, message: &Message) -> &mut Counts {
        match message {
            Message::Beacon(_) => &mut self.page_views,
            Message::Question(_) => &mut self.questions,
        }
    }

    pub(super) fn add(&mut self, other: &Self) -> Result<()> {
        self.page_views.add(&other.page_views)?;
        self.questions.add(&other.questions)
    }

    /// Of both kinds.
    pub fn failed(&self) -> u64 {
        self.page_views.failed + self.questions.failed
    }
}

impl Counts {
    fn new() -> Result<Self> {
        let mut latencies_us = Histogram::new(DIGITS)?;
        latencies_us.auto(true);
        Ok(Self { sent: 0, acknowledged: 0, refused: 0, failed: 0, latencies_us })
    }

    /// Counts one that was answered so after that time.
    pub(super) fn count(&mut self, answer: &Result<StatusCode>, latency: Duration) -> Result<()> {
        self.sent += 1;
        match answer {
            Ok(StatusCode::NO_CONTENT | StatusCode::OK) => {
                self.acknowledged += 1;
                let us = latency.as_micros().try_into().unwrap_or(u64::MAX);
                self.latencies_us.record(us)?;
            }
            Ok(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
                self.refused += 1;
            }
            Ok(_) | Err(_) => self.failed += 1,
        }
        Ok(())
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
