//! What counts most among many, in bounded memory.

use std::{cmp::Ordering, collections::HashMap, hash::Hash};

/// What something counts: first by this, then by that.
pub(super) type Score = [u64; 2];

/// Scores by key. When there are too many keys the lesser half is forgotten, so that one that comes
/// late and often is found as well.
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

    /// Keeps half of them, also where scores are equal.
    fn forget(&mut self) {
        let mut scores = self.scores.drain().collect::<Vec<_>>();
        let kept = scores.len() / 2;
        scores.select_nth_unstable_by(kept, best_first);
        scores.truncate(kept);
        self.scores.extend(scores);
    }

    /// Those with the highest scores, the highest first.
    pub(super) fn into_best(self, count: usize) -> Vec<K> {
        let mut all = self.scores.into_iter().collect::<Vec<_>>();
        all.sort_unstable_by(best_first);
        all.truncate(count);
        all.into_iter().map(|(key, _)| key).collect()
    }
}

/// Of equal scores the one of the lesser key.
fn best_first<K: Ord>((a, a_score): &(K, Score), (b, b_score): &(K, Score)) -> Ordering {
    b_score.cmp(a_score).then_with(|| a.cmp(b))
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
            frequent.add(number, [0, 1]);
            if number > 90_000 && number % 10 == 0 {
                frequent.add(u32::MAX, [0, 1]);
            }
            assert!(frequent.scores.len() <= 100);
        }
        assert_eq!(frequent.into_best(1), [u32::MAX]);
    }

    #[test]
    fn where_most_scores_are_equal_half_is_kept_and_not_nothing() {
        for higher in [0, 10, 40, 60, 100] {
            let mut frequent = Frequent::new(100);
            for number in 0..100_u64 {
                frequent.add(number, [u64::from(number >= 100 - higher), 1]);
            }
            frequent.add(100, [0, 1]);
            assert_eq!(frequent.scores.len(), 51, "{higher}");
            let kept = frequent.scores.values().filter(|[first, _]| *first > 0).count();
            assert_eq!(kept as u64, higher.min(50), "{higher}");
        }
    }
}
