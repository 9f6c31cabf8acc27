//! What is told where not all can be.

/// Keeps at most so many of them, the heaviest first. The count of the others is dropped.
pub(super) fn keep_heaviest<T>(
    all: &mut Vec<T>,
    at_most: usize,
    dropped: &mut u32,
    weight: impl Fn(&T) -> u64,
    count: impl Fn(&T) -> u32,
) {
    // A sort would be more code, and most of it is not needed.
    for place in 0..at_most.min(all.len()) {
        let mut heaviest = place;
        for other in place + 1..all.len() {
            if weight(&all[other]) > weight(&all[heaviest]) {
                heaviest = other;
            }
        }
        all.swap(place, heaviest);
    }
    while all.len() > at_most {
        *dropped += all.pop().map_or(0, |it| count(&it));
    }
}

#[cfg(test)]
mod tests {
    use super::keep_heaviest;

    /// What is kept, and how much is dropped.
    fn kept(all: &[u64], at_most: usize) -> (Vec<u64>, u32) {
        let (mut all, mut dropped) = (all.to_vec(), 10);
        keep_heaviest(&mut all, at_most, &mut dropped, |it| *it, |_| 2);
        (all, dropped)
    }

    #[test]
    fn the_heaviest_are_kept_and_the_others_counted() {
        assert_eq!(kept(&[3, 9, 1, 9, 5], 3), (vec![9, 9, 5], 14));
        assert_eq!(kept(&[1, 2], 5), (vec![2, 1], 10));
        assert_eq!(kept(&[1, 2], 0), (vec![], 14));
        assert_eq!(kept(&[], 3), (vec![], 10));
    }
}
