//! Reading page views out, in the order in which they arrived.
//!
//! A long read would keep the log from being emptied while others write, so they are read a range of
//! ids at a time. Page views are only ever deleted from the oldest on: whether one that was not read
//! yet is gone can be told from the next one.

use super::{
    Database, page_views,
    row::{MetricValue, Row},
};
use crate::{
    ingest::{Country, Measurement, SiteId},
    transfer::{MetricRecord, PageViewRecord},
};
use anyhow::{Context, Result, ensure};
use beacon::{Connection as EffectiveType, FormFactor, MetricName, NavigationType};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, named_params};
use std::collections::HashMap;

/// Ids that are read at once.
const RANGE: i64 = 4096;
/// Texts that are remembered.
const TEXTS_MAX: usize = 10_000;

/// The first columns are those that page views are read by everywhere.
const SELECT: &str = "
    SELECT page_views.id, page_id, circumstances_id, started_at_ms, session, sequence, sequences,
        cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us,
        shape, details,
        key, url, route, release, navigation_type, form_factor, browser, os, country, connection,
        is_bot, sample_rate,
        (SELECT max(day) FROM arrivals WHERE first_page_view_id <= page_views.id) AS arrived_on
    FROM page_views
        CROSS JOIN pages ON pages.id = page_id
        CROSS JOIN circumstances ON circumstances.id = circumstances_id
        LEFT JOIN shapes ON shapes.id = shape_id
    WHERE page_views.id >= :first AND page_views.id <= :last AND site_id = :site_id
    ORDER BY page_views.id
";

/// How far a site's page views are read. Those that arrive after it was made are not.
#[derive(Debug)]
pub struct Export {
    pub(super) site: SiteId,
    /// The first one that is not read yet, of any site; nothing at the end.
    next: Option<i64>,
    last: i64,
    texts: HashMap<i64, String>,
}

impl Database {
    /// Begins to read out a site.
    pub fn export(&self, site: SiteId) -> Result<Export> {
        let ends = "SELECT min(id), ifnull(max(id), 0) FROM page_views";
        let (next, last) =
            self.connection.query_row(ends, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Export { site, next, last, texts: HashMap::new() })
    }

    /// The next page views of a site; none at the end.
    pub fn export_page_views(&mut self, export: &mut Export) -> Result<Vec<PageViewRecord>> {
        let mut records = Vec::new();
        while let (true, Some(first)) = (records.is_empty(), export.next) {
            let transaction = self.connection.transaction()?;
            export.check(&transaction)?;
            let last = export.last.min(first + RANGE - 1);
            records = read(&transaction, export, first, last)?;
            let next = "SELECT min(id) FROM page_views WHERE id > ?1 AND id <= ?2";
            export.next = transaction
                .prepare_cached(next)?
                .query_row([last, export.last], |row| row.get(0))?;
            transaction.finish()?;
        }
        Ok(records)
    }
}

impl Export {
    /// That all page views are still there that are not read yet.
    pub(super) fn check(&self, connection: &Connection) -> Result<()> {
        let oldest = "SELECT min(id) FROM page_views";
        let oldest: Option<i64> =
            connection.prepare_cached(oldest)?.query_row([], |row| row.get(0))?;
        ensure!(
            self.next.is_none_or(|next| oldest.is_some_and(|oldest| oldest <= next)),
            "old page views were deleted before they were read, as the server does after midnight \
             UTC; export again"
        );
        Ok(())
    }
}

fn read(
    connection: &Connection,
    export: &mut Export,
    first: i64,
    last: i64,
) -> Result<Vec<PageViewRecord>> {
    let mut texts = connection.prepare_cached("SELECT text FROM texts WHERE id = ?1")?;
    let mut statement = connection.prepare_cached(SELECT)?;
    let site = export.site.0;
    let mut rows =
        statement.query(named_params! { ":first": first, ":last": last, ":site_id": site })?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let record = record(row, |id| text(&mut export.texts, &mut texts, id));
        let id: i64 = row.get(0)?;
        records.push(record.with_context(|| format!("cannot read the page view {id}"))?);
    }
    Ok(records)
}

fn record(
    row: &rusqlite::Row<'_>,
    mut text_of: impl FnMut(i64) -> Result<Option<String>>,
) -> Result<PageViewRecord> {
    let Row { started_at_ms, session, sequence, metrics, .. } = page_views::read(row)?;
    let mut record = PageViewRecord {
        key: row.get("key")?,
        session,
        sequence,
        arrived_on: row.get::<_, Option<i64>>("arrived_on")?.context("no day of arrival")?,
        started_at: Timestamp::from_millisecond(started_at_ms)?,
        url: present(row, "url")?,
        route: present(row, "route")?,
        release: present(row, "release")?,
        navigation_type: word(row, "navigation_type", NavigationType::from_word)?,
        form_factor: word(row, "form_factor", FormFactor::from_word)?,
        browser: present(row, "browser")?,
        os: present(row, "os")?,
        country: word(row, "country", Country::from_code)?,
        connection: word(row, "connection", EffectiveType::from_word)?,
        is_bot: row.get("is_bot")?,
        sample_rate: row.get("sample_rate")?,
        metrics: [const { None }; MetricName::ALL.len()],
    };
    for (value, metric) in metrics.into_iter().zip(&mut record.metrics) {
        let Some(MetricValue { sequence, steps, why }) = value else { continue };
        let attribution = why.into_attribution(&mut text_of)?;
        *metric = Some(MetricRecord { sequence, measurement: Measurement { steps, attribution } });
    }
    Ok(record)
}

/// An absent text is empty.
fn present(row: &rusqlite::Row<'_>, column: &str) -> Result<Option<String>> {
    let text: String = row.get(column)?;
    Ok((!text.is_empty()).then_some(text))
}

fn word<T>(
    row: &rusqlite::Row<'_>,
    column: &str,
    from_word: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>> {
    let read = |text: String| {
        from_word(&text).with_context(|| format!("{column} {text:?} is of a later release"))
    };
    present(row, column)?.map(read).transpose()
}

fn text(
    known: &mut HashMap<i64, String>,
    statement: &mut CachedStatement<'_>,
    id: i64,
) -> Result<Option<String>> {
    if let Some(text) = known.get(&id) {
        return Ok(Some(text.clone()));
    }
    let text: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
    if known.len() >= TEXTS_MAX {
        known.clear();
    }
    known.extend(text.clone().map(|text| (id, text)));
    Ok(text)
}
