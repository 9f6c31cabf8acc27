//! Page views, counted in groups.

use super::Buckets;
use crate::{
    distribution::Distribution,
    roll_up::{Cell, Dimension, Facet, Fact, MS_PER_HOUR},
};
use beacon::MetricName;
use std::collections::HashMap;

/// Values that are told apart. There are at most 1000 routes of a day; a group of many page views
/// takes 5 KB.
pub const GROUPS_MAX: usize = 5000;

/// Page views, counted one by one and in cells.
#[derive(Clone, Debug)]
pub(super) struct Count<const N: usize> {
    page_views: i64,
    unmeasured: i64,
    pub(super) distributions: [Distribution; N],
}

impl<const N: usize> Count<N> {
    /// Of no page views.
    pub(super) fn new(metrics: [MetricName; N]) -> Self {
        Self { page_views: 0, unmeasured: 0, distributions: metrics.map(Distribution::new) }
    }

    /// How many there are.
    pub(super) fn page_views(&self) -> u64 {
        self.page_views.try_into().unwrap_or_default()
    }

    /// Of how many of them nothing could be measured.
    pub(super) fn unmeasured(&self) -> u64 {
        self.unmeasured.try_into().unwrap_or_default()
    }

    /// Adds all page views of a cell.
    pub(super) fn merge(&mut self, cell: &Cell) {
        self.page_views += cell.page_views;
        self.unmeasured += cell.unmeasured;
        for distribution in &mut self.distributions {
            distribution.merge(&cell.metrics[distribution.name() as usize]);
        }
    }

    /// Adds a page view, or takes it out.
    pub(super) fn add(&mut self, fact: &Fact<'_>) {
        self.page_views += fact.sign;
        self.unmeasured += if fact.is_unmeasured() { fact.sign } else { 0 };
        for distribution in &mut self.distributions {
            match fact.steps[distribution.name() as usize] {
                Some(steps) if fact.sign > 0 => distribution.add(steps),
                Some(steps) => distribution.retract(steps),
                None => {}
            }
        }
    }
}

/// Page views in groups.
#[derive(Debug)]
pub(super) struct Groups<const N: usize> {
    key: Key,
    metrics: [MetricName; N],
    counts: Vec<Count<N>>,
}

/// What groups are told apart by.
#[derive(Debug)]
enum Key {
    /// Each group begins at one of these times, in milliseconds, and ends at the next.
    Time(Vec<i64>),
    Value(Values),
}

/// The values of a facet, each with the number of its group.
#[derive(Debug)]
struct Values {
    facet: Facet,
    numbers: HashMap<Box<str>, usize>,
    /// Whether there was no number left for one.
    is_full: bool,
}

/// There are more values than [`GROUPS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooManyGroups;

impl<const N: usize> Groups<N> {
    /// By when they began.
    pub(super) fn over_time(buckets: &Buckets, metrics: [MetricName; N]) -> Self {
        let bounds = buckets.bounds.iter().map(|bound| bound.as_millisecond()).collect::<Vec<_>>();
        let counts = vec![Count::new(metrics); bounds.len().saturating_sub(1)];
        Self { key: Key::Time(bounds), metrics, counts }
    }

    /// By the value of a facet.
    pub(super) fn by_value(facet: Facet, metrics: [MetricName; N]) -> Self {
        let values = Values { facet, numbers: HashMap::new(), is_full: false };
        Self { key: Key::Value(values), metrics, counts: Vec::new() }
    }

    /// What they are told apart by, if it is not when they began.
    pub(super) fn facet(&self) -> Option<Facet> {
        match &self.key {
            Key::Time(_) => None,
            Key::Value(values) => Some(values.facet),
        }
    }

    /// Counts the page views of a cell that begins with that hour.
    pub(super) fn merge(
        &mut self,
        (dimension, value, first_hour): (Dimension, &str, i64),
        cell: &Cell,
    ) {
        let group = match &mut self.key {
            Key::Time(bounds) => bucket(bounds, first_hour.saturating_mul(MS_PER_HOUR)),
            Key::Value(values) => values.number(values.facet.value_in(dimension, value)),
        };
        self.count(group).into_iter().for_each(|count| count.merge(cell));
    }

