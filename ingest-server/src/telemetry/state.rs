//! What the server knows of itself at a moment.

use crate::{
    http::App,
    ingest::Outcome,
    store::sqlite::{FileSizes, StatementTimes},
};
use jiff::Timestamp;

/// How the server is, since it was started.
#[derive(Clone, Debug)]
pub struct ServerState {
    /// When it was started.
    pub started_at: Timestamp,
    /// How many beacons had which outcome; every outcome there is.
    pub outcomes: Vec<(Outcome, u64)>,
    /// Page views that wait to be written, one that tells much counting as several, …
    pub waiting: u64,
    /// … and how many may.
    pub waiting_max: u64,
    /// Transactions of beacons on disk.
    pub commits: u64,
    /// Beacons whose route became `(other)`.
    pub folded_routes: u64,
    /// The database on disk.
    pub files: FileSizes,
    /// How its statements fare; those that took the longest of all come first.
    pub statements: Vec<StatementTimes>,
}

impl ServerState {
    /// As it is now.
    pub fn of(app: &App) -> Self {
        let writer = app.writer();
        Self {
            started_at: app.started_at(),
            outcomes: Outcome::all().map(|outcome| (outcome, app.outcomes().of(outcome))).collect(),
            waiting: writer.waiting(),
            waiting_max: writer.waiting_max(),
            commits: writer.epoch(),
            folded_routes: app.enricher().folded_routes(),
            files: app.reader().file_sizes(),
            statements: app.reader().statements().times(),
        }
    }
}
