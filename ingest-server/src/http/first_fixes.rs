//! What to fix first, for pages that do not wait long; the overview asks for itself every second.
//!
//! It is counted page view by page view, which takes seconds where there are millions. So it is counted
//! once at a time and is kept for a while; where it took long, what was counted last is shown while it is
//! counted again. Counting goes on when a page is shown without it.

use super::app::{App, DataVersion};
use crate::{
    dashboard::{FirstFixes, ReportPeriod},
    ingest::SiteId,
    report::{OPPORTUNITIES_MAX, Opportunities, OpportunitiesQuestion, Period, Question, asked},
    store::sqlite::{Filters, RequestStatements},
};
use jiff::Timestamp;
use quick_cache::sync::Cache;
use std::{
    num::NonZeroU32,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

/// For how long a page waits: half of the time within which it should be painted.
const WAIT_MAX: Duration = Duration::from_millis(250);
/// Page views that are looked at: of half of them, a share is off by 0.007 at most in nineteen answers of twenty.
const LOOKED_AT_MAX: NonZeroU32 = NonZeroU32::new(50_000).unwrap();
/// For how many times as long as it took to count it is kept, so that pages that ask every second take
/// no more than a twentieth of one processor for each site, period and filter.
const KEPT_FACTOR: u32 = 20;
/// Sites, periods and filters of which it is kept.
const KEPT_MAX: usize = 64;

/// What was counted last.
#[derive(Debug)]
pub(super) struct KeptFixes {
    turn: Arc<Mutex<()>>,
    kept: Cache<(SiteId, ReportPeriod, Filters), Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    /// Nothing, if it could not be counted.
    fixes: Option<Arc<Opportunities>>,
    version: DataVersion,
    period: Period,
    took: Duration,
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

impl Asked {
    /// What is told apart.
    fn key(&self) -> (SiteId, ReportPeriod, Filters) {
        (self.site.0, self.period, self.question.filters.clone())
    }
}

impl KeptFixes {
    pub(super) fn new() -> Self {
        Self { turn: Arc::default(), kept: Cache::new(KEPT_MAX) }
    }

    fn last(&self, asked: &Asked) -> Option<Kept> {
        self.kept.get(&asked.key())
    }

    /// Those of any site.
    fn are_being_counted(&self) -> bool {
        self.turn.try_lock().is_err()
    }

    fn usable(&self, asked: &Asked) -> Option<Kept> {
        self.last(asked).filter(|kept| kept.is_usable(asked))
    }
}

impl Kept {
    /// Whether it need not be counted again yet.
    fn is_usable(&self, asked: &Asked) -> bool {
        Instant::now() < self.until || self.answers(asked)
    }

    /// Whether counting again would come to the same.
    fn answers(&self, asked: &Asked) -> bool {
        let is_of_now = self.version == asked.version && self.period == asked.question.period;
        is_of_now && self.fixes.is_some()
    }
}

/// The answer of this moment, if it is known.
pub(super) fn known(app: &App, asked: &Asked) -> Option<FirstFixes> {
    let kept = app.fixes().last(asked).filter(|kept| kept.answers(asked))?;
    kept.fixes.map(FirstFixes::Counted)
}

/// What is known, after a short wait if need be, and whether it is the answer of this moment.
pub(super) async fn ask(app: &App, asked: &Asked) -> (FirstFixes, bool) {
    let found = match app.fixes().last(asked) {
        Some(kept) if kept.is_usable(asked) => Some(kept),
        // To wait would be in vain.
        Some(kept) if kept.took > WAIT_MAX || app.fixes().are_being_counted() => {
            count_aside(app, asked);
            Some(kept)
        }
        last => timeout(WAIT_MAX, in_turn(app, asked)).await.ok().flatten().or(last),
    };
    match found {
        Some(kept) => {
            let is_answer = kept.answers(asked);
            (kept.fixes.map_or(FirstFixes::Unknown, FirstFixes::Counted), is_answer)
        }
        None => (FirstFixes::Counting, false),
    }
}

/// Counts while nobody waits for it, unless something is being counted: who asks next sees to it then.
fn count_aside(app: &App, asked: &Asked) {
    if let Ok(turn) = app.fixes().turn.clone().try_lock_owned()
        && app.fixes().usable(asked).is_none()
    {
        tokio::spawn(count(app.clone(), asked.clone(), turn));
    }
}

/// The same as [`counted`], which goes on when nobody waits any more.
async fn in_turn(app: &App, asked: &Asked) -> Option<Kept> {
    let count = RequestStatements::apart(counted(app.clone(), asked.clone()));
    let (kept, statements) = tokio::spawn(count).await.ok()?;
    statements.count_for_request();
    Some(kept)
}

/// Counts when nobody else does. What others have counted meanwhile is taken.
async fn counted(app: App, asked: Asked) -> Kept {
    let turn = app.fixes().turn.clone().lock_owned().await;
    match app.fixes().usable(&asked) {
        Some(kept) => kept,
        None => count(app, asked, turn).await,
    }
}

async fn count(app: App, asked: Asked, _turn: OwnedMutexGuard<()>) -> Kept {
    let key = asked.key();
    let Asked { site: (id, site), period, question, version } = asked;
    let (began, counted_period) = (Instant::now(), question.period);
    let question = OpportunitiesQuestion { question, limit: OPPORTUNITIES_MAX };
    let (site_asked, now) = ((id, site.as_str()), Timestamp::now());
    let found = asked::what_to_fix(app.reader(), site_asked, question, LOOKED_AT_MAX, now).await;
    let fixes = found.inspect_err(|error| {
        tracing::warn!(site, period = period.as_str(), %error, "cannot count what to fix first");
    });
    let took = began.elapsed();
    let kept = Kept {
        fixes: fixes.ok().map(Arc::new),
        version,
        period: counted_period,
        took,
        until: Instant::now() + took * KEPT_FACTOR,
    };
    app.fixes().kept.insert(key, kept.clone());
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::fixture::app;
    use tokio::time::sleep;

    fn asked(app: &App, version: u64) -> Asked {
        let site = (app.sites().get("default").unwrap().id, "default".to_owned());
        let period = ReportPeriod::Day;
        let question = Question::last_hours(period.hours(), Timestamp::UNIX_EPOCH);
        Asked { site, period, question, version: (0, version, 0, None) }
    }

    /// As if it had taken that long, and was counted long ago.
    async fn counted(app: &App, took: Duration) -> Arc<Opportunities> {
        let first = asked(app, 1);
        super::counted(app.clone(), first.clone()).await;
        let kept = app.fixes().last(&first).unwrap();
        let found = kept.fixes.clone().unwrap();
        app.fixes().kept.insert(first.key(), Kept { took, until: Instant::now(), ..kept });
        found
    }

    #[tokio::test]
    async fn what_took_long_is_shown_as_it_was_counted_last_while_it_is_counted_again() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path());
        let first = counted(&app, WAIT_MAX * 2).await;

        let later = asked(&app, 2);
        // As long as something else is being counted, nobody else counts.
        let turn = app.fixes().turn.clone().lock_owned().await;
        let shown = timeout(WAIT_MAX / 2, ask(&app, &later)).await.unwrap();
        assert!(matches!(&shown, (FirstFixes::Counted(it), false) if Arc::ptr_eq(it, &first)));
        drop(turn);
        let shown = ask(&app, &later).await;
        assert!(matches!(&shown, (FirstFixes::Counted(it), false) if Arc::ptr_eq(it, &first)));
        let counted = async {
            while !app.fixes().last(&later).unwrap().answers(&later) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(20), counted).await.unwrap();
    }

    #[tokio::test]
    async fn what_was_quick_is_counted_again_unless_something_else_is_being_counted() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path());
        let first = counted(&app, Duration::ZERO).await;

        let later = asked(&app, 2);
        let turn = app.fixes().turn.clone().lock_owned().await;
        let shown = timeout(WAIT_MAX / 2, ask(&app, &later)).await.unwrap();
        assert!(matches!(&shown, (FirstFixes::Counted(it), false) if Arc::ptr_eq(it, &first)));
        drop(turn);
        let end = Instant::now() + Duration::from_secs(20);
        while !matches!(ask(&app, &later).await, (FirstFixes::Counted(_), true)) {
            assert!(Instant::now() < end);
        }
    }

    #[tokio::test]
    async fn what_nobody_has_counted_yet_is_counted_though_nobody_waits_so_long() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path());
        let first = asked(&app, 1);
        let turn = app.fixes().turn.clone().lock_owned().await;
        assert!(matches!(ask(&app, &first).await, (FirstFixes::Counting, false)));
        drop(turn);
        let counted = async {
            while app.fixes().last(&first).is_none() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(20), counted).await.unwrap();
    }
}
