//! What page views take on disk, and how long it takes to write them and roll them up.
//!
//! `cargo xtask bench storage --page-views 10000000`

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(clippy::cast_precision_loss, reason = "figures are for people")]

use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    load::Visitors,
    store::sqlite::{Database, Sites},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

const BATCH: u64 = 1000;
const DAYS: i64 = 28;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let page_views: u64 = arguments.next().map_or(1_000_000, |text| text.parse().unwrap());
    let path = arguments.next().map_or_else(|| PathBuf::from("bench.db"), PathBuf::from);
    let mut database = Database::open(&path).unwrap();
    let sites = database.sites().unwrap();
    let mut visitors = Visitors::new("default", 1);
    let (mut writing, mut rolling_up, mut longest) = Default::default();
    let start = Timestamp::now() - SignedDuration::from_hours(24 * DAYS);
    let batches = page_views / BATCH;
    for batch in 0..batches {
        let seconds = DAYS.cast_unsigned() * 86_400 * batch / batches;
        let now = start + SignedDuration::from_secs(seconds.cast_signed());
        write(&mut database, &sites, &mut visitors, now, &mut writing);
        roll_up(&mut database, now, &mut rolling_up, &mut longest);
    }
    drop(database);
    report(&path, page_views, writing, rolling_up, longest);
}

fn write(
    database: &mut Database,
    sites: &Sites,
    visitors: &mut Visitors,
    now: Timestamp,
    took: &mut Duration,
) {
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    let facts = RequestFacts::arrived_at(now);
    let batch = (0..BATCH)
        .map(|_| accept(visitors.page_view(), &facts, sites).unwrap())
        .map(|checked| enricher.enrich(checked, &facts))
        .collect::<Vec<_>>();
    let begun = Instant::now();
    database.write(batch.iter(), now).unwrap();
    *took += begun.elapsed();
}

fn roll_up(database: &mut Database, now: Timestamp, took: &mut Duration, longest: &mut Duration) {
    let begun = Instant::now();
    database.roll_up(now).unwrap();
    *took += begun.elapsed();
    *longest = begun.elapsed().max(*longest);
}

fn report(
    path: &PathBuf,
    page_views: u64,
    writing: Duration,
    rolling_up: Duration,
    longest: Duration,
) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let bytes = std::fs::metadata(path).unwrap().len();
    println!("page views          {page_views}");
    println!("written             {:.0} /s", page_views as f64 / writing.as_secs_f64());
    println!("rolled up           {:.0} /s", page_views as f64 / rolling_up.as_secs_f64());
    println!("longest roll-up     {:.1} ms", longest.as_secs_f64() * 1e3);
    println!("bytes a page view   {:.1}", bytes as f64 / page_views as f64);
    let sql = "SELECT name, sum(pgsize), sum(payload), sum(ncell) FROM dbstat \
               GROUP BY name ORDER BY 2 DESC LIMIT 12";
    let Ok(mut statement) = connection.prepare(sql) else { return };
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (name, size): (String, f64) = (row.get(0).unwrap(), row.get(1).unwrap());
        let (payload, cells): (f64, f64) = (row.get(2).unwrap(), row.get(3).unwrap());
        println!(
            "  {name:<34} {:>7.2} B a page view, payload {:.2}, {cells} cells",
            size / page_views as f64,
            payload / page_views as f64
        );
    }
}
