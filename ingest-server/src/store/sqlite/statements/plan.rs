//! How SQLite goes about a statement: <https://www.sqlite.org/eqp.html>

use super::{Named, Reads, all};
use crate::store::sqlite::sections;
use rusqlite::{Connection, Result};

/// Tables that grow with page views, besides those of [sections].
const BIG_TABLES: [&str; 5] = ["page_views", "histograms", "keys", "pages", "texts"];

/// How SQLite goes about a statement.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the statement is called.
    pub name: &'static str,
    /// What is done, a line a step; nothing, where there is nothing to find.
    pub steps: Vec<String>,
    /// The tables that all is read of and that are large some day.
    pub full_scans: Vec<String>,
    /// Why that is right; nothing, where it is a fault.
    pub scans_because: Option<&'static str>,
}

impl Plan {
    /// What is read all of, and should not be.
    pub fn faults(&self) -> &[String] {
        if self.scans_because.is_some() { &[] } else { &self.full_scans }
    }
}

/// Those of all statements, on a database as it is.
pub(in crate::store::sqlite) fn plans(connection: &Connection) -> Result<Vec<Plan>> {
    all().iter().map(|statement| plan(connection, statement)).collect()
}

fn plan(connection: &Connection, statement: &Named) -> Result<Plan> {
    let steps = steps(connection, statement)?;
    let full_scans = steps.iter().filter_map(|step| scanned(step)).collect();
    let scans_because = match statement.reads {
        Reads::All(because) => Some(because),
        Reads::Found | Reads::Nothing => None,
    };
    Ok(Plan { name: statement.name, steps, full_scans, scans_because })
}

/// No values are needed to say how rows are found.
pub(super) fn steps(connection: &Connection, statement: &Named) -> Result<Vec<String>> {
    if statement.reads == Reads::Nothing {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", statement.sql))?;
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}

/// The big table that a step reads all of, be it by way of an index, or of one that is made for the
/// statement.
fn scanned(step: &str) -> Option<String> {
    let words = step.split(' ').collect::<Vec<_>>();
    let table = match words[..] {
        ["SCAN", table, ..] => table,
        ["SEARCH", table, ..] if step.contains(" AUTOMATIC ") => table,
        _ => return None,
    };
    let is_big = BIG_TABLES.contains(&table) || sections::TABLES.contains(&table);
    is_big.then(|| table.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Database;

    #[test]
    fn a_step_that_reads_all_of_a_big_table_is_seen() {
        for step in [
            "SCAN page_views",
            "SCAN page_views USING INDEX page_views_by_time",
            "SEARCH page_views USING AUTOMATIC COVERING INDEX (page_id=?)",
        ] {
            assert_eq!(scanned(step).as_deref(), Some("page_views"), "{step}");
        }
        for step in [
            "SEARCH page_views USING INTEGER PRIMARY KEY (rowid>?)",
            "SCAN sites",
            "SCAN (subquery-2)",
            "USE TEMP B-TREE FOR ORDER BY",
        ] {
            assert_eq!(scanned(step), None, "{step}");
        }
    }

    #[test]
    fn no_statement_reads_all_of_a_big_table_unless_it_is_said_why() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("rhumb.db")).unwrap();
        for plan in plans(&database.connection).unwrap() {
            assert!(plan.faults().is_empty(), "{plan:#?}");
            let is_scan = !plan.full_scans.is_empty();
            assert!(is_scan || plan.scans_because.is_none(), "no reason is needed: {plan:#?}");
        }
    }

    #[test]
    fn a_statement_whose_index_is_gone_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("rhumb.db")).unwrap();
        database.connection.execute_batch("DROP INDEX histograms_by_time").unwrap();
        let plans = plans(&database.connection).unwrap();
        let faulty = plans.iter().find(|plan| !plan.faults().is_empty()).unwrap();
        assert_eq!(
            (faulty.name, &*faulty.full_scans),
            ("histograms.prune", &["histograms".to_owned()][..])
        );
    }
}
