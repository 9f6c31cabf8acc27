//! A database that an earlier release wrote is opened by this one, and says what it said.

use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    report::{MetricSummary, Period, Summary, summarize},
    store::sqlite::{Database, Filters, Reader, Selection, back_up},
};
use jiff::Timestamp;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

fn fixture(schema: u32) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/databases");
    folder.join(format!("schema-{schema}.sqlite"))
}

/// That of a database, which is the number of migrations that were made.
fn schema(path: &Path) -> u32 {
    let database = rusqlite::Connection::open(path).unwrap();
    database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

fn newest_schema() -> u32 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    drop(Database::open(&path).unwrap());
    schema(&path)
}

/// A copy, and its folder.
fn copy(schema: u32) -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    fs::copy(fixture(schema), &path).unwrap();
    (path, folder)
}

/// The fixtures that there are, each of its schema.
fn schemas() -> Vec<u32> {
    let schemas = (1..=newest_schema()).filter(|schema| fixture(*schema).exists());
    schemas.collect()
}

async fn summary(path: &Path, site: &str) -> Summary {
    let reader = Reader::open(path).unwrap();
    let sites = reader.sites().await.unwrap();
    let selection = Selection {
        site: sites.get(site).unwrap().id,
        from: "2026-11-24T00:00:00Z".parse().unwrap(),
        to: "2026-11-25T00:00:00Z".parse().unwrap(),
        filters: Filters::default(),
    };
    let period = Period { from: selection.from, to: selection.to };
    let measured = reader.measured(selection).await.unwrap();
    summarize(site, period, Filters::default(), measured)
}

/// How many there are, and about what the 75th percentile is: histograms are a little off.
fn assert_measured(metric: &MetricSummary, count: u64, p75: f64) {
    assert_eq!(metric.count, count);
    let found = metric.percentiles.unwrap().p75;
    assert!((found - p75).abs() <= p75 * 0.0055, "{found} instead of {p75}");
}

#[test]
fn a_migration_is_not_added_without_a_database_of_the_schema_before_it() {
    for former in 1..newest_schema() {
        assert!(
            fixture(former).exists(),
            "there is no database of schema {former}; check out the release before the migration \
             and run `cargo run --example fixture_database`"
        );
    }
    for it in schemas() {
        let (path, _folder) = copy(it);
        assert_eq!(schema(&path), it, "a fixture is never changed");
    }
}

#[test]
fn a_backup_of_a_former_database_is_one_too_and_changes_nothing() {
    for former in schemas() {
        let (path, folder) = copy(former);
        let before = fs::read(&path).unwrap();
        let copied = folder.path().join("copy.db");
        back_up(&path, &copied).unwrap();
        assert_eq!(schema(&copied), former);
        assert!(fs::read(&path).unwrap() == before, "the database of schema {former} is another");
        assert_eq!(
            Database::open(&copied).unwrap().diagnose().unwrap().faults,
            Vec::<String>::new()
        );
    }
}

#[tokio::test]
async fn a_former_database_is_well_and_says_what_it_said() {
    for former in schemas() {
        let (path, _folder) = copy(former);
        let database = Database::open(&path).unwrap();
        assert_eq!(schema(&path), newest_schema());
        assert_eq!(database.diagnose().unwrap().faults, Vec::<String>::new());
        let origins = database.sites().unwrap().get("shop").unwrap().origins.clone();
        assert_eq!(origins, ["https://shop.example"]);

        let of_default = summary(&path, "default").await;
        let unmeasured = u64::from(former >= 2);
        assert_eq!(of_default.page_views, 3 + unmeasured, "of schema {former}");
        assert_eq!(of_default.unmeasured, unmeasured, "of schema {former}");
        let metrics = of_default.metrics;
        assert_measured(&metrics.lcp, 3, 5000.0);
        assert_measured(&metrics.inp, 1, 120.0);
        assert_measured(&metrics.cls, 1, 0.05);
        assert_measured(&metrics.fcp, 1, 900.0);
        assert_measured(&metrics.ttfb, 1, 200.0);
        assert_measured(&metrics.fid.unwrap(), 1, 30.0);
        let of_shop = summary(&path, "shop").await;
        assert_measured(&of_shop.metrics.lcp, 1, 700.0);
    }
}

#[tokio::test]
async fn beacons_of_a_page_view_of_a_former_database_are_recognised() {
    let received_at = "2026-11-24T13:00:00Z".parse().unwrap();
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    for former in schemas() {
        let (path, _folder) = copy(former);
        let mut database = Database::open(&path).unwrap();
        let before = summary(&path, "default").await;
        let facts = RequestFacts::arrived_at(received_at);
        let sites = database.sites().unwrap();
        let page_view = |sequence: u32, lcp_ms: u32| {
            let beacon = json!({
                "site": "default",
                "page_view": format!("{:032x}", 1),
                "sequence": sequence,
                "started_at": "2026-11-24T12:00:00Z",
                "metrics": [{ "name": "LCP", "value": lcp_ms }],
            });
            let beacon = beacon::decode(beacon.to_string().as_bytes()).unwrap().pop().unwrap();
            enricher.enrich(accept(beacon, &facts, &sites).unwrap(), &facts)
        };
        // One that is later than those that were written, and one that is not.
        for (sequence, lcp_ms) in [(3, 6000), (1, 9000)] {
            database.write([page_view(sequence, lcp_ms)].iter(), Timestamp::now()).unwrap();
        }
        let after = summary(&path, "default").await;
        assert_eq!(after.page_views, before.page_views, "of schema {former}");
        assert_measured(&after.metrics.lcp, 3, 6000.0);
        assert_eq!(after.metrics.inp, before.metrics.inp);
    }
}

#[test]
fn a_database_of_a_later_release_is_refused_and_left_as_it_is() {
    let (path, _folder) = copy(1);
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = fs::read(&path).unwrap();
    let refused = format!("{:#}", Database::open(&path).unwrap_err());
    let known = newest_schema();
    assert!(
        refused.contains("a later rhumb wrote it (schema 99; this one knows those up to "),
        "{refused}"
    );
    assert!(refused.contains(&format!("{known})")), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
}
