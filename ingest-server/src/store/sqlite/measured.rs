//! Reading what was measured.

use super::{
    Buckets, ReadError, Reader, Selection,
    facts::{self, Source},
    groups::{Count, Groups},
    histograms, kept, roll_up,
};
use crate::{distribution::Distribution, roll_up::Facet};
use beacon::MetricName;
use jiff::Timestamp;
use rusqlite::{Connection, Transaction};

/// What was measured on some page views.
#[derive(Clone, Debug)]
pub struct Measured {
    /// How many there are.
    pub page_views: u64,
    /// Of how many of them nothing could be measured.
    pub unmeasured: u64,
    /// The values of each metric, in the order of [`MetricName::ALL`].
    pub distributions: [Distribution; MetricName::ALL.len()],
}

/// Page views that are alike in a value, and the values of one metric.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they are alike in; empty when it is not known.
    pub value: Box<str>,
    /// What was measured on them.
    pub distribution: Distribution,
}

impl Reader {
    /// What was measured on the selected page views.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured(&self, selection: Selection) -> Result<Measured, ReadError> {
        self.report(move |connection| all(connection, &selection)).await
    }

    /// What was measured on the selected page views, and on those that are alike and began before,
    /// from that time on; nothing of the latter, where some of them are deleted.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured_with_previous(
        &self,
        selection: Selection,
        previous_from: Timestamp,
    ) -> Result<(Measured, Option<Measured>), ReadError> {
        let both = move |connection: &mut Connection| {
            all_with_previous(connection, &selection, previous_from)
        };
        self.report(both).await
    }

    /// The values of a metric on the selected page views.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn values(
        &self,
        selection: Selection,
        metric: MetricName,
    ) -> Result<Distribution, ReadError> {
        let values = move |connection: &mut Connection| values(connection, &selection, metric);
        self.report(values).await
    }

    /// The values of a metric on the selected page views in each of the buckets, which together are
    /// the selected period.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn over_time(
        &self,
        selection: Selection,
        buckets: Buckets,
        metric: MetricName,
    ) -> Result<Vec<Distribution>, ReadError> {
        let over_time =
            move |connection: &mut Connection| over_time(connection, &selection, &buckets, metric);
        self.report(over_time).await
    }

    /// What was measured on the selected page views in each of the buckets, which together are the
    /// selected period.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured_over_time(
        &self,
        selection: Selection,
        buckets: Buckets,
    ) -> Result<Vec<Measured>, ReadError> {
        let over_time =
            move |connection: &mut Connection| all_over_time(connection, &selection, &buckets);
        self.report(over_time).await
    }

    /// The values of a metric on the selected page views, by what those are alike in; in no order.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn by_value(
        &self,
        selection: Selection,
        facet: Facet,
        metric: MetricName,
    ) -> Result<Vec<Group>, ReadError> {
        let by_value =
            move |connection: &mut Connection| by_value(connection, &selection, facet, metric);
        self.report(by_value).await
    }

    /// What was measured on the selected page views, by what those are alike in; in no order.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn measured_by_value(
        &self,
        selection: Selection,
        facet: Facet,
    ) -> Result<Vec<(Box<str>, Measured)>, ReadError> {
        let by_value =
            move |connection: &mut Connection| all_by_value(connection, &selection, facet);
        self.report(by_value).await
    }
}

/// What was measured on the selected page views.
fn all(connection: &mut Connection, selection: &Selection) -> Result<Measured, ReadError> {
    let buckets = Buckets::one(selection.from, selection.to);
    let mut groups = Groups::over_time(&buckets, MetricName::ALL);
    read(connection, selection, &buckets, &mut groups)?;
    let count = groups.into_counts().pop().unwrap_or_else(|| Count::new(MetricName::ALL));
    Ok(measured(count))
}

/// All metrics over time: what was measured in each of the buckets, which together are the selected
/// period.
fn all_over_time(
    connection: &mut Connection,
    selection: &Selection,
    buckets: &Buckets,
) -> Result<Vec<Measured>, ReadError> {
    let mut groups = Groups::over_time(buckets, MetricName::ALL);
    read(connection, selection, buckets, &mut groups)?;
    Ok(groups.into_counts().into_iter().map(measured).collect())
}

