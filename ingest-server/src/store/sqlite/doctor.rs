//! Whether a database is well.

use super::{
    Database, sections,
    statements::{self, Named, Plan},
};
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

const LOOKS: &str = "the doctor counts, and looks at all of it";

pub(super) const STATEMENTS: [Named; 14] = [
    Named::new("doctor.sites", COUNTS[0].1),
    Named::of_all("doctor.page_views", COUNTS[1].1, LOOKS),
    Named::new("doctor.not_rolled_up", COUNTS[2].1),
    Named::new("doctor.corrections", COUNTS[3].1),
    Named::of_all("doctor.histograms", COUNTS[4].1, LOOKS),
    Named::of_all("doctor.pages", COUNTS[5].1, LOOKS),
    Named::new("doctor.circumstances", COUNTS[6].1),
    Named::of_all("doctor.texts", COUNTS[7].1, LOOKS),
    Named::new("doctor.shapes", COUNTS[8].1),
    Named::new("doctor.free_pages", COUNTS[9].1),
    Named::of_all("doctor.without_page", FAULTS[0].1, LOOKS),
    Named::of_all("doctor.without_circumstances", FAULTS[1].1, LOOKS),
    Named::new("doctor.without_key", FAULTS[2].1),
    Named::of_all("doctor.without_page_view", FAULTS[3].1, LOOKS),
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
    /// How SQLite goes about each statement that has a name.
    pub plans: Vec<Plan>,
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
        let plans = statements::plans(connection)?;
        for plan in &plans {
            let (name, scans) = (plan.name, plan.faults().join(", "));
            if !scans.is_empty() {
                faults.push(format!("the statement {name} reads all of {scans}"));
            }
        }
        Ok(Diagnosis { faults, counts, bytes: bytes(connection)?, plans })
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
