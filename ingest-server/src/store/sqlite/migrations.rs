//! The schema, as a list of steps that is only ever appended to.

use super::{ReadError, Reader, key, page_views::sequences, statements::Named};
use crate::ingest::{SiteId, check};
use anyhow::{Result, ensure};
use beacon::Id;
use rusqlite::{Connection, Transaction, functions::FunctionFlags};
use rusqlite_migration::{HookResult, M, Migrations};
use std::sync::LazyLock;

static STEPS: LazyLock<Vec<M<'_>>> = LazyLock::new(|| {
    vec![
        M::up(include_str!("../../../migrations/0001_sites_and_page_views.sql")),
        M::up(include_str!("../../../migrations/0002_unmeasured_page_views.sql")),
        M::up_with_hook(
            include_str!("../../../migrations/0003_dictionaries_and_histograms.sql"),
            move_page_views,
        ),
        M::up(concat!(
            include_str!("../../../migrations/0004_keys.sql"),
            include_str!("../../../migrations/0004_alerts.sql"),
        )),
        M::up_with_hook("", move_pages),
        M::up(include_str!("../../../migrations/0006_sections.sql")),
        M::up(include_str!("../../../migrations/0007_timelines.sql")),
        M::up(include_str!("../../../migrations/0008_tokens.sql")),
    ]
});

impl Reader {
    /// That the database is as this release writes it: one who only reads cannot bring it up to date.
    pub async fn check(&self) -> Result<()> {
        let schema = self.aside(|connection| schema(connection)).await;
        let schema = schema.map_err(ReadError::with_advice)?;
        check_latest(schema)
    }
}

const VERSION: &str = "PRAGMA user_version";

pub(super) const STATEMENTS: [Named; 1] = [Named::control("schema.version", VERSION)];

/// Refuses a database that is ahead of us, before anything is done to it.
pub(super) fn check(connection: &Connection) -> Result<()> {
    check_known(schema(connection)?)
}

/// How far a database is: the number of steps.
fn schema(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row(VERSION, [], |row| row.get::<_, u32>(0)).map(|it| it as usize)
}

/// Refuses a database that is not up to date.
fn check_latest(schema: usize) -> Result<()> {
    check_known(schema)?;
    ensure!(
        schema == STEPS.len(),
        "it is of an earlier rhumb (schema {schema}; this one reads {}); `rhumb doctor` and `rhumb \
         serve` bring it up to date",
        STEPS.len()
    );
    Ok(())
}

fn check_known(schema: usize) -> Result<()> {
    ensure!(
        schema <= STEPS.len(),
        "a later rhumb wrote it (schema {schema}; this one knows those up to {}); use that one, or a \
         backup from before",
        STEPS.len()
    );
    Ok(())
}

/// Brings a database of any earlier release up to date.
pub(super) fn run(connection: &mut Connection) -> rusqlite_migration::Result<()> {
    Migrations::from_slice(&STEPS).to_latest(connection)
}

/// The rest of 0003, which needs what only we can compute.
fn move_page_views(transaction: &Transaction<'_>) -> HookResult {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    transaction.create_scalar_function("page_view_key", 2, flags, |values| {
        Ok(key::of_page_view(SiteId(values.get(0)?), Id(values.get(1)?)))
    })?;
    transaction.create_scalar_function("session_key", 1, flags, |values| {
        Ok(values.get::<Option<[u8; 16]>>(0)?.map(|session| key::of_session(Id(session))))
    })?;
    transaction.create_scalar_function("sequences", 7, flags, |values| {
        let row: u32 = values.get(0)?;
        let mut all = [row; 6];
        for (index, sequence) in all.iter_mut().enumerate() {
            *sequence = values.get::<Option<u32>>(1 + index)?.unwrap_or(row);
        }
        Ok(sequences(row, all))
    })?;
    transaction.execute_batch(include_str!("../../../migrations/0003_move_page_views.sql"))?;
    Ok(())
}

