//! What many page views timed, added up by name.

use crate::{
    report::{durations::DurationSum, told_apart::entry},
    store::sqlite::PagePlace,
};
use beacon::{Measure, MeasureKind, Measures};
use std::collections::HashMap;

/// Names that are told apart; a page view has at most 50. They take some 4 MB at most.
const TOLD_APART_MAX: usize = 2000;

/// All that was timed by one name.
#[derive(Debug, Default)]
pub(super) struct Timed {
    pub(super) page_views: u64,
    pub(super) durations: DurationSum,
}

/// What was timed, by kind and name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(super) page_views: u64,
    /// How often something was timed whose name was one too many, in a page view or here.
    pub(super) dropped: u64,
    pub(super) by_name: HashMap<(MeasureKind, String), Timed>,
}

impl Names {
    /// Adds what a page view tells.
    pub(crate) fn add(&mut self, Measures { names, dropped }: Measures, _place: PagePlace<'_>) {
        self.page_views += 1;
        self.dropped += u64::from(dropped);
        for Measure { kind, name, durations } in names {
            if let Some(timed) = entry(&mut self.by_name, (kind, name), TOLD_APART_MAX) {
                // A page view has each kind and name once.
                timed.page_views += 1;
                timed.durations.add(&durations);
            } else {
                self.dropped += u64::from(durations.count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::durations::tests::durations;

    #[test]
    fn names_that_are_too_many_are_counted_as_dropped() {
        let mut names = Names::default();
        for n in 0..TOLD_APART_MAX + 5 {
            let name = n.to_string();
            let durations = durations(&[1.0, 2.0]);
            let measure = Measure { kind: MeasureKind::Mark, name, durations };
            names.add(Measures { names: vec![measure], dropped: 0 }, PagePlace::on(""));
        }
        assert_eq!((names.by_name.len(), names.dropped), (TOLD_APART_MAX, 10));
    }
}
