//! What to fix first, for a page that is shown within a second and asks for itself every second.
//!
//! It is counted page view by page view, which takes seconds where there are millions. So it is counted
//! once at a time, goes on when the page is shown without it, and is kept for a while.

use super::app::{App, DataVersion};
use crate::{
    dashboard::{FirstFixes, ReportPeriod},
    ingest::SiteId,
    report::{
        OPPORTUNITIES_DEFAULT, Opportunities, OpportunitiesQuestion, Period, Question, asked,
    },
};
use jiff::Timestamp;
use quick_cache::sync::Cache;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

/// For how long a page waits.
const WAIT_MAX: Duration = Duration::from_secs(1);
/// For how many times as long as it took to count it is kept, so that pages that ask every second take
/// no more than a twentieth of one processor.
const KEPT_FACTOR: u32 = 20;
/// Sites and periods of which it is kept.
const KEPT_MAX: usize = 64;

/// What was counted last.
#[derive(Debug)]
pub(super) struct KeptFixes {
    turn: Arc<Mutex<()>>,
    kept: Cache<(SiteId, ReportPeriod), Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    /// Nothing, if it could not be counted.
    fixes: Option<Arc<Opportunities>>,
    version: DataVersion,
    period: Period,
    until: Instant,
}

/// What a page asks.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) site: (SiteId, String),
    pub(super) period: ReportPeriod,
    pub(super) question: Question,
    pub(super) version: DataVersion,
}

impl KeptFixes {
    pub(super) fn new() -> Self {
        Self { turn: Arc::default(), kept: Cache::new(KEPT_MAX) }
    }

    fn last(&self, asked: &Asked) -> Option<Kept> {
        self.kept.get(&(asked.site.0, asked.period))
    }

    fn usable(&self, asked: &Asked) -> Option<Kept> {
        self.last(asked).filter(|kept| Instant::now() < kept.until || kept.answers(asked))
    }
}

impl Kept {
    /// Whether counting again would come to the same.
    fn answers(&self, asked: &Asked) -> bool {
        let is_of_now = self.version == asked.version && self.period == asked.question.period;
        is_of_now && self.fixes.is_some()
    }
}

/// What is known within a second, and whether it is the answer of this moment.
pub(super) async fn ask(app: &App, asked: &Asked) -> (FirstFixes, bool) {
    let found = match app.fixes().usable(asked) {
        Some(kept) => Some(kept),
        None => timeout(WAIT_MAX, in_turn(app, asked)).await.ok().flatten(),
    };
    match found.or_else(|| app.fixes().last(asked)) {
        Some(kept) => {
            let is_answer = kept.answers(asked);
            (kept.fixes.map_or(FirstFixes::Unknown, FirstFixes::Counted), is_answer)
        }
        None => (FirstFixes::Counting, false),
    }
}

/// Counts when nobody else does. What others have counted meanwhile is taken.
async fn in_turn(app: &App, asked: &Asked) -> Option<Kept> {
    let turn = app.fixes().turn.clone().lock_owned().await;
    if let Some(kept) = app.fixes().usable(asked) {
        return Some(kept);
    }
    tokio::spawn(count(app.clone(), asked.clone(), turn)).await.ok()
}

async fn count(app: App, asked: Asked, _turn: OwnedMutexGuard<()>) -> Kept {
    let Asked { site: (id, site), period, question, version } = asked;
    let (began, counted_period) = (Instant::now(), question.period);
    let question = OpportunitiesQuestion { question, limit: OPPORTUNITIES_DEFAULT };
    let found = asked::what_to_fix(app.reader(), (id, &site), question, Timestamp::now()).await;
    let fixes = found.inspect_err(|error| {
        tracing::warn!(site, period = period.as_str(), %error, "cannot count what to fix first");
    });
    let kept = Kept {
        fixes: fixes.ok().map(Arc::new),
        version,
        period: counted_period,
        until: Instant::now() + began.elapsed() * KEPT_FACTOR,
    };
    app.fixes().kept.insert((id, period), kept.clone());
    kept
}
