//! What is old goes, and reports of it stay.

use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    load::Visitors,
    store::sqlite::{Database, Filters, Measured, Reader, Retention, RollUpLimits, Selection},
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
    let mut visitors = Visitors::new("default", 1);
    for days in 0..DAYS {
        write(&mut database, &mut visitors, A_DAY, RequestFacts::arrived_at(day(days)));
    }
    database
}

fn write(database: &mut Database, visitors: &mut Visitors, count: u64, facts: RequestFacts<'_>) {
    let sites = database.sites().unwrap();
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    let page_views = (0..count).map(|_| {
        let checked = accept(visitors.page_view(), &facts, &sites).unwrap();
        enricher.enrich(checked, &facts)
    });
    database.write(page_views.collect::<Vec<_>>().iter(), facts.received_at).unwrap();
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
async fn a_day_that_is_over_is_sealed_and_can_still_be_changed_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let all = RollUpLimits { tail_min: 0, step_max: 100, corrections_max: 0 };
    let mut database = fill(&path).with_roll_up(all);
    for _ in 0..DAYS {
        database.roll_up(day(DAYS)).unwrap();
    }
    let (from, to) = (DAYS - 20, DAYS - 10);
    let before = measured(&path, from, to).await;
    prune(&mut database, day(DAYS));
    let sealed = "SELECT count(*) FROM histograms WHERE is_sealed";
    assert!(count(&path, sealed) > 0);
    assert_eq!(measured(&path, from, to).await.distributions, before.distributions);

    // More page views of these days come late.
    let delay_ms = 15 * 24 * 60 * 60 * 1000;
    let late = RequestFacts { delay_ms, ..RequestFacts::arrived_at(day(DAYS)) };
    write(&mut database, &mut Visitors::new("default", 2), 100, late);
    database.roll_up(day(DAYS)).unwrap();
    assert_eq!(measured(&path, from, to).await.page_views, before.page_views + 100);
    let rebuilt = database.rebuild(&"default".parse().unwrap(), day(DAYS)).unwrap().unwrap();
    assert_eq!(rebuilt.different, 0);
    assert_eq!(measured(&path, from, to).await.page_views, before.page_views + 100);
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
    // One for each table and index, and what SQLite needs for itself.
    let roots = count(&path, "SELECT count(*) FROM sqlite_schema WHERE rootpage > 0");
    assert!(empty <= roots + 5 && empty < full, "{empty} of {full} pages are left");
    database.close().unwrap();
    assert!(fs::metadata(&path).unwrap().len() < 400_000);

    let mut database = Database::open(&path).unwrap();
    let facts = RequestFacts::arrived_at(day(DAYS + 100));
    write(&mut database, &mut Visitors::new("default", 2), 1, facts);
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
