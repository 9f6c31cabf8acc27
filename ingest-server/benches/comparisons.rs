//! What the server does, beside what comes to mind first: the same work both ways, and how long each takes. Prints
//! JSON.
//!
//! Argument: a database as `storage fill` writes it.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]
#![allow(clippy::cast_precision_loss, reason = "figures are for people")]

mod told;

use ingest_server::{
    ingest::{EnrichConfig, Enricher, PageView, RequestFacts, accept},
    load::Visitors,
    store::sqlite::{Database, Filters, Reader, Selection},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::{Value, json};
use std::{
    env,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

const SITE: &str = "default";
const BEACONS: u32 = 20_000;
/// Each in a transaction of its own, which waits for the disk.
const INSERTS: u32 = 500;
const LISTED: u32 = 20_000;
/// A report is read so often; the quickest counts.
const READS: u32 = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo bench` runs every benchmark without arguments.
    let Some(database) = env::args().skip(1).find(|argument| argument != "--bench") else { return };
    let database = Path::new(&database);
    let figures = json!([
        beacons(),
        inserts(database.parent().unwrap()),
        list(database),
        report(database).await,
    ]);
    println!("{figures}");
}

/// Of one of so many, by each way.
fn compared(what: &str, ways: [(&str, Duration); 2], of: u32) -> Value {
    let way = |(name, took): (&str, Duration)| json!({ "way": name, "us": took.as_secs_f64() * 1e6 / f64::from(of) });
    json!({ "what": what, "ways": ways.map(way) })
}

/// What a page sends, and what it takes to be read.
fn beacons() -> Value {
    let (mut visitors, nothing) = (Visitors::new(SITE, 1), told::nothing(SITE));
    let beacons = (0..BEACONS).map(|_| visitors.page_view()).collect::<Vec<_>>();
    let json = beacons.iter().map(|it| told::text(it, &nothing).into_bytes()).collect::<Vec<_>>();
    let binary = beacons.iter().map(beacon::encode).collect::<Vec<_>>();
    let read = |bodies: &[Vec<u8>]| {
        timed(|| bodies.iter().for_each(|it| drop(black_box(beacon::decode(it).unwrap()))))
    };
    let ways = [("as JSON", read(&json)), ("as binary", read(&binary))];
    let bytes =
        |bodies: &[Vec<u8>]| bodies.iter().map(Vec::len).sum::<usize>() as f64 / f64::from(BEACONS);
    let mut compared = compared("a beacon is decoded", ways, BEACONS);
    compared["bytes"] = json!([bytes(&json), bytes(&binary)]);
    compared
}

/// Durable as the server's.
fn inserts(folder: &Path) -> Value {
    let folder = tempfile::tempdir_in(folder).unwrap();
    let now = Timestamp::now();
    let write = |name: &str, at_once: usize| {
        let mut database = Database::open(&folder.path().join(name)).unwrap();
        let page_views = page_views(&database, now);
        let took = timed(|| {
            for some in page_views.chunks(at_once) {
                drop(database.write(some.iter(), now).unwrap());
            }
        });
        database.close().unwrap();
        took
    };
    let batch = usize::try_from(INSERTS).unwrap();
    let ways = [("in a transaction each", write("each", 1)), ("in one", write("one", batch))];
    compared("a page view is written", ways, INSERTS)
}

fn page_views(database: &Database, now: Timestamp) -> Vec<PageView> {
    let (sites, mut visitors) = (database.sites().unwrap(), Visitors::new(SITE, 1));
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    let facts = RequestFacts::arrived_at(now);
    let accepted = (0..INSERTS).map(|_| accept(visitors.page_view(), &facts, &sites).unwrap());
    accepted.map(|checked| enricher.enrich(checked, &facts)).collect()
}

fn open(database: &Path) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Page views with the route and the release that they name by number.
fn list(database: &Path) -> Value {
    let connection = open(database);
    let one_by_one = timed(|| {
        let sql = "SELECT page_id, circumstances_id FROM page_views LIMIT ?1";
        let mut page_views = connection.prepare(sql).unwrap();
        let mut route = connection.prepare("SELECT route FROM pages WHERE id = ?1").unwrap();
        let release = "SELECT release FROM circumstances WHERE id = ?1";
        let mut release = connection.prepare(release).unwrap();
        let mut rows = page_views.query([LISTED]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let [page, circumstances] = [0, 1].map(|column| row.get::<_, i64>(column).unwrap());
            black_box(route.query_row([page], text).unwrap());
            black_box(release.query_row([circumstances], text).unwrap());
        }
    });
    let joined = timed(|| {
        let sql = "SELECT route, release FROM page_views JOIN pages ON pages.id = page_id
                   JOIN circumstances ON circumstances.id = circumstances_id LIMIT ?1";
        let mut rows = connection.prepare(sql).unwrap();
        let mut rows = rows.query([LISTED]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            black_box((text(row).unwrap(), row.get::<_, String>(1).unwrap()));
        }
    });
    let ways = [("by two more questions each", one_by_one), ("by one join", joined)];
    compared("a page view is listed", ways, LISTED)
}

fn text(row: &Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

/// The percentiles of five metrics, of four weeks.
async fn report(database: &Path) -> Value {
    const EXACT: &str = "SELECT cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us FROM page_views";
    let connection = open(database);
    let read_all = || {
        let mut metrics = [const { Vec::<u32>::new() }; 5];
        let mut statement = connection.prepare_cached(EXACT).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (index, metric) in metrics.iter_mut().enumerate() {
                metric.extend(row.get::<_, Option<u32>>(index).unwrap());
            }
        }
        for metric in &mut metrics {
            metric.sort_unstable();
        }
        black_box(metrics);
    };
    let exact = (0..READS).map(|_| timed(read_all)).min().unwrap();

    let reader = Reader::open(database).unwrap();
    let site = reader.sites().await.unwrap().get(SITE).unwrap().id;
    let to = Timestamp::now();
    let from = to - SignedDuration::from_hours(24 * 28);
    let mut rolled_up = Duration::MAX;
    for _ in 0..READS {
        let selection = Selection { site, from, to, filters: Filters::default() };
        let begun = Instant::now();
        black_box(reader.measured(selection).await.unwrap());
        rolled_up = rolled_up.min(begun.elapsed());
    }
    let ways = [("from every page view", exact), ("from histograms", rolled_up)];
    compared("a report of four weeks is read", ways, 1)
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}
