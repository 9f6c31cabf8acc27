//! How much memory many page views took, by route.

use crate::{report::told_apart::entry, store::sqlite::PagePlace};
use beacon::{Memory, MemorySource};
use std::collections::HashMap;

/// Routes that are told apart; with 50,000 page views they take some 3 MB.
const TOLD_APART_MAX: usize = 2000;
/// Page views that were looked at for a shorter time say nothing of growth.
const WATCHED_MS_MIN: u32 = 10_000;

/// How much memory a page view took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) last_bytes: u64,
    pub(super) max_bytes: u64,
    /// How much more, or less, it was at last than at first, and how long that took; nothing, if that was
    /// not long enough.
    pub(super) growth: Option<Growth>,
}

/// How much more it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    pub(super) bytes: i64,
    pub(super) ms: u32,
}

/// By route and by what was looked at: the two cannot be compared.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    pub(super) page_views: u64,
    /// Page views of routes that were one too many.
    pub(super) dropped: u64,
    pub(super) by_route: HashMap<(String, MemorySource), Vec<Taken>>,
}

impl Routes {
    /// Adds what a page view of that route tells.
    pub(crate) fn add(&mut self, memory: Memory, PagePlace { route, .. }: PagePlace<'_>) {
        self.page_views += 1;
        let key = (route.to_owned(), memory.source);
        match entry(&mut self.by_route, key, TOLD_APART_MAX) {
            Some(all) => all.push(Taken::of(&memory)),
            None => self.dropped += 1,
        }
    }
}

impl Taken {
    fn of(memory: &Memory) -> Self {
        let Memory { samples, first_bytes, last_bytes, max_bytes, first_ms, last_ms, .. } = *memory;
        let ms = last_ms.saturating_sub(first_ms);
        // Both are below 2^40.
        let bytes = last_bytes.cast_signed() - first_bytes.cast_signed();
        let growth = (samples > 1 && ms >= WATCHED_MS_MIN).then_some(Growth { bytes, ms });
        Self { last_bytes, max_bytes, growth }
    }
}
