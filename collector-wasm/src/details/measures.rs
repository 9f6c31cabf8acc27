//! What a page times itself, by kind and name.

use super::{
    tell::{Tell, put, put_durations, put_length, put_text},
    took::{self, Took},
};
use beacon::{Durations, Measure, MeasureKind, limits};

/// What was timed in a page view.
#[derive(Debug, Default)]
pub struct Measures(beacon::Measures);

impl Measures {
    /// Adds what was timed once. One whose name is one too many, or nothing that can be told, is counted as
    /// dropped.
    pub fn add(&mut self, kind: MeasureKind, name: String, took: Took) {
        let beacon::Measures { names, dropped } = &mut self.0;
        let known = names.iter().position(|it| it.kind == kind && it.name == name);
        if name.is_empty() || (known.is_none() && names.len() == limits::MEASURES_MAX) {
            *dropped += 1;
            return;
        }
        let place = known.unwrap_or_else(|| {
            names.push(Measure { kind, name, durations: Durations::default() });
            names.len() - 1
        });
        took::add(&mut names[place].durations, took);
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::Measures {
        super::tell::told(self, at_most)
    }
}

impl Tell for Measures {
    /// The first names.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::Measures { names, dropped } = &self.0;
        let (names, others) = names.split_at(at_most.min(names.len()));
        put_length(into, names.len());
        for Measure { kind, name, durations } in names {
            put(into, &[*kind as u32]);
            put_text(into, name);
            put_durations(into, durations);
        }
        put(into, &[others.iter().fold(*dropped, |sum, it| sum + it.durations.count)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_another_one_for_each_kind() {
        let mut measures = Measures::default();
        for (kind, ms) in
            [(MeasureKind::Mark, 1.0), (MeasureKind::Measure, 2.0), (MeasureKind::Mark, 3.0)]
        {
            measures.add(kind, "search".to_owned(), Took::of(ms));
        }
        let told = measures.told(50).names;
        let told: Vec<_> =
            told.iter().map(|it| (it.kind, it.durations.count, it.durations.total_us)).collect();
        assert_eq!(told, [(MeasureKind::Mark, 2, 4000), (MeasureKind::Measure, 1, 2000)]);
    }

    #[test]
    fn what_has_no_name_that_can_be_told_is_dropped() {
        let mut measures = Measures::default();
        measures.add(MeasureKind::Mark, String::new(), Took::of(1.0));
        let told = measures.told(50);
        assert_eq!((told.names.len(), told.dropped), (0, 1));
    }

    proptest! {
        #[test]
        fn everything_that_was_timed_is_told_or_counted_as_dropped(
            names in prop::collection::vec(0..80_u32, 0..300),
            at_most in 0..60_usize,
        ) {
            let mut measures = Measures::default();
            for name in &names {
                measures.add(MeasureKind::Measure, name.to_string(), Took::of(1.0));
            }
            let told = measures.told(at_most);
            let counted = told.names.iter().map(|it| it.durations.count).sum::<u32>();
            prop_assert!(told.names.len() <= at_most.min(limits::MEASURES_MAX));
            prop_assert_eq!((counted + told.dropped) as usize, names.len());
        }
    }
}
