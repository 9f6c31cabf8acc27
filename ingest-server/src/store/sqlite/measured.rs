//! Reading what was measured in a period.

use super::{
    address::Address,
    facts::{self, Source},
    histograms, roll_up,
};
use crate::{
    distribution::Distribution,
    ingest::SiteId,
    roll_up::{Cell, Dimension, Fact, Hours},
};
use beacon::{Connection as EffectiveType, FormFactor, MetricName, NavigationType};
use jiff::Timestamp;
use rusqlite::{Connection, Result};
use serde::Serialize;

/// Which page views a question is about.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Whose.
    pub site: SiteId,
    /// Those that began at this time or later …
    pub from: Timestamp,
    /// … and before this one. Both are full hours.
    pub to: Timestamp,
    /// Those that these describe.
    pub filters: Filters,
}

/// What page views are alike in; an absent filter takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filters {
    /// Template of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// The kind of device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_factor: Option<FormFactor>,
    /// Family of the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// Operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Where the visitor is, as two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Effective connection type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<EffectiveType>,
    /// Version of the page's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// How the page view came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navigation_type: Option<NavigationType>,
    /// Where the page is.
    #[serde(skip)]
    pub address: Option<Address>,
}

impl Filters {
    /// The dimensions, and the value in them, that together are what the filters describe. There are
    /// none of two filters, but for a route and a form factor, and none of an address.
    fn dimensions(&self) -> Option<(Vec<Dimension>, &str)> {
        if self.address.is_some() {
            return None;
        }
        let values = [
            self.form_factor.map(FormFactor::as_str),
            self.browser.as_deref(),
            self.os.as_deref(),
            self.country.as_deref(),
            self.connection.map(EffectiveType::as_str),
            self.release.as_deref(),
            self.navigation_type.map(NavigationType::as_str),
        ];
        let named = Dimension::PLAIN.into_iter().zip(values);
        let mut given = named.filter_map(|(dimension, value)| Some((dimension, value?)));
        match (self.route.as_deref(), given.next(), given.next()) {
            (None, None, _) => Some((vec![Dimension::Site], "")),
            (None, Some((dimension, value)), None) => Some((vec![dimension], value)),
            (Some(route), None, _) => Some((Dimension::ROUTES.to_vec(), route)),
            (Some(route), Some((Dimension::FormFactor, _)), None) => {
                Some((vec![Dimension::route_on(self.form_factor?)], route))
            }
            _ => None,
        }
    }
}

/// What was measured on the selected page views.
#[derive(Debug)]
pub struct Measured {
    /// How many there are.
    pub page_views: u64,
    /// Of how many of them nothing could be measured.
    pub unmeasured: u64,
    /// The values of each metric, in the order of [`MetricName::ALL`].
    pub distributions: [Distribution; MetricName::ALL.len()],
}

/// Page views that are counted one by one, and in cells.
struct Count {
    page_views: i64,
    unmeasured: i64,
    distributions: [Distribution; MetricName::ALL.len()],
}

/// Reads them: from histograms what is rolled up, one by one what is not, in one state of the
/// database. Where there are no histograms of the filters all page views are read.
pub(super) fn read(connection: &mut Connection, selection: &Selection) -> Result<Measured> {
    let transaction = connection.transaction()?;
    let distributions = MetricName::ALL.map(Distribution::new);
    let mut count = Count { page_views: 0, unmeasured: 0, distributions };
    if let Some((dimensions, value)) = selection.filters.dimensions() {
        let mut cell = Cell::default();
        for dimension in dimensions {
            let alike = (selection.site, dimension, value);
            for hours in spans(selection) {
                histograms::sum(&transaction, alike, hours, &mut cell)?;
            }
        }
        count.merge(&cell);
        let after = roll_up::watermark(&transaction)?;
        facts::selected(&transaction, Source::PageViews, after, selection, |it| count.add(it))?;
        facts::selected(&transaction, Source::Corrections, 0, selection, |it| count.add(it))?;
    } else {
        facts::selected(&transaction, Source::PageViews, 0, selection, |it| count.add(it))?;
    }
    transaction.finish()?;
    Ok(Measured {
        page_views: count.page_views.try_into().unwrap_or_default(),
        unmeasured: count.unmeasured.try_into().unwrap_or_default(),
        distributions: count.distributions,
    })
}

impl Count {
    fn merge(&mut self, cell: &Cell) {
        self.page_views += cell.page_views;
        self.unmeasured += cell.unmeasured;
        for (distribution, tally) in self.distributions.iter_mut().zip(&cell.metrics) {
            distribution.merge(tally);
        }
    }

    fn add(&mut self, fact: &Fact<'_>) {
        self.page_views += fact.sign;
        self.unmeasured += if fact.is_unmeasured() { fact.sign } else { 0 };
        for (distribution, steps) in self.distributions.iter_mut().zip(fact.steps) {
            match steps {
                Some(steps) if fact.sign > 0 => distribution.add(steps),
                Some(steps) => distribution.retract(steps),
                None => {}
            }
        }
    }
}

/// The days of a period, and the hours before the first and after the last.
fn spans(selection: &Selection) -> [(Hours, std::ops::Range<i64>); 3] {
    let hour = |time: Timestamp| time.as_second().div_euclid(3600);
    let (from, to) = (hour(selection.from), hour(selection.to));
    let day = Hours::Day.count();
    // Of a period within a day, both are its end.
    let first_midnight = ((from + day - 1).div_euclid(day) * day).min(to);
    let last_midnight = (to.div_euclid(day) * day).max(first_midnight);
    [
        (Hours::Hour, from..first_midnight),
        (Hours::Day, first_midnight..last_midnight),
        (Hours::Hour, last_midnight..to),
    ]
}
