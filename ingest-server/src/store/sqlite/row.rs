//! A page view as its row has it, and what becomes of it when another of its beacons comes.

use super::why::Why;
use beacon::MetricName;

/// A row of `page_views`, but for its id and key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Key of `pages`.
    pub(super) page: i64,
    /// Key of `circumstances`.
    pub(super) circumstances: i64,
    pub(super) started_at_ms: i64,
    pub(super) session: Option<i64>,
    /// That of its latest beacon.
    pub(super) sequence: u32,
    /// In the order of [`MetricName::ALL`].
    pub(super) metrics: [Option<MetricValue>; MetricName::ALL.len()],
}

/// A metric in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MetricValue {
    /// That of the beacon it is from.
    pub(super) sequence: u32,
    pub(super) steps: u32,
    /// See [`details`](super::details) for how it is stored.
    pub(super) why: Why,
}

impl Row {
    /// The value of each metric.
    pub(super) fn steps(&self) -> [Option<u32>; MetricName::ALL.len()] {
        self.metrics.each_ref().map(|metric| metric.as_ref().map(|metric| metric.steps))
    }

    /// What two beacons of a page view say together. It is the same in whatever order, and however
    /// often, beacons come: the page view began at the earliest time that any of them says, its
    /// circumstances are those of the one with the highest sequence (of two with one sequence, which
    /// no sender should make, those of the first to arrive), and each metric is that of the highest
    /// sequence that has it (of two, the larger).
    pub(super) fn with(self, other: Self) -> Self {
        let started_at_ms = self.started_at_ms.min(other.started_at_ms);
        let (latest, earlier) =
            if other.sequence > self.sequence { (other, self) } else { (self, other) };
        let mut earlier_metrics = earlier.metrics.into_iter();
        let metrics = latest.metrics.map(|latest| later(latest, earlier_metrics.next().flatten()));
        Self { started_at_ms, metrics, ..latest }
    }
}

fn later(a: Option<MetricValue>, b: Option<MetricValue>) -> Option<MetricValue> {
    let rank = |value: &Option<MetricValue>| value.as_ref().map(|it| (it.sequence, it.steps));
    if rank(&b) > rank(&a) { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn metric() -> impl Strategy<Value = Option<u32>> {
        prop::option::of(0_u32..3)
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let row = (0_u32..4, 0_i64..9, [metric(), metric(), metric()]);
        prop::collection::vec(row, 1..6).prop_map(|rows| {
            let row = |(sequence, started_at_ms, metrics): (u32, i64, [Option<u32>; 3])| {
                let value = |steps| MetricValue { sequence, steps, why: Why::default() };
                let [cls, fcp, inp] = metrics.map(|steps| steps.map(value));
                let metrics = [cls, fcp, inp, None, None, None];
                // Beacons of one sequence are of one page.
                let page = i64::from(sequence);
                Row { page, circumstances: page, started_at_ms, session: None, sequence, metrics }
            };
            rows.into_iter().map(row).collect()
        })
    }

    fn together(rows: impl IntoIterator<Item = Row>) -> Row {
        rows.into_iter().reduce(Row::with).unwrap()
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_of_beacons_matters(
            (rows, shuffled) in rows().prop_flat_map(|rows| {
                (Just(rows.clone()), Just([rows.clone(), rows].concat()).prop_shuffle())
            })
        ) {
            prop_assert_eq!(together(rows), together(shuffled));
        }
    }
}
