//! What was written, for one who passes it on and may be slower than the writer, who does not wait: what
//! has no room is dropped and counted.

use super::page_view::{Change, PageView};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};
use tokio::sync::mpsc;

/// Page views that wait to be passed on. One has at most 2.8 KB of text, so all of it is below 46 MB.
const WAITING_MAX: usize = 16_384;

/// A beacon that is on disk, and what became of its page view by it.
#[derive(Debug)]
pub struct Written {
    /// What the beacon says, but for its measurements: those of its page view are in the change.
    pub page_view: PageView,
    /// What became of it.
    pub change: Change,
    /// When it was written.
    pub at: SystemTime,
}

/// The end at which it is put in.
#[derive(Debug)]
pub(super) struct Feed {
    waiting: mpsc::Sender<Written>,
    dropped: AtomicU64,
}

impl Feed {
    /// One, and the end at which it is taken out.
    pub(super) fn new() -> (Self, mpsc::Receiver<Written>) {
        let (waiting, taken) = mpsc::channel(WAITING_MAX);
        (Self { waiting, dropped: AtomicU64::new(0) }, taken)
    }

    /// Puts in what changes a metric, but for what bots say.
    pub(super) fn put<'a>(
        &self,
        written: impl Iterator<Item = (&'a PageView, &'a Change)>,
        at: SystemTime,
    ) {
        written.for_each(|(page_view, change)| self.put_one(page_view, change, at));
    }

    fn put_one(&self, page_view: &PageView, change: &Change, at: SystemTime) {
        let changed = change.changed().count();
        if changed == 0 || page_view.is_bot {
            return;
        }
        match self.waiting.try_reserve() {
            Ok(room) => {
                room.send(Written { page_view: page_view.unexplained(), change: *change, at });
            }
            Err(_) => {
                self.dropped.fetch_add(changed as u64, Ordering::Relaxed);
            }
        }
    }

    /// How many values of metrics had no room.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Measurements, SiteId};
    use beacon::Id;
    use jiff::Timestamp;
    use std::iter;

    fn page_view(is_bot: bool) -> PageView {
        PageView {
            site: SiteId(1),
            id: Id([7; 16]),
            sequence: 0,
            session: None,
            started_at: Timestamp::UNIX_EPOCH,
            url: None,
            host: None,
            route: None,
            release: None,
            navigation_type: None,
            form_factor: None,
            browser: None,
            os: None,
            country: None,
            is_bot,
            connection: None,
            sample_rate: 1.0,
            measurements: Measurements::default(),
            sections: crate::ingest::Sections::default(),
        }
    }

    #[test]
    fn what_has_no_room_is_counted_and_what_changes_nothing_is_not_put_in() {
        let (feed, mut taken) = Feed::new();
        let changed = Change { before: None, after: [Some(1), Some(2), None, None, None, None] };
        let unchanged = Change { before: Some(changed.after), after: changed.after };
        let at = SystemTime::UNIX_EPOCH;
        let (visitor, bot) = (page_view(false), page_view(true));
        feed.put([(&visitor, &unchanged), (&bot, &changed)].into_iter(), at);
        feed.put(iter::repeat_n((&visitor, &changed), WAITING_MAX + 3), at);
        assert_eq!(feed.dropped(), 3 * 2);
        let count = iter::from_fn(|| taken.try_recv().ok()).count();
        assert_eq!(count, WAITING_MAX);
    }
}
