//! What counts most among many, in bounded memory.

use std::{collections::HashMap, hash::Hash};

/// What something counts: first by this, then by that.
pub(super) type Score = [u64; 2];

/// Scores by key. When there are too many keys the lesser half is forgotten, so that one that comes
/// late and often is found as well. Nothing is forgotten that has more than a small share of all:
/// Manku and Motwani, "Approximate Frequency Counts over Data Streams", VLDB 2002.
#[derive(Clone, Debug)]
pub(super) struct Frequent<K> {
    scores: HashMap<K, Score>,
    keys_max: usize,
}

impl<K: Clone + Eq + Hash + Ord> Frequent<K> {
    pub(super) fn new(keys_max: usize) -> Self {
        Self { scores: HashMap::new(), keys_max }
    }

    pub(super) fn add(&mut self, key: K, score: Score) {
        if self.scores.len() >= self.keys_max && !self.scores.contains_key(&key) {
            self.forget();
        }
        let sum = self.scores.entry(key).or_default();
        *sum = [sum[0] + score[0], sum[1] + score[1]];
    }

    fn forget(&mut self) {
        let mut scores = self.scores.values().copied().collect::<Vec<_>>();
        let middle = scores.len() / 2;
        let (_, median, _) = scores.select_nth_unstable(middle);
        let median = *median;
        self.scores.retain(|_, score| *score > median);
    }

    /// Those with the highest scores, the highest first; of equal ones the lesser key.
    pub(super) fn into_best(self, count: usize) -> Vec<K> {
        let mut all = self.scores.into_iter().collect::<Vec<_>>();
        all.sort_unstable_by(|(a, a_score), (b, b_score)| b_score.cmp(a_score).then(a.cmp(b)));
        all.truncate(count);
        all.into_iter().map(|(key, _)| key).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_by_either_score_and_then_by_name() {
        let mut frequent = Frequent::new(10);
        for (key, score) in
            [("d", [1, 1]), ("b", [1, 2]), ("c", [1, 1]), ("a", [0, 9]), ("c", [1, 0])]
        {
            frequent.add(key, score);
        }
        assert_eq!(frequent.clone().into_best(9), ["c", "b", "d", "a"]);
        assert_eq!(frequent.into_best(1), ["c"]);
    }

    #[test]
    fn what_comes_late_and_often_is_found_among_any_number_of_others() {
        let mut frequent = Frequent::new(100);
        for number in 0..100_000_u32 {
            frequent.add(number + 1, [0, 1]);
            if number > 90_000 && number % 10 == 0 {
                frequent.add(0, [0, 1]);
            }
            assert!(frequent.scores.len() <= 100);
        }
        assert_eq!(frequent.into_best(1), [0]);
    }
}
