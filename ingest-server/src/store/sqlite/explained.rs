//! Reading page views with what explains their values. Bots never are among them.

use super::{
    PageViewKey, Selection,
    facts::{self, is_selected},
    kept, page_views,
    record::Texts,
    row::MetricValue,
};
use crate::ingest::Measurement;
use beacon::MetricName;
use jiff::Timestamp;
use rusqlite::{Connection, Result, Row};

/// The first columns are those that page views are read by everywhere.
const SELECT: &str = concat!(
    "SELECT page_views.id, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us, shape, details,
        key, route, url
    FROM page_views
        CROSS JOIN pages ON pages.id = page_id
        CROSS JOIN circumstances ON circumstances.id = circumstances_id
        LEFT JOIN shapes ON shapes.id = shape_id
    WHERE NOT is_bot AND ",
    is_selected!("page_views")
);
const KEY: usize = 15;

/// A page view, and why its values are what they are.
#[derive(Clone, Debug)]
pub struct Explained<'a> {
    /// What it is known by.
    pub key: PageViewKey,
    /// Template of its address; empty if there is none.
    pub route: &'a str,
    /// Its address; empty if there is none.
    pub url: &'a str,
    /// What was measured on it, in the order of [`MetricName::ALL`].
    pub measurements: [Option<Measurement>; MetricName::ALL.len()],
}

/// Reads the selected page views in the order in which they arrived; from when on all of them are
/// still there.
pub(super) fn read(
    connection: &mut Connection,
    selection: &Selection,
    now: Timestamp,
    mut each: impl FnMut(&Explained<'_>),
) -> Result<Timestamp> {
    let transaction = connection.transaction()?;
    let mut texts = Texts::default();
    let mut statement = transaction.prepare_cached(SELECT)?;
    facts::bind(&mut statement, kept::after(&transaction, selection.from)?, selection)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        each(&Explained {
            key: PageViewKey(row.get(KEY)?),
            route: row.get_ref(KEY + 1)?.as_str()?,
            url: row.get_ref(KEY + 2)?.as_str()?,
            measurements: measurements(&transaction, row, &mut texts)?,
        });
    }
    drop(rows);
    drop(statement);
    let kept_from = kept::from(&transaction, selection, now)?;
    transaction.finish()?;
    Ok(kept_from)
}

fn measurements(
    connection: &Connection,
    row: &Row<'_>,
    texts: &mut Texts,
) -> Result<[Option<Measurement>; MetricName::ALL.len()]> {
    let mut measurements = [const { None }; MetricName::ALL.len()];
    for (value, measurement) in page_views::read(row)?.metrics.into_iter().zip(&mut measurements) {
        let Some(MetricValue { steps, why, .. }) = value else { continue };
        let attribution = why.into_attribution(|id| texts.get(connection, id))?;
        *measurement = Some(Measurement { steps, attribution });
    }
    Ok(measurements)
}
