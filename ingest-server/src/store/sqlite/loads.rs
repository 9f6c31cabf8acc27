//! Page views by the days in which they began: how they came about, on what devices, and what was
//! measured on them.

use super::{
    ReadError, Reader, Selection, address,
    facts::{self, Source},
    groups::Count,
    histograms, kept, roll_up,
    selection::Values,
};
use crate::{
    distribution::Distribution,
    roll_up::{Dimension, Facet, Fact, Hours, MS_PER_HOUR},
};
use beacon::{FormFactor, MetricName, NavigationType};
use rusqlite::{Connection, Result};
use std::ops::Range;

/// Which page views are to be read, and how they are parted.
#[derive(Clone, Debug)]
pub struct LoadsQuestion {
    /// Of full days. Of the filters, only a form factor and an address are taken.
    pub selection: Selection,
    /// Days of each part; together they make the period.
    pub days: u16,
    /// Whether it is asked how page views on devices of one kind came about, for which every page
    /// view is looked at.
    pub navigation_types: bool,
}

/// Page views of some days.
#[derive(Clone, Debug)]
pub struct Loads {
    /// How many came about in which way, in the order of [`NavigationType::ALL`].
    navigation_types: [i64; NavigationType::ALL.len()],
    /// How many were on which kind of device, in the order of [`FormFactor::ALL`].
    form_factors: [i64; FormFactor::ALL.len()],
    /// The values of each metric, in the order of [`MetricName::ALL`].
    measured: Count<{ MetricName::ALL.len() }>,
}

impl Default for Loads {
    fn default() -> Self {
        Self {
            navigation_types: Default::default(),
            form_factors: Default::default(),
            measured: Count::new(MetricName::ALL),
        }
    }
}

impl Loads {
    /// How many came about in that way.
    pub fn came_about(&self, navigation_type: NavigationType) -> u64 {
        self.navigation_types[navigation_type as usize].try_into().unwrap_or_default()
    }

    /// How many were on that kind of device.
    pub fn on(&self, form_factor: FormFactor) -> u64 {
        self.form_factors[form_factor as usize].try_into().unwrap_or_default()
    }

    /// The values of a metric.
    pub fn distribution(&self, name: MetricName) -> &Distribution {
        &self.measured.distributions[name as usize]
    }

    /// Adds those of other days.
    pub fn extend(&mut self, other: &Self) {
        for (count, more) in self.navigation_types.iter_mut().zip(other.navigation_types) {
            *count += more;
        }
        for (count, more) in self.form_factors.iter_mut().zip(other.form_factors) {
            *count += more;
        }
        let more = other.measured.distributions.iter();
        for (distribution, more) in self.measured.distributions.iter_mut().zip(more) {
            distribution.extend(more);
        }
    }

    fn measure(&mut self, fact: &Fact<'_>) {
        self.measured.add(fact);
    }

    fn count(&mut self, fact: &Fact<'_>) {
        let [form_factor, navigation_type] =
            [Facet::FormFactor, Facet::NavigationType].map(|facet| fact.values[facet as usize]);
        if let Some(form_factor) = FormFactor::from_word(form_factor) {
            self.form_factors[form_factor as usize] += fact.sign;
        }
        if let Some(navigation_type) = NavigationType::from_word(navigation_type) {
            self.navigation_types[navigation_type as usize] += fact.sign;
        }
    }
}

impl Reader {
    /// Page views by the days in which they began.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn loads(&self, question: LoadsQuestion) -> Result<Vec<Loads>, ReadError> {
        self.report(move |connection| read(connection, &question)).await
    }
}

