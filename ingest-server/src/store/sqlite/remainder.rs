//! What histograms have in them of page views that are not there any more: what is left of them when
//! the page views that are there, as they were counted, are taken out.

use super::{
    Database,
    export::Export,
    facts::{self, Source},
    histograms,
    prune::HOURLY_DAYS,
    roll_up, whole,
};
use crate::{
    ingest::SiteId,
    roll_up::{Fact, Fold, Hours, MS_PER_HOUR},
    transfer::HistogramRecord,
};
use anyhow::Result;
use jiff::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeMap;

impl Database {
    /// The histograms of a site's page views that are deleted, and of those that were imported as
    /// histograms: with the page views that the export reads after this, they make all its reports.
    ///
    /// This is one read that looks at every page view; the log cannot be emptied meanwhile.
    pub fn export_histograms(
        &mut self,
        export: &Export,
        now: Timestamp,
        each: impl FnMut(HistogramRecord) -> Result<()>,
    ) -> Result<()> {
        let transaction = self.connection.transaction()?;
        export.check(&transaction)?;
        read(&transaction, export.site, super::day(now), each)?;
        transaction.finish()?;
        Ok(())
    }
}

/// In the order of their dimensions, values, hours and first hours; hourly ones as far back as they
/// are kept.
pub(super) fn read<E: From<rusqlite::Error>>(
    connection: &Connection,
    site: SiteId,
    today: i64,
    mut each: impl FnMut(HistogramRecord) -> Result<(), E>,
) -> Result<(), E> {
    let end = whole::first_hour(connection, site, today)?;
    if end == 0 {
        return Ok(());
    }
    let mut fold = Fold::default();
    let watermark = roll_up::watermark(connection)?;
    let end_ms = end.saturating_mul(MS_PER_HOUR);
    facts::began_before(connection, site, end_ms, watermark, |fact| {
        fold.add(&Fact { sign: -fact.sign, ..*fact });
    })?;
    facts::between(connection, Source::Corrections, 0, i64::MAX, |fact| {
        if fact.site == site && fact.started_at_ms < end_ms {
            fold.add(fact);
        }
    })?;
    let there = fold.into_cells().into_iter().collect::<BTreeMap<_, _>>();
    let first_hourly = (today - HOURLY_DAYS) * Hours::Day.count();
    histograms::before(connection, site, end, first_hourly, |place, mut cell| {
        if let Some(less) = there.get(&place) {
            cell.merge(less);
        }
        // One that was deleted for its age, while page views of it are left, may begin again. It is
        // made of those by whoever has them.
        if cell.is_empty() || cell.is_overdrawn() {
            return Ok(());
        }
        let crate::roll_up::Place { dimension, value, hours, first_hour, .. } = place;
        each(HistogramRecord { dimension, value, hours, first_hour, cell })
    })
}
