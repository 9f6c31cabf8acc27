//! Whether a database is well.

use super::{Database, facts, sections};
use anyhow::Result;
use rusqlite::Connection;

/// Messages of SQLite's own check that are shown.
const MESSAGES_MAX: u32 = 20;

/// What there is, besides [sections].
const COUNTS: [(&str, &str); 10] = [
    ("sites", "SELECT count(*) FROM sites"),
    ("page views", "SELECT count(*) FROM page_views"),
    (
        "not rolled up yet",
        "SELECT count(*) FROM page_views WHERE id > (SELECT page_view_id FROM watermark)",
    ),
    ("corrections", "SELECT count(*) FROM corrections"),
    ("histograms", "SELECT count(*) FROM histograms"),
    ("pages", "SELECT count(*) FROM pages"),
    ("circumstances", "SELECT count(*) FROM circumstances"),
    ("texts", "SELECT count(*) FROM texts"),
    ("shapes", "SELECT count(*) FROM shapes"),
    ("empty pages of the file", "SELECT freelist_count FROM pragma_freelist_count"),
];

/// What must not be, besides rows of [sections] without their page view.
const FAULTS: [(&str, &str); 4] = [
    (
        "page views of a page that is not there",
        "SELECT count(*) FROM page_views WHERE page_id NOT IN (SELECT id FROM pages)",
    ),
    (
        "page views with circumstances that are not there",
        "SELECT count(*) FROM page_views
         WHERE circumstances_id NOT IN (SELECT id FROM circumstances)",
    ),
    (
        "page views that are not found by their keys",
        "SELECT count(*) FROM page_views
         WHERE id <= (SELECT page_view_id FROM watermark)
             AND (key >> 32, id) NOT IN (SELECT half, page_view_id FROM keys)",
    ),
    (
        "keys of page views that are not there",
        "SELECT count(*) FROM keys WHERE page_view_id NOT IN (SELECT id FROM page_views)",
    ),
];

/// What a database is like.
#[derive(Debug)]
pub struct Diagnosis {
    /// What is wrong with it; nothing, when it is well.
    pub faults: Vec<String>,
    /// How many there are of what.
    pub counts: Vec<(String, i64)>,
    /// Bytes of each table and index, the largest first.
    pub bytes: Vec<(String, i64)>,
    /// How SQLite reads what reports are made of, a line a step.
    pub plans: Vec<(&'static str, Vec<String>)>,
}

impl Database {
    /// Looks at all of it, which takes seconds for a million page views. Others read and write
    /// meanwhile.
    ///
    /// A fault of the file itself is found without reading further.
    pub fn diagnose(&self) -> Result<Diagnosis> {
        let connection = &self.connection;
        let mut faults = faults_of_file(connection)?;
        if !faults.is_empty() {
            return Ok(Diagnosis { faults, counts: vec![], bytes: vec![], plans: vec![] });
        }
        for (fault, sql) in FAULTS {
            let count = count(connection, sql)?;
            if count > 0 {
                faults.push(format!("{count} {fault}"));
            }
        }
        let mut counts = Vec::new();
        for (name, sql) in COUNTS {
            counts.push((name.to_owned(), count(connection, sql)?));
        }
        for table in sections::TABLES {
            let told = table.replace('_', " ");
            let rows = count(connection, &format!("SELECT count(*) FROM {table}"))?;
            counts.push((format!("page views with {told}"), rows));
            let orphans = format!(
                "SELECT count(*) FROM {table} WHERE page_view_id NOT IN (SELECT id FROM page_views)"
            );
            let orphans = count(connection, &orphans)?;
            if orphans > 0 {
                faults.push(format!("{orphans} {told} of page views that are not there"));
            }
        }
        let plans =
            facts::statements().into_iter().map(|(name, sql)| Ok((name, plan(connection, sql)?)));
        Ok(Diagnosis {
            faults,
            counts,
            bytes: bytes(connection)?,
            plans: plans.collect::<Result<_>>()?,
        })
    }
}

/// What SQLite finds wrong with its file.
fn faults_of_file(connection: &Connection) -> Result<Vec<String>> {
    let mut check = connection.prepare(&format!("PRAGMA integrity_check({MESSAGES_MAX})"))?;
    let messages = check.query_map([], |row| row.get::<_, String>(0))?;
    let messages = messages.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(messages.into_iter().filter(|message| message != "ok").collect())
}

fn count(connection: &Connection, sql: &str) -> Result<i64> {
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

fn bytes(connection: &Connection) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// No values are needed to say how rows are found.
fn plan(connection: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}
