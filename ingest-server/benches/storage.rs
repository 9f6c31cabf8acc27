//! What page views take on disk, and how long it takes to write them, roll them up and delete them.
//! Prints JSON.
//!
//! - `fill PAGE_VIEWS FILE`: writes them as if they had come in the last 28 days.
//! - `prune FILE`: what is left of that when page views are too old to be kept.
//! - `json PAGE_VIEWS FILE`: the same page views, each as a text.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(clippy::cast_precision_loss, reason = "figures are for people")]

mod told;

use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    load::Visitors,
    store::sqlite::Database,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

const BATCH: u64 = 1000;
const DAYS: i64 = 28;
const SITE: &str = "default";
const SEED: u64 = 1;

fn main() {
    let arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let arguments = arguments.collect::<Vec<_>>();
    let arguments = arguments.iter().map(String::as_str).collect::<Vec<_>>();
    let figures = match arguments[..] {
        ["fill", page_views, file] => fill(page_views.parse().unwrap(), Path::new(file)),
        ["prune", file] => prune(Path::new(file)),
        ["json", page_views, file] => as_json(page_views.parse().unwrap(), Path::new(file)),
        // `cargo bench` runs every benchmark without arguments.
        _ => return,
    };
    println!("{figures}");
}

/// A clock that runs through four weeks while so many page views are written.
fn clock(now: Timestamp, batches: u64) -> impl Iterator<Item = Timestamp> {
    let start = now - SignedDuration::from_hours(24 * DAYS);
    (0..batches).map(move |batch| {
        let seconds = DAYS.cast_unsigned() * 86_400 * batch / batches;
        start + SignedDuration::from_secs(seconds.cast_signed())
    })
}

fn fill(page_views: u64, path: &Path) -> Value {
    let mut database = Database::open(path).unwrap();
    database.keep_log().unwrap();
    let sites = database.sites().unwrap();
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    let mut visitors = Visitors::new(SITE, SEED);
    let (mut writing, mut rolling_up, mut longest, mut longest_move) =
        <[Duration; 4]>::default().into();
    for now in clock(Timestamp::now(), page_views / BATCH) {
        let facts = RequestFacts::arrived_at(now);
        let batch = (0..BATCH)
            .map(|_| accept(visitors.page_view(), &facts, &sites).unwrap())
            .map(|checked| enricher.enrich(checked, &facts))
            .collect::<Vec<_>>();
        writing += timed(|| drop(database.write(batch.iter(), now).unwrap()));
        let took = timed(|| database.roll_up(now).unwrap());
        rolling_up += took;
        longest = longest.max(took);
        // Hourly histograms are not kept for four weeks.
        while database.is_prune_due(now) {
            database.prune(now).unwrap();
        }
        longest_move = longest_move.max(timed(|| {
            database.move_log().unwrap();
        }));
    }
    database.close().unwrap();
    json!({
        "page_views": page_views,
        "written_a_second": page_views as f64 / writing.as_secs_f64(),
        "rolled_up_a_second": page_views as f64 / rolling_up.as_secs_f64(),
        "longest_roll_up_ms": milliseconds(longest),
        "longest_move_of_log_ms": milliseconds(longest_move),
        "bytes_a_page_view": bytes(path) / page_views as f64,
        "tables": tables(path, page_views),
    })
}

/// As the writer does, until nothing is left to do.
fn prune(path: &Path) -> Value {
    let now = Timestamp::now() + SignedDuration::from_hours(24 * 40);
    let count = || rows(path, "SELECT count(*) FROM page_views");
    let page_views = count() as f64;
    let mut database = Database::open(path).unwrap();
    database.keep_log().unwrap();
    let (mut longest, mut longest_move, mut steps) = (Duration::ZERO, Duration::ZERO, 0);
    while database.is_prune_due(now) {
        longest = longest.max(timed(|| database.prune(now).unwrap()));
        longest_move = longest_move.max(timed(|| {
            database.move_log().unwrap();
        }));
        steps += 1;
    }
    database.close().unwrap();
    assert_eq!(count(), 0);
    json!({
        "steps": steps,
        "longest_step_ms": milliseconds(longest),
        "longest_move_of_log_ms": milliseconds(longest_move),
        "bytes_a_page_view": bytes(path) / page_views,
    })
}

fn as_json(page_views: u64, path: &Path) -> Value {
    let mut connection = rusqlite::Connection::open(path).unwrap();
    let table = "CREATE TABLE page_views (id INTEGER PRIMARY KEY, page_view TEXT NOT NULL)";
    connection.execute_batch(table).unwrap();
    let mut visitors = Visitors::new(SITE, SEED);
    let transaction = connection.transaction().unwrap();
    let nothing = told::nothing(SITE);
    for _ in 0..page_views {
        let page_view = told::text(&visitors.page_view(), &nothing);
        let insert = "INSERT INTO page_views (page_view) VALUES (?1)";
        transaction.prepare_cached(insert).unwrap().execute([page_view]).unwrap();
    }
    transaction.commit().unwrap();
    json!({ "bytes_a_page_view": bytes(path) / page_views as f64 })
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn bytes(path: &Path) -> f64 {
    fs::metadata(path).unwrap().len() as f64
}

fn rows(path: &Path, sql: &str) -> i64 {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Bytes a page view of the largest tables and indexes.
fn tables(path: &Path, page_views: u64) -> Value {
    let connection = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 8";
    let mut statement = connection.prepare(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, f64>(1)?));
    let tables = statement.query_map([], row).unwrap().map(Result::unwrap);
    tables.map(|(name, bytes)| json!([name, bytes / page_views as f64])).collect()
}
