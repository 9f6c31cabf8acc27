//! What page views tell, told apart as long as there is room.

use std::{collections::HashMap, hash::Hash};

/// Characters of a name that is probably a minifier's, and another with every release.
pub(super) const MINIFIED_MAX: usize = 2;

/// What belongs to a key; nothing, if the key is new and there are as many as may be.
pub(super) fn entry<K: Eq + Hash, V: Default>(
    all: &mut HashMap<K, V>,
    key: K,
    max: usize,
) -> Option<&mut V> {
    let has_room = all.len() < max || all.contains_key(&key);
    has_room.then(|| all.entry(key).or_default())
}

/// How many page views tell of something, each once, however often it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageViews {
    pub(super) count: u64,
    /// The number of the last of them, from 1 on.
    last: u64,
}

impl PageViews {
    /// Counts the page view of a number, which are told one after another; whether it is another one.
    pub(super) fn see(&mut self, number: u64) -> bool {
        let is_new = self.last != number;
        self.last = number;
        self.count += u64::from(is_new);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_has_room_when_there_is_none() {
        let mut all = HashMap::from([("a", 1)]);
        assert_eq!(entry(&mut all, "a", 1), Some(&mut 1));
        assert_eq!(entry(&mut all, "b", 1), None);
        assert_eq!(entry(&mut all, "b", 2), Some(&mut 0));
    }

    #[test]
    fn a_page_view_counts_once() {
        let mut page_views = PageViews::default();
        let seen = [1, 1, 2, 4, 4].map(|number| page_views.see(number));
        assert_eq!((seen, page_views.count), ([true, false, true, true, false], 3));
    }
}
