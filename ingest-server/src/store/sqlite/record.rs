//! A page view with all that is kept of it, and the texts that its numbers stand for.

use super::{
    page_views,
    row::{MetricValue, Row},
    sections,
    statements::Named,
};
use crate::{
    ingest::{Country, Measurement},
    transfer::{MetricRecord, PageViewRecord, SectionRecords},
};
use anyhow::{Context, Result};
use beacon::{Connection as EffectiveType, FormFactor, MetricName, NavigationType};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;

/// Texts that are remembered.
const TEXTS_MAX: usize = 10_000;

const TEXT: &str = "SELECT text FROM texts WHERE id = ?1";

pub(super) const STATEMENTS: [Named; 1] = [Named::new("texts.of_id", TEXT)];

/// The page views that a condition describes. The first columns are those that they are read by
/// everywhere.
macro_rules! records {
    ($condition:expr) => {
        concat!(
            "SELECT page_views.id, page_id, circumstances_id, started_at_ms, session, sequence,
                sequences, cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us,
                shape, details,
                key, url, host, route, release, navigation_type, form_factor, browser, os, country,
                connection, is_bot, sample_rate,
                (SELECT max(day) FROM arrivals WHERE first_page_view_id <= page_views.id)
                    AS arrived_on
            FROM page_views
                CROSS JOIN pages ON pages.id = page_id
                CROSS JOIN circumstances ON circumstances.id = circumstances_id
                LEFT JOIN shapes ON shapes.id = shape_id
            WHERE ",
            $condition
        )
    };
}

pub(super) use records;

/// Texts by number, some of them remembered.
#[derive(Debug, Default)]
pub(super) struct Texts(HashMap<i64, String>);

impl Texts {
    /// Nothing, when it is gone.
    pub(super) fn get(
        &mut self,
        connection: &Connection,
        id: i64,
    ) -> rusqlite::Result<Option<String>> {
        if let Some(text) = self.0.get(&id) {
            return Ok(Some(text.clone()));
        }
        let text: Option<String> =
            connection.prepare_cached(TEXT)?.query_row([id], |row| row.get(0)).optional()?;
        if self.0.len() >= TEXTS_MAX {
            self.0.clear();
        }
        self.0.extend(text.clone().map(|text| (id, text)));
        Ok(text)
    }
}

/// A row of a statement that is made by `records!`.
pub(super) fn read(
    connection: &Connection,
    row: &rusqlite::Row<'_>,
    texts: &mut Texts,
) -> Result<PageViewRecord> {
    let id: i64 = row.get(0)?;
    let mut read = || {
        let mut record = record(row, |id| texts.get(connection, id))?;
        record.sections = sections::of_page_view(connection, id, texts)?;
        anyhow::Ok(record)
    };
    read().with_context(|| format!("cannot read the page view {id}"))
}

fn record(
    row: &rusqlite::Row<'_>,
    mut text_of: impl FnMut(i64) -> rusqlite::Result<Option<String>>,
) -> Result<PageViewRecord> {
    let Row { started_at_ms, session, sequence, metrics, .. } = page_views::read(row)?;
    let mut record = PageViewRecord {
        key: row.get("key")?,
        session,
        sequence,
        arrived_on: row.get::<_, Option<i64>>("arrived_on")?.context("no day of arrival")?,
        started_at: Timestamp::from_millisecond(started_at_ms)?,
        url: present(row, "url")?,
        host: present(row, "host")?,
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
        sections: SectionRecords::default(),
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
