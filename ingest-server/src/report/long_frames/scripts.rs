//! What scripts did in long frames of many page views, added up.

use crate::{
    report::{durations::DurationSum, host, told_apart::PageViews},
    store::sqlite::PagePlace,
};
use beacon::{FrameScript, InvokerType, LongFrames};
use std::{collections::HashMap, sync::Arc};

/// Scripts that are told apart; a page view has at most 50. They take some 20 MB at most.
const TOLD_APART_MAX: usize = 5000;
/// Hosts that are told apart.
const ORIGINS_MAX: usize = 1000;

/// What tells one script from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) source: String,
    pub(super) function: String,
    pub(super) invoker: String,
    pub(super) invoker_type: InvokerType,
}

/// What one script did, or all of one host.
#[derive(Clone, Debug, Default)]
pub(super) struct Ran {
    /// Empty for what is part of the page itself, or not known.
    pub(super) host: Arc<str>,
    /// Whether it is somebody else's on any of the pages.
    pub(super) is_third_party: bool,
    pub(super) page_views: PageViews,
    pub(super) count: u64,
    pub(super) total_us: u64,
    pub(super) blocking_us: u64,
    pub(super) forced_us: u64,
    pub(super) slow_interactions: u64,
}

/// All scripts, and the frames that they ran in.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    pub(super) page_views: u64,
    pub(super) frames: DurationSum,
    pub(super) blocking_us: u64,
    /// Of each page view.
    pub(super) blocking_us_each: Vec<u32>,
    pub(super) slow_interactions: u64,
    /// How often something ran that was one too many, in a page view or here.
    pub(super) dropped: u64,
    pub(super) by_key: HashMap<Key, Ran>,
    pub(super) by_origin: HashMap<Arc<str>, Ran>,
}

impl Scripts {
    /// Adds what a page view on that host tells.
    pub(crate) fn add(&mut self, told: LongFrames, place: PagePlace<'_>) {
        self.page_views += 1;
        self.frames.add(&told.frames);
        self.blocking_us += u64::from(told.blocking_us);
        self.blocking_us_each.push(told.blocking_us);
        self.slow_interactions += u64::from(told.slow_interactions);
        self.dropped += u64::from(told.dropped);
        for script in told.scripts {
            self.add_script(script, place.host);
        }
    }

    fn add_script(&mut self, script: FrameScript, page: &str) {
        let numbers = script.clone();
        let FrameScript { source, function, invoker, invoker_type, .. } = script;
        let key = Key { source, function, invoker, invoker_type };
        let known = self.by_key.get(&key).map(|ran| ran.host.clone());
        let is_known = known.is_some();
        let host = known.unwrap_or_else(|| host::of(&key.source).unwrap_or_default().into());
        let is_third_party = host::is_third_party(page, &host);
        let unseen = || Ran { host: host.clone(), ..Ran::default() };
        if self.by_origin.len() < ORIGINS_MAX || self.by_origin.contains_key(&host) {
            let ran = self.by_origin.entry(host.clone()).or_insert_with(unseen);
            ran.add(&numbers, is_third_party, self.page_views);
        }
        if is_known || self.by_key.len() < TOLD_APART_MAX {
            let ran = self.by_key.entry(key).or_insert_with(unseen);
            ran.add(&numbers, is_third_party, self.page_views);
        } else {
            self.dropped += u64::from(numbers.count);
        }
    }
}

impl Ran {
    fn add(&mut self, script: &FrameScript, is_third_party: bool, page_view: u64) {
        self.is_third_party |= is_third_party;
        self.page_views.see(page_view);
        self.count += u64::from(script.count);
        self.total_us += u64::from(script.total_us);
        self.blocking_us += u64::from(script.blocking_us);
        self.forced_us += u64::from(script.forced_us);
        self.slow_interactions += u64::from(script.slow_interactions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(source: &str, function: &str) -> FrameScript {
        FrameScript {
            source: source.to_owned(),
            function: function.to_owned(),
            invoker: String::new(),
            invoker_type: InvokerType::UserCallback,
            count: 1,
            total_us: 9,
            blocking_us: 5,
            forced_us: 1,
            slow_interactions: 0,
        }
    }

    fn told(scripts: Vec<FrameScript>) -> LongFrames {
        LongFrames { scripts, dropped: 2, ..LongFrames::default() }
    }

    #[test]
    fn hosts_are_added_up_and_those_of_others_are_told_from_the_pages_own() {
        let mut scripts = Scripts::default();
        let own = "https://static.shop.example/app.js";
        let foreign = "https://ads.example/tag.js";
        let pages =
            [vec![script(own, "a"), script(own, "b"), script("", "c")], vec![script(foreign, "a")]];
        for page in pages {
            scripts.add(told(page), PagePlace::on("www.shop.example:8443"));
        }
        assert_eq!((scripts.page_views, scripts.dropped, scripts.by_key.len()), (2, 4, 4));
        let of = |origin: &str| {
            let ran = &scripts.by_origin[origin];
            (ran.is_third_party, ran.page_views.count, ran.count, ran.blocking_us)
        };
        assert_eq!(of("static.shop.example"), (false, 1, 2, 10));
        assert_eq!(of("ads.example"), (true, 1, 1, 5));
        assert_eq!(of(""), (false, 1, 1, 5));
    }

    #[test]
    fn scripts_that_are_too_many_are_counted_as_dropped() {
        let mut scripts = Scripts::default();
        for n in 0..TOLD_APART_MAX + 5 {
            let told = LongFrames { dropped: 0, ..told(vec![script("", &n.to_string())]) };
            scripts.add(told, PagePlace::on(""));
        }
        assert_eq!((scripts.by_key.len(), scripts.dropped), (TOLD_APART_MAX, 5));
        assert_eq!(scripts.by_origin[""].count, u64::try_from(TOLD_APART_MAX + 5).unwrap());
    }
}
