//! What each step costs a beacon on its way to the writer: decode, accept, enrich.
//!
//! `cargo bench --package ingest-server --bench pipeline`

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use ingest_server::{
    ingest::{AgentHeaders, EnrichConfig, Enricher, RequestFacts, accept},
    load::Visitors,
    store::sqlite::Database,
};
use jiff::Timestamp;
use std::time::{Duration, Instant};

const BEACONS: u32 = 200_000;
/// Browsers that visit at the same time.
const USER_AGENTS: usize = 500;
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Chrome/156.0.0.0 Safari/537.36";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let sites = Database::open(&folder.path().join("rhumb.db")).unwrap().sites().unwrap();
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    let mut visitors = Visitors::new("default", 1);
    let bodies = (0..BEACONS).map(|_| beacon::encode(&visitors.page_view())).collect::<Vec<_>>();
    let user_agents = (0..USER_AGENTS).map(|number| format!("{CHROME} Variant/{number}"));
    let user_agents = user_agents.collect::<Vec<_>>();
    let facts = |index: usize| {
        let user_agent = Some(&*user_agents[index % USER_AGENTS]);
        let agent = AgentHeaders { user_agent, ..AgentHeaders::default() };
        RequestFacts { agent, ..RequestFacts::arrived_at(Timestamp::UNIX_EPOCH) }
    };

    let (beacons, took) = timed(|| bodies.iter().flat_map(|it| beacon::decode(it).unwrap()));
    print("decode", took);
    let (checked, took) = timed(|| {
        let beacons = beacons.into_iter().enumerate();
        beacons.map(|(index, beacon)| accept(beacon, &facts(index), &sites).unwrap())
    });
    print("accept", took);
    let (_page_views, took) = timed(|| {
        let checked = checked.into_iter().enumerate();
        checked.map(|(index, checked)| enricher.enrich(checked, &facts(index)))
    });
    print("enrich", took);
}

/// All that comes of it, and how long that took.
fn timed<T, I: Iterator<Item = T>>(work: impl FnOnce() -> I) -> (Vec<T>, Duration) {
    let begun = Instant::now();
    let all = work().collect();
    (all, begun.elapsed())
}

fn print(step: &str, took: Duration) {
    println!("{step:<8} {:>6} ns a beacon", (took / BEACONS).as_nanos());
}