    /// Counts a page view.
    pub(super) fn add(&mut self, fact: &Fact<'_>) {
        let group = match &mut self.key {
            Key::Time(bounds) => bucket(bounds, fact.started_at_ms),
            Key::Value(values) => values.number(fact.values[values.facet as usize]),
        };
        self.count(group).into_iter().for_each(|count| count.add(fact));
    }

    /// Numbers are given one after the other.
    fn count(&mut self, group: Option<usize>) -> Option<&mut Count<N>> {
        let group = group?;
        if group == self.counts.len() {
            self.counts.push(Count::new(self.metrics));
        }
        self.counts.get_mut(group)
    }

    /// One after the other.
    pub(super) fn into_counts(self) -> Vec<Count<N>> {
        self.counts
    }

    /// Each value that some page views have.
    pub(super) fn into_values(self) -> Result<Vec<(Box<str>, Count<N>)>, TooManyGroups> {
        let Key::Value(Values { numbers, is_full, .. }) = self.key else { return Ok(Vec::new()) };
        if is_full {
            return Err(TooManyGroups);
        }
        let mut named = numbers.into_iter().collect::<Vec<_>>();
        named.sort_unstable_by_key(|(_, number)| *number);
        let counted = named.into_iter().map(|(value, _)| value).zip(self.counts);
        // What was taken out again may have left an empty one.
        Ok(counted.filter(|(_, count)| count.page_views > 0).collect())
    }
}

impl Values {
    fn number(&mut self, value: &str) -> Option<usize> {
        if let Some(number) = self.numbers.get(value) {
            return Some(*number);
        }
        let number = self.numbers.len();
        self.is_full |= number == GROUPS_MAX;
        if self.is_full {
            return None;
        }
        self.numbers.insert(value.into(), number);
        Some(number)
    }
}

/// In which of the spans between these bounds that time lies.
fn bucket(bounds: &[i64], ms: i64) -> Option<usize> {
    let after = bounds.partition_point(|bound| *bound <= ms);
    after.checked_sub(1).filter(|_| after < bounds.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::SiteId;

    fn fact(browser: &str) -> Fact<'_> {
        let mut values = [""; Facet::ALL.len()];
        values[Facet::Browser as usize] = browser;
        let steps = [None; MetricName::ALL.len()];
        Fact { sign: 1, site: SiteId(1), started_at_ms: 0, values, steps }
    }

    #[test]
    fn a_bound_belongs_to_what_begins_with_it() {
        let found = [-1, 0, 9, 10, 19, 20].map(|ms| bucket(&[0, 10, 20], ms));
        assert_eq!(found, [None, Some(0), Some(0), Some(1), Some(1), None]);
    }

    #[test]
    fn a_value_whose_page_views_are_all_taken_out_again_has_no_group() {
        let mut groups = Groups::by_value(Facet::Browser, [MetricName::Lcp]);
        for (browser, sign) in [("Chrome", 1), ("Safari", 1), ("Chrome", -1)] {
            groups.add(&Fact { sign, ..fact(browser) });
        }
        let values = groups.into_values().unwrap().into_iter().map(|(value, _)| value);
        assert_eq!(values.collect::<Vec<_>>(), [Box::<str>::from("Safari")]);
    }

    #[test]
    fn one_value_more_than_can_be_told_apart_is_too_many() {
        let names = (0..=GROUPS_MAX).map(|number| number.to_string()).collect::<Vec<_>>();
        for (count, is_told) in [(GROUPS_MAX, true), (GROUPS_MAX + 1, false)] {
            let mut groups = Groups::by_value(Facet::Browser, [MetricName::Lcp]);
            for name in names.iter().chain(&names).filter(|it| it.parse::<usize>().unwrap() < count)
            {
                groups.add(&fact(name));
            }
            assert_eq!(groups.into_values().is_ok(), is_told, "{count}");
        }
    }
}