/// Reads them, in one state of the database: from histograms what is rolled up, but for those of an
/// address, which are not counted apart.
fn read(connection: &mut Connection, question: &LoadsQuestion) -> Result<Vec<Loads>> {
    let transaction = connection.transaction()?;
    let mut parts = Parts::of(question);
    let LoadsQuestion { selection, navigation_types, .. } = question;
    match (&selection.filters.address, selection.filters.form_factor) {
        (Some(address), _) => {
            if address::is_known(&transaction, selection.site, address)? {
                let after = kept::after(&transaction, selection.from)?;
                parts.read_facts(&transaction, selection, after, |loads, fact| {
                    loads.measure(fact);
                    loads.count(fact);
                })?;
            }
        }
        (None, Some(form_factor)) => {
            let dimension = (Dimension::FormFactor, form_factor.as_str());
            parts.read_histograms(&transaction, selection, dimension)?;
            parts.read_tail(&transaction, selection, Loads::measure)?;
            if *navigation_types {
                let after = kept::after(&transaction, selection.from)?;
                parts.read_facts(&transaction, selection, after, Loads::count)?;
            }
        }
        (None, None) => {
            parts.read_histograms(&transaction, selection, (Dimension::Site, ""))?;
            parts.read_counts(&transaction, selection)?;
            parts.read_tail(&transaction, selection, |loads, fact| {
                loads.measure(fact);
                loads.count(fact);
            })?;
        }
    }
    transaction.finish()?;
    Ok(parts.loads)
}

/// The parts of a period.
struct Parts {
    first_hour: i64,
    hours: i64,
    loads: Vec<Loads>,
}

impl Parts {
    fn of(LoadsQuestion { selection, days, .. }: &LoadsQuestion) -> Self {
        let [first_hour, end] = [selection.from, selection.to].map(super::hour);
        let hours = i64::from(*days).max(1) * Hours::Day.count();
        let count = usize::try_from((end - first_hour) / hours).unwrap_or_default();
        Self { first_hour, hours, loads: vec![Loads::default(); count] }
    }

    /// Each part, and its hours.
    fn each(&mut self) -> impl Iterator<Item = (&mut Loads, Range<i64>)> {
        let firsts = (0..).map(|index| self.first_hour + index * self.hours);
        self.loads.iter_mut().zip(firsts.map(|first| first..first + self.hours))
    }

    fn read_histograms(
        &mut self,
        connection: &Connection,
        selection: &Selection,
        (dimension, value): (Dimension, &str),
    ) -> Result<()> {
        for (loads, hours) in self.each() {
            let alike = (selection.site, dimension, &Values::One(value.into()));
            histograms::each(connection, alike, (Hours::Day, hours), |_, _, cell| {
                loads.measured.merge(cell);
            })?;
        }
        Ok(())
    }

    fn read_counts(&mut self, connection: &Connection, selection: &Selection) -> Result<()> {
        for (loads, hours) in self.each() {
            let count = |dimension, value| {
                let alike = (selection.site, dimension, value);
                histograms::count(connection, alike, (Hours::Day, hours.clone()))
            };
            for (sum, word) in loads.navigation_types.iter_mut().zip(NavigationType::ALL) {
                *sum += count(Dimension::NavigationType, word.as_str())?;
            }
            for (sum, word) in loads.form_factors.iter_mut().zip(FormFactor::ALL) {
                *sum += count(Dimension::FormFactor, word.as_str())?;
            }
        }
        Ok(())
    }

    /// What is not in histograms yet.
    fn read_tail(
        &mut self,
        connection: &Connection,
        selection: &Selection,
        take: fn(&mut Loads, &Fact<'_>),
    ) -> Result<()> {
        let after = roll_up::watermark(connection)?;
        self.read_facts(connection, selection, after, take)?;
        let each = |fact: &Fact<'_>| self.take(fact, take);
        facts::selected(connection, Source::Corrections, 0, selection, each)
    }

    fn read_facts(
        &mut self,
        connection: &Connection,
        selection: &Selection,
        after: i64,
        take: fn(&mut Loads, &Fact<'_>),
    ) -> Result<()> {
        let each = |fact: &Fact<'_>| self.take(fact, take);
        facts::selected(connection, Source::PageViews, after, selection, each)
    }

    fn take(&mut self, fact: &Fact<'_>, take: fn(&mut Loads, &Fact<'_>)) {
        let hour = fact.started_at_ms.div_euclid(MS_PER_HOUR);
        let index = usize::try_from((hour - self.first_hour).div_euclid(self.hours));
        if let Some(loads) = index.ok().and_then(|index| self.loads.get_mut(index)) {
            take(loads, fact);
        }
    }
}
