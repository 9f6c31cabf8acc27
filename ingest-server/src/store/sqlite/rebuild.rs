//! Histograms again, from page views.

use super::{
    facts::{self, Source},
    histograms,
    prune::HOURLY_DAYS,
    roll_up, sealed,
    statements::Named,
    whole,
};
use crate::{
    ingest::SiteId,
    roll_up::{Fold, Hours, MS_PER_HOUR},
};
use rusqlite::{Connection, Result, params};

/// Page views that are counted before their histograms are written.
const STEP: i64 = 100_000;

/// Histograms of which every page view is still there.
const REMEMBER: &str = "
    CREATE TEMP TABLE before AS
    SELECT dimension, value, hours, first_hour, page_views, unmeasured, tallies
    FROM histograms WHERE site_id = ?1 AND first_hour >= ?2 AND (hours = 24 OR first_hour >= ?3)
";
const DIFFERENT: &str = "
    WITH after AS (
        SELECT dimension, value, hours, first_hour, page_views, unmeasured, tallies
        FROM histograms WHERE site_id = ?1 AND first_hour >= ?2
    )
    SELECT
        (SELECT count(*) FROM (SELECT * FROM before EXCEPT SELECT * FROM after))
        + (SELECT count(*) FROM (SELECT * FROM after EXCEPT SELECT * FROM before))
";
const DELETE: &str = "DELETE FROM histograms WHERE site_id = ?1 AND first_hour >= ?2";
const COUNT: &str = "SELECT count(*) FROM histograms WHERE site_id = ?1 AND first_hour >= ?2";

/// But for what compares both states, one of which is there only meanwhile.
pub(super) const STATEMENTS: [Named; 3] = [
    Named::new("histograms.remember", REMEMBER),
    Named::new("histograms.delete_from", DELETE),
    Named::new("histograms.count_from", COUNT),
];

/// What became of a site's histograms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many there are now.
    pub histograms: u32,
    /// How many of the former and of the new ones have no equal among the others; none, as it should
    /// be.
    pub different: u32,
    /// How many page views they are made of.
    pub page_views: u64,
}

/// Makes the site's histograms again, as far as every page view in them is still there; hourly ones
/// as far back as they are kept.
pub(super) fn rebuild(connection: &Connection, site: SiteId, today: i64) -> Result<Rebuilt> {
    let first_hourly = (today - HOURLY_DAYS) * Hours::Day.count();
    let first_hour = whole::first_hour(connection, site, today)?;
    let first_ms = first_hour.saturating_mul(MS_PER_HOUR);
    let watermark = roll_up::watermark(connection)?;
    // Uses up the corrections, so that both states can be compared.
    roll_up::up_to(connection, watermark, watermark)?;
    sealed::unseal(connection, site.0, first_hour)?;
    connection.execute(REMEMBER, params![site.0, first_hour, first_hourly])?;
    connection.execute(DELETE, params![site.0, first_hour])?;
    let mut page_views = 0;
    let mut after = 0;
    while after < watermark {
        let to = watermark.min(after + STEP);
        let mut fold = Fold::default();
        facts::between(connection, Source::PageViews, after, to, |fact| {
            if fact.site == site && fact.started_at_ms >= first_ms {
                fold.add(fact);
                page_views += 1;
            }
        })?;
        for (place, cell) in fold.into_cells() {
            if place.hours == Hours::Day || place.first_hour >= first_hourly {
                histograms::merge(connection, &place, cell)?;
            }
        }
        after = to;
    }
    let values = params![site.0, first_hour];
    let different = connection.query_row(DIFFERENT, values, |row| row.get(0))?;
    connection.execute_batch("DROP TABLE temp.before")?;
    let histograms = connection.query_row(COUNT, values, |row| row.get(0))?;
    Ok(Rebuilt { histograms, different, page_views })
}