/// 0005, which needs what only we can compute.
fn move_pages(transaction: &Transaction<'_>) -> HookResult {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    transaction.create_scalar_function("host_of", 1, flags, |values| {
        Ok(check::host(values.get_raw(0).as_str()?).unwrap_or_default().to_owned())
    })?;
    transaction.execute_batch(include_str!("../../../migrations/0005_hosts.sql"))?;
    transaction.execute_batch(include_str!("../../../migrations/0005_renders.sql"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_schema(version: usize, rows: &str) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        Migrations::from_slice(&STEPS[..version]).to_latest(&mut connection).unwrap();
        connection.execute_batch(rows).unwrap();
        run(&mut connection).unwrap();
        connection
    }

    fn one<T: rusqlite::types::FromSql>(connection: &Connection, sql: &str) -> T {
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn page_views_of_the_first_schema_are_kept() {
        let connection = of_schema(
            1,
            "INSERT INTO sites (name) VALUES ('shop');
             INSERT INTO page_views (
                 site_id, page_view, sequence, session, started_at_ms, url, route, sample_rate,
                 lcp_us, lcp_sequence, cls_millionths, cls_sequence
             ) VALUES
                 (1, zeroblob(16), 3, zeroblob(16), 1, 'https://a/', '/', 0.5, 7, 3, 9, 1),
                 (1, randomblob(16), 0, NULL, 2, NULL, NULL, 1.0, 8, 0, NULL, NULL)",
        );
        assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM page_views"), 2);
        let page = "SELECT url || route FROM page_views JOIN pages ON page_id = pages.id LIMIT 1";
        assert_eq!(one::<String>(&connection, page), "https://a//");
        let rate = "SELECT sample_rate FROM page_views \
                    JOIN circumstances c ON circumstances_id = c.id LIMIT 1";
        assert!((one::<f64>(&connection, rate) - 0.5).abs() < 1e-9);
        let sequences = one::<Option<Vec<u8>>>(&connection, "SELECT sequences FROM page_views");
        assert_eq!(sequences, Some(vec![1, 3, 3, 3, 3, 3]));
        let key = key::of_page_view(SiteId(1), Id([0; 16]));
        assert_eq!(one::<i64>(&connection, "SELECT key FROM page_views ORDER BY id"), key);
        assert_eq!(one::<i64>(&connection, "SELECT first_page_view_id FROM arrivals"), 1);
    }

    #[test]
    fn unmeasured_page_views_of_the_second_schema_are_unmeasured() {
        let connection = of_schema(
            2,
            "INSERT INTO sites (name) VALUES ('shop');
             INSERT INTO page_views (
                 site_id, page_view, sequence, started_at_ms, sample_rate, is_unmeasured
             ) VALUES (1, zeroblob(16), 0, 1, 1.0, 1)",
        );
        let unmeasured = "SELECT count(*) FROM page_views WHERE lcp_us IS NULL";
        assert_eq!(one::<i64>(&connection, unmeasured), 1);
    }

    #[test]
    fn page_views_of_the_fourth_schema_have_the_host_of_their_site_if_that_has_one() {
        let connection = of_schema(
            4,
            "INSERT INTO sites (name) VALUES ('shop'), ('several');
             INSERT INTO pages (site_id, route, url, last_used_day) VALUES
                 (1, '/', 'https://shop.example/a', 0), (1, '/', '', 0),
                 (2, '/', 'https://a.example/', 0), (2, '/', 'https://b.example/', 0);
             INSERT INTO histograms (
                 site_id, dimension, value, hours, first_hour, page_views, unmeasured, tallies,
                 is_sealed
             ) VALUES
                 (1, 0, '', 24, 0, 7, 7, x'', 0), (1, 9, '/', 24, 0, 7, 7, x'', 0),
                 (2, 0, '', 24, 0, 8, 8, x'', 0), (2, 3, 'Chrome', 24, 0, 8, 8, x'', 0),
                 (2, 11, '/', 24, 0, 8, 8, x'', 0)",
        );
        let hosts = "SELECT group_concat(host, ',' ORDER BY id) FROM pages";
        assert_eq!(one::<String>(&connection, hosts), "shop.example,shop.example,,");
        let values = "SELECT group_concat(value, ',' ORDER BY site_id, dimension) FROM histograms
            WHERE dimension <> 0";
        let values = one::<String>(&connection, values);
        assert_eq!(values, "/\nshop.example,shop.example,Chrome,/\n,");
        let of_hosts = "SELECT sum(page_views) FROM histograms WHERE dimension = 12";
        assert_eq!(one::<i64>(&connection, of_hosts), 15);
    }

    #[test]
    fn an_empty_database_of_the_second_schema_has_no_day_of_arrival() {
        let connection = of_schema(2, "");
        assert_eq!(one::<i64>(&connection, "SELECT count(*) FROM arrivals"), 0);
    }
}
