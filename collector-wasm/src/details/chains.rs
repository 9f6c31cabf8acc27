//! Requests that wait for each other, and how long at least one is under way.

use beacon::limits;

/// In microseconds, because sums of them are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) begin_us: u64,
    pub(super) end_us: u64,
    /// What it is about.
    pub(super) place: usize,
}

/// What begins so long after another has ended may have waited for it.
const PAUSE_MAX_US: u64 = 50_000;

/// Intervals of which each may have waited for the one before, in the order of time.
pub(super) type Chain = Vec<Interval>;

/// Puts it where it belongs: they are in the order in which they began.
pub(super) fn insert(all: &mut Vec<Interval>, one: Interval) {
    let after = all.iter().rposition(|it| it.begin_us <= one.begin_us);
    all.insert(after.map_or(0, |at| at + 1), one);
}

/// How long at least one was under way.
pub(super) fn elapsed_us(all: &[Interval]) -> u64 {
    let (mut sum_us, mut until_us) = (0, 0);
    for it in all {
        sum_us += it.end_us.saturating_sub(it.begin_us.max(until_us));
        until_us = it.end_us.max(until_us);
    }
    sum_us
}

/// All chains. Each interval is in one at most: from the last to end backwards, each follows the one
/// that ended last before it began.
pub(super) fn chains(all: &[Interval]) -> Vec<Chain> {
    let mut rest = all.to_vec();
    let mut chains = Vec::new();
    while let Some(last) = take_last(&mut rest, 0, u64::MAX) {
        let mut chain = vec![last];
        while chain.len() < limits::CHAIN_MAX {
            let begin_us = chain[0].begin_us;
            let earliest_us = begin_us.saturating_sub(PAUSE_MAX_US);
            let Some(before) = take_last(&mut rest, earliest_us, begin_us) else { break };
            chain.insert(0, before);
        }
        if chain.len() > 1 {
            chains.push(chain);
        }
    }
    chains
}

/// The one that ends last between two times.
fn take_last(all: &mut Vec<Interval>, from_us: u64, to_us: u64) -> Option<Interval> {
    let mut last: Option<usize> = None;
    for (at, it) in all.iter().enumerate() {
        let is_later = last.is_none_or(|last| it.end_us > all[last].end_us);
        if it.end_us >= from_us && it.end_us <= to_us && is_later {
            last = Some(at);
        }
    }
    last.map(|at| all.remove(at))
}

/// How long it took, and how long the longest of them.
pub(super) fn total_and_longest_us(chain: &[Interval]) -> (u64, u64) {
    let longest_us = chain.iter().map(|it| it.end_us - it.begin_us).max().unwrap_or_default();
    let total_us = match chain {
        [first, .., last] => last.end_us - first.begin_us,
        _ => longest_us,
    };
    (total_us, longest_us)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn intervals(ms: &[(u64, u64)]) -> Vec<Interval> {
        let mut all = Vec::new();
        for (place, &(begin, length)) in ms.iter().enumerate() {
            let begin_us = begin * 1000;
            insert(&mut all, Interval { begin_us, end_us: begin_us + length * 1000, place });
        }
        all
    }

    fn places(ms: &[(u64, u64)]) -> Vec<Vec<usize>> {
        let places = |chain: Chain| chain.into_iter().map(|it| it.place).collect();
        chains(&intervals(ms)).into_iter().map(places).collect()
    }

    #[test]
    fn a_waterfall_is_a_chain_and_what_is_asked_for_at_once_is_none() {
        assert_eq!(places(&[(0, 100), (100, 50), (200, 90), (310, 10)]), [[0, 1, 2, 3]]);
        assert_eq!(places(&[(0, 100), (1, 100), (2, 100), (3, 100), (4, 100)]), [[0; 0]; 0]);
        // The pause is too long.
        assert_eq!(places(&[(0, 100), (151, 50)]), [[0; 0]; 0]);
    }

    #[test]
    fn what_ends_last_follows_what_ended_last_before_it() {
        // Two after one: the longer one waited longer.
        assert_eq!(places(&[(0, 100), (110, 50), (110, 90)]), [[0, 2]]);
        // One after two.
        assert_eq!(places(&[(0, 80), (0, 100), (110, 50)]), [[1, 2]]);
    }

    #[test]
    fn a_chain_that_is_too_long_is_several() {
        let all: Vec<_> = (0..25).map(|n| (n * 100, 90)).collect();
        let lengths: Vec<_> = chains(&intervals(&all)).iter().map(Vec::len).collect();
        assert_eq!(lengths, [10, 10, 5]);
    }

    #[test]
    fn requests_that_take_no_time_are_no_endless_chain() {
        assert_eq!(chains(&intervals(&[(5, 0); 30])).len(), 3);
    }

    proptest! {
        #[test]
        fn the_union_is_as_long_as_the_milliseconds_that_are_in_any(
            ms in prop::collection::vec((0..300_u64, 0..60_u64), 0..40),
        ) {
            let covered = (0..400).filter(|at| ms.iter().any(|(begin, length)| (*begin..begin + length).contains(at)));
            prop_assert_eq!(elapsed_us(&intervals(&ms)), covered.count() as u64 * 1000);
        }

        #[test]
        fn no_chain_overlaps_and_none_pauses_long(
            ms in prop::collection::vec((0..900_u64, 0..200_u64), 0..60),
        ) {
            let all = chains(&intervals(&ms));
            let mut seen = Vec::new();
            for chain in &all {
                prop_assert!((2..=limits::CHAIN_MAX).contains(&chain.len()));
                for pair in chain.windows(2) {
                    let pause_us = pair[1].begin_us.checked_sub(pair[0].end_us);
                    prop_assert!(pause_us.is_some_and(|it| it <= PAUSE_MAX_US));
                }
                let (total_us, longest_us) = total_and_longest_us(chain);
                prop_assert!(longest_us <= total_us);
                seen.extend(chain.iter().map(|it| it.place));
            }
            let count = seen.len();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), count);
        }
    }
}
