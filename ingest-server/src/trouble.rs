//! Telling the log of what fails again and again without filling it.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};
use tracing::{error, info};

/// How often the log is told of what goes on failing for the same reason.
const TELL_INTERVAL: Duration = Duration::from_mins(1);

/// Something that is tried again and again. The log tells when it begins to fail, when the reason
/// becomes another, once a minute, and when it is well again.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// As in "cannot write".
    what: Cow<'static, str>,
    since: Option<Since>,
}

#[derive(Debug)]
struct Since {
    told_at: Instant,
    error: String,
    times: u64,
}

impl Trouble {
    /// None so far.
    pub(crate) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self { what: what.into(), since: None }
    }

    /// It failed.
    pub(crate) fn failed(&mut self, error: String, now: Instant) {
        let times = self.since.as_ref().map_or(0, |since| since.times) + 1;
        let told_at = match &self.since {
            Some(since) if since.error == error && now < since.told_at + TELL_INTERVAL => {
                since.told_at
            }
            _ => {
                error!(error, times, "cannot {}", self.what);
                now
            }
        };
        self.since = Some(Since { told_at, error, times });
    }

    /// It worked.
    pub(crate) fn worked(&mut self) {
        if let Some(since) = self.since.take() {
            info!(failed_times = since.times, "can {} again", self.what);
        }
    }
}
