//! Facts → cells.

use super::{Cell, Dimension, Observed};
use crate::ingest::SiteId;
use beacon::{FormFactor, MetricName};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Milliseconds in an hour.
pub const MS_PER_HOUR: i64 = 3_600_000;
const HOURS_PER_DAY: i64 = 24;

/// A page view as it is counted.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// 1 to put it in, -1 to take it out.
    pub sign: i64,
    /// Whose it is.
    pub site: SiteId,
    /// When it began, in milliseconds since 1970.
    pub started_at_ms: i64,
    /// The [route on its host](super::RouteOnHost) and, in their order, the values of
    /// [`Dimension::PLAIN`]; an absent text is empty.
    pub values: [&'a str; 1 + Dimension::PLAIN.len()],
    /// In the order of [`MetricName::ALL`].
    pub steps: [Option<u32>; MetricName::ALL.len()],
}

impl Fact<'_> {
    /// Whether nothing could be measured of it.
    pub fn is_unmeasured(&self) -> bool {
        self.steps == [None; MetricName::ALL.len()]
    }
}

/// A span of hours that cells are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hours {
    /// One.
    Hour,
    /// 24, from midnight UTC.
    Day,
}

impl Hours {
    /// How many there are in it.
    pub fn count(self) -> i64 {
        match self {
            Self::Hour => 1,
            Self::Day => HOURS_PER_DAY,
        }
    }
}

/// What the page views of a cell are alike in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place<V> {
    /// Whose they are.
    pub site: SiteId,
    /// What they are alike in.
    pub dimension: Dimension,
    /// What that is.
    pub value: V,
    /// For how long the cell is.
    pub hours: Hours,
    /// Its first hour, in hours since 1970.
    pub first_hour: i64,
}

/// Counts facts by everything they may be alike in.
#[derive(Debug, Default)]
pub struct Fold {
    /// Texts by number, so that the place of a cell is a few numbers.
    numbers: HashMap<Box<str>, usize, RandomState>,
    texts: Vec<Box<str>>,
    /// Of one hour each.
    cells: HashMap<Place<usize>, Cell, RandomState>,
}

impl Fold {
    /// Counts a fact.
    pub fn add(&mut self, fact: &Fact<'_>) {
        let first_hour = fact.started_at_ms.div_euclid(MS_PER_HOUR);
        let observed = observed(fact);
        let mut count = |dimension, value: &str| {
            let value = self.number(value);
            let place = Place { site: fact.site, dimension, value, hours: Hours::Hour, first_hour };
            let cell = self.cells.entry(place).or_default();
            cell.page_views += fact.sign;
            cell.unmeasured += if fact.is_unmeasured() { fact.sign } else { 0 };
            for (tally, observed) in cell.metrics.iter_mut().zip(observed) {
                if let Some(observed) = observed {
                    tally.change(observed, fact.sign);
                }
            }
        };
        count(Dimension::Site, "");
        let [route, plain @ ..] = fact.values;
        let form_factor = FormFactor::from_word(plain[0]);
        count(form_factor.map_or(Dimension::RouteOnOthers, Dimension::route_on), route);
        for (dimension, value) in Dimension::PLAIN.into_iter().zip(plain) {
            count(dimension, value);
        }
    }

    /// The cells, of hours and of days, in the order of their places.
    pub fn into_cells(self) -> Vec<(Place<Box<str>>, Cell)> {
        let Self { texts, mut cells, .. } = self;
        for (place, cell) in cells.clone() {
            let first_hour = place.first_hour.div_euclid(HOURS_PER_DAY) * HOURS_PER_DAY;
            let day = Place { hours: Hours::Day, first_hour, ..place };
            cells.entry(day).or_default().merge(&cell);
        }
        let named = |(place, cell): (Place<usize>, Cell)| {
            let Place { site, dimension, value, hours, first_hour } = place;
            let value = texts[value].clone();
            (Place { site, dimension, value, hours, first_hour }, cell)
        };
        let mut cells = cells.into_iter().map(named).collect::<Vec<_>>();
        // Neighbours in the database are written one after the other.
        cells.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        cells
    }

    fn number(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len();
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }
}

fn observed(fact: &Fact<'_>) -> [Option<Observed>; MetricName::ALL.len()] {
    let mut observed = [None; MetricName::ALL.len()];
    for ((observed, name), steps) in observed.iter_mut().zip(MetricName::ALL).zip(fact.steps) {
        *observed = steps.map(|steps| Observed::new(name, steps));
    }
    observed
}
