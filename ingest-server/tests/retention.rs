//! What is old goes, and reports of it stay.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    load::Visitors,
    store::sqlite::{Database, Filters, Measured, Reader, Retention, Selection},
};
use jiff::{SignedDuration, Timestamp};
use std::{fs, path::Path};

const DAYS: i64 = 40;
const A_DAY: u64 = 100;
const RETENTION: Retention = Retention { page_view_days: 30, histogram_days: 35 };

fn day(days: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * days)
}

fn fill(path: &Path) -> Database {
    let mut database = Database::open(path).unwrap().with_retention(RETENTION);
    let sites = database.sites().unwrap();
    let mut visitors = Visitors::new("default", 1);
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    for days in 0..DAYS {
        let received_at = day(days);
        let facts = RequestFacts::arrived_at(received_at);
        let page_views = (0..A_DAY).map(|_| {
            let checked = accept(visitors.page_view(), &facts, &sites).unwrap();
            enricher.enrich(checked, &facts)
        });
        database.write(page_views.collect::<Vec<_>>().iter(), received_at).unwrap();
    }
    database
}

async fn measured(path: &Path, from: i64, to: i64) -> Measured {
    let midnight = |days| day(days) - SignedDuration::from_hours(12);
    let site = Database::open(path).unwrap().sites().unwrap().get("default").unwrap().id;
    let (from, to) = (midnight(from), midnight(to));
    let selection = Selection { site, from, to, filters: Filters::default() };
    Reader::open(path).unwrap().measured(selection).await.unwrap()
}

fn count(path: &Path, sql: &str) -> i64 {
    rusqlite::Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// As the writer does, until nothing is left to do.
fn prune(database: &mut Database, now: Timestamp) {
    for _ in 0..100 {
        database.prune(now).unwrap();
    }
}

#[tokio::test]
async fn page_views_are_deleted_a_month_after_they_came_and_reports_of_them_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let mut database = fill(&path);
    prune(&mut database, day(DAYS));
    let first = DAYS - i64::from(RETENTION.page_view_days);
    let kept = (DAYS - first).cast_unsigned() * A_DAY;
    assert_eq!(count(&path, "SELECT count(*) FROM page_views").cast_unsigned(), kept);
    // Daily histograms reach further back.
    let first = DAYS - i64::from(RETENTION.histogram_days);
    assert_eq!(
        measured(&path, first, DAYS).await.page_views,
        (DAYS - first).cast_unsigned() * A_DAY
    );
    assert_eq!(measured(&path, 0, first).await.page_views, 0);
}

#[tokio::test]
async fn a_site_that_nobody_visits_any_more_leaves_an_empty_file_and_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let mut database = fill(&path);
    let full = count(&path, "PRAGMA page_count");
    prune(&mut database, day(DAYS + 100));
    for table in
        ["page_views", "histograms", "pages", "texts", "shapes", "circumstances", "arrivals"]
    {
        assert_eq!(count(&path, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let empty = count(&path, "PRAGMA page_count");
    assert!(empty * 10 < full, "{empty} of {full} pages are left");
    database.close().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 400_000);

    let mut database = Database::open(&path).unwrap();
    let sites = database.sites().unwrap();
    let received_at = day(DAYS + 100);
    let facts = RequestFacts::arrived_at(received_at);
    let checked = accept(Visitors::new("default", 2).page_view(), &facts, &sites).unwrap();
    let page_view = Enricher::new(EnrichConfig::default()).unwrap().enrich(checked, &facts);
    database.write([&page_view].into_iter(), received_at).unwrap();
    let found = measured(&path, DAYS + 100, DAYS + 101).await;
    assert_eq!((found.page_views, found.distributions[3].count()), (1, 1));
}

#[tokio::test]
async fn a_rebuild_keeps_the_histograms_of_page_views_that_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let mut database = fill(&path);
    let all = measured(&path, 10, DAYS).await.page_views;
    // In the middle of the first day, some days later, and when none is left.
    for (now, steps) in [(31, 1), (DAYS, 100), (DAYS + 31, 100)] {
        let retention = Retention { histogram_days: 397, ..RETENTION };
        database = database.with_retention(retention);
        for _ in 0..steps {
            database.prune(day(now)).unwrap();
        }
        let rebuilt = database.rebuild(&"default".parse().unwrap(), day(now)).unwrap().unwrap();
        assert_eq!(rebuilt.different, 0);
        assert_eq!(measured(&path, 10, DAYS).await.page_views, all, "on day {now}");
    }
    assert_eq!(count(&path, "SELECT count(*) FROM page_views"), 0);
}
