//! What is told where not all can be.

/// The places of at most so many of a list, the heaviest first.
pub(super) fn heaviest(length: usize, at_most: usize, weight: &dyn Fn(usize) -> u64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..length).collect();
    // A sort would be more code, and most of it is not needed.
    for place in 0..at_most.min(length) {
        let mut heaviest = place;
        for other in place + 1..length {
            if weight(places[other]) > weight(places[heaviest]) {
                heaviest = other;
            }
        }
        places.swap(place, heaviest);
    }
    places.truncate(at_most);
    places
}

#[cfg(test)]
mod tests {
    use super::heaviest;

    #[test]
    fn the_heaviest_are_kept() {
        let kept = |all: &[u64], at_most| heaviest(all.len(), at_most, &|place| all[place]);
        assert_eq!(kept(&[3, 9, 1, 9, 5], 3), [1, 3, 4]);
        assert_eq!(kept(&[1, 2], 5), [1, 0]);
        assert_eq!(kept(&[1, 2], 0), [0; 0]);
        assert_eq!(kept(&[], 3), [0; 0]);
    }
}
