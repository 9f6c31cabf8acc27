//! When the releases of a site were seen.

use super::{
    Filters, ReadError, Reader, Selection,
    facts::{self, Source},
    prune::HOURLY_DAYS,
    roll_up,
    statements::Named,
};
use crate::{
    ingest::{OTHER, SiteId},
    roll_up::{Dimension, Facet, Hours, MS_PER_HOUR},
};
use jiff::Timestamp;
use rusqlite::{Connection, Result, named_params};
use std::collections::{BTreeMap, BTreeSet};

/// By the hour as far back as that is kept, and before that by the day.
const SEEN: &str = "
    SELECT value, first_hour FROM histograms
    WHERE site_id = :site_id AND dimension = :dimension
        AND first_hour >= :from AND first_hour < :to
        AND hours = CASE WHEN first_hour >= :first_hourly THEN 1 ELSE 24 END
";

pub(super) const STATEMENTS: [Named; 1] = [Named::new("histograms.releases", SEEN)];

/// The hours, counted from 1970, in which each release was seen; of days that are more than a week
/// ago, the first hour of the day.
pub type Sightings = BTreeMap<String, BTreeSet<i64>>;

impl Reader {
    /// When the releases of a site were seen, from one time on and up to another.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn releases(
        &self,
        site: SiteId,
        period: (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Sightings, ReadError> {
        self.report(move |connection| read(connection, site, period, now)).await
    }
}

/// Those of a site from one time on and up to another, both full hours.
fn read(
    connection: &mut Connection,
    site: SiteId,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Sightings> {
    let transaction = connection.transaction()?;
    let mut sightings = rolled_up(&transaction, site, (from, to), now)?;
    let after = roll_up::watermark(&transaction)?;
    let selection = Selection { site, from, to, filters: Filters::default() };
    facts::selected(&transaction, Source::PageViews, after, &selection, |fact| {
        see(
            &mut sightings,
            fact.values[Facet::Release as usize],
            fact.started_at_ms.div_euclid(MS_PER_HOUR),
        );
    })?;
    transaction.finish()?;
    Ok(sightings)
}

fn rolled_up(
    connection: &Connection,
    site: SiteId,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Sightings> {
    let mut sightings = Sightings::new();
    let mut statement = connection.prepare_cached(SEEN)?;
    let mut rows = statement.query(named_params! {
        ":site_id": site.0,
        ":dimension": Dimension::Release as u8,
        ":from": super::hour(from),
        ":to": super::hour(to),
        ":first_hourly": (super::day(now) - HOURLY_DAYS) * Hours::Day.count(),
    })?;
    while let Some(row) = rows.next()? {
        see(&mut sightings, row.get_ref(0)?.as_str()?, row.get(1)?);
    }
    Ok(sightings)
}

/// A page view need not have one, and what is not told apart is none.
fn see(sightings: &mut Sightings, release: &str, hour: i64) {
    if let Some(hours) = sightings.get_mut(release) {
        hours.insert(hour);
    } else if !release.is_empty() && release != OTHER {
        sightings.insert(release.to_owned(), BTreeSet::from([hour]));
    }
}
