//! Spans of time, and the cells that they are made of.

use crate::roll_up::Hours;
use jiff::Timestamp;
use std::ops::Range;

/// Spans of time, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// Where each begins, and at the end where the last one ends.
    pub bounds: Vec<Timestamp>,
    /// Whether page views are counted by hours and days that fit in between: bounds are full hours,
    /// and full days (UTC) where they lie so far back that hours are not kept. Otherwise they are
    /// read one by one.
    pub are_counted: bool,
}

impl Buckets {
    /// One span of full hours or days.
    pub(super) fn one(from: Timestamp, to: Timestamp) -> Self {
        Self { bounds: vec![from, to], are_counted: true }
    }

    /// The cells that fit in between the bounds: days, and hours before the first and after the last
    /// of them. Those that follow each other are read at once.
    pub(super) fn spans(&self) -> Vec<(Hours, Range<i64>)> {
        let bounds = self.bounds.iter().map(|bound| super::hour(*bound)).collect::<Vec<_>>();
        let mut spans = Vec::<(Hours, Range<i64>)>::new();
        for span in bounds.windows(2).flat_map(|bounds| spans_of(bounds[0]..bounds[1])) {
            match spans.last_mut() {
                Some((hours, before)) if (*hours, before.end) == (span.0, span.1.start) => {
                    before.end = span.1.end;
                }
                _ => spans.push(span),
            }
        }
        spans
    }
}

fn spans_of(hours: Range<i64>) -> impl Iterator<Item = (Hours, Range<i64>)> {
    let Range { start, end } = hours;
    let day = Hours::Day.count();
    // Of a period within a day, both are its end.
    let first_midnight = ((start + day - 1).div_euclid(day) * day).min(end);
    let last_midnight = (end.div_euclid(day) * day).max(first_midnight);
    let spans = [
        (Hours::Hour, start..first_midnight),
        (Hours::Day, first_midnight..last_midnight),
        (Hours::Hour, last_midnight..end),
    ];
    spans.into_iter().filter(|(_, span)| !span.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(hours: &[i64]) -> Vec<(Hours, Range<i64>)> {
        let bounds = hours.iter().map(|hour| Timestamp::from_second(hour * 3600).unwrap());
        Buckets { bounds: bounds.collect(), are_counted: true }.spans()
    }

    #[test]
    fn days_that_follow_each_other_are_read_at_once() {
        assert_eq!(spans(&[24, 48, 72, 96]), [(Hours::Day, 24..96)]);
        assert_eq!(spans(&[22, 46, 70]), [(Hours::Hour, 22..70)]);
        let mixed = [(Hours::Hour, 22..24), (Hours::Day, 24..72), (Hours::Hour, 72..73)];
        assert_eq!(spans(&[22, 48, 73]), mixed);
    }

    proptest! {
        #[test]
        fn every_hour_is_in_one_cell_that_is_within_a_bucket(
            bounds in prop::collection::btree_set(-100_i64..200, 2..8)
        ) {
            let (first, last) = (*bounds.first().unwrap(), *bounds.last().unwrap());
            let mut next = first;
            for (hours, span) in spans(&bounds.iter().copied().collect::<Vec<_>>()) {
                prop_assert_eq!(span.start, next);
                next = span.end;
                for cell in span.step_by(usize::try_from(hours.count()).unwrap()) {
                    prop_assert_eq!(cell.rem_euclid(hours.count()), 0);
                    prop_assert!(bounds.range(cell + 1..cell + hours.count()).next().is_none());
                }
            }
            prop_assert_eq!(next, last);
        }
    }
}