/// What was measured on the selected page views, and on those that are alike and began before, from
/// that time on. Nothing of the latter, where some of them are deleted.
fn all_with_previous(
    connection: &mut Connection,
    selection: &Selection,
    previous_from: Timestamp,
) -> Result<(Measured, Option<Measured>), ReadError> {
    let bounds = vec![previous_from, selection.from, selection.to];
    let buckets = Buckets { bounds, are_counted: true };
    let mut groups = Groups::over_time(&buckets, MetricName::ALL);
    let both = Selection { from: previous_from, ..selection.clone() };
    match read(connection, &both, &buckets, &mut groups) {
        Err(ReadError::Deleted { .. }) => return Ok((all(connection, selection)?, None)),
        read => read?,
    }
    let mut counts = groups.into_counts().into_iter().map(measured);
    let previous = counts.next();
    Ok((counts.next().unwrap_or_else(|| measured(Count::new(MetricName::ALL))), previous))
}

/// The values of one metric on the selected page views.
fn values(
    connection: &mut Connection,
    selection: &Selection,
    metric: MetricName,
) -> Result<Distribution, ReadError> {
    let buckets = Buckets::one(selection.from, selection.to);
    let values = over_time(connection, selection, &buckets, metric)?.pop();
    Ok(values.unwrap_or_else(|| Distribution::new(metric)))
}

/// One metric over time: its values in each of the buckets, which together are the selected period.
fn over_time(
    connection: &mut Connection,
    selection: &Selection,
    buckets: &Buckets,
    metric: MetricName,
) -> Result<Vec<Distribution>, ReadError> {
    let mut groups = Groups::over_time(buckets, [metric]);
    read(connection, selection, buckets, &mut groups)?;
    Ok(groups.into_counts().into_iter().map(distribution).collect())
}

/// One metric by the value of a facet, in no order.
fn by_value(
    connection: &mut Connection,
    selection: &Selection,
    facet: Facet,
    metric: MetricName,
) -> Result<Vec<Group>, ReadError> {
    let buckets = Buckets::one(selection.from, selection.to);
    let mut groups = Groups::by_value(facet, [metric]);
    read(connection, selection, &buckets, &mut groups)?;
    let values = groups.into_values()?.into_iter();
    Ok(values.map(|(value, count)| Group { value, distribution: distribution(count) }).collect())
}

/// Every metric by the value of a facet, in no order.
fn all_by_value(
    connection: &mut Connection,
    selection: &Selection,
    facet: Facet,
) -> Result<Vec<(Box<str>, Measured)>, ReadError> {
    let buckets = Buckets::one(selection.from, selection.to);
    let mut groups = Groups::by_value(facet, MetricName::ALL);
    read(connection, selection, &buckets, &mut groups)?;
    Ok(groups.into_values()?.into_iter().map(|(value, count)| (value, measured(count))).collect())
}

fn measured(count: Count<{ MetricName::ALL.len() }>) -> Measured {
    Measured {
        page_views: count.page_views(),
        unmeasured: count.unmeasured(),
        distributions: count.distributions,
    }
}

fn distribution(count: Count<1>) -> Distribution {
    let [distribution] = count.distributions;
    distribution
}

/// Counts the selected page views in groups, in one state of the database: from histograms what is
/// rolled up, one by one what is not. Where there are no histograms all page views are read, as long
/// as none of them is deleted.
fn read<const N: usize>(
    connection: &mut Connection,
    selection: &Selection,
    buckets: &Buckets,
    groups: &mut Groups<N>,
) -> Result<(), ReadError> {
    let transaction = connection.transaction()?;
    let cells = selection.filters.cells(groups.facet()).filter(|_| buckets.are_counted);
    let facts = |source, after, groups: &mut Groups<N>| {
        facts::selected(&transaction, source, after, selection, |fact| groups.add(fact))
    };
    if let Some(cells) = cells {
        for dimension in cells.dimensions {
            let alike = (selection.site, dimension, &cells.values);
            for span in buckets.spans() {
                histograms::each(&transaction, alike, span, |value, first_hour, cell| {
                    groups.merge((dimension, value, first_hour), cell);
                })?;
            }
        }
        facts(Source::PageViews, roll_up::watermark(&transaction)?, groups)?;
        facts(Source::Corrections, 0, groups)?;
    } else {
        are_there(&transaction, selection)?;
        facts(Source::PageViews, kept::after(&transaction, selection.from)?, groups)?;
    }
    transaction.finish()?;
    Ok(())
}

/// Whether every page view of the period still is.
fn are_there(transaction: &Transaction<'_>, selection: &Selection) -> Result<(), ReadError> {
    // Without a page view all of the period may be deleted.
    let before = kept::from(transaction, selection, selection.to)?;
    if before <= selection.from { Ok(()) } else { Err(ReadError::Deleted { before }) }
}
