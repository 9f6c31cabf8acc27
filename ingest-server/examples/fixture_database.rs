//! Writes a database of today's schema from the beacons of `tests/data/databases/beacons.jsonl`, to be
//! kept there: `cargo run --example fixture_database`.

use anyhow::{Context, Result, ensure};
use ingest_server::{
    ingest::{EnrichConfig, Enricher, RequestFacts, accept},
    store::sqlite::{Database, RollUpLimits, back_up},
};
use jiff::Timestamp;
use std::{fs, path::Path};

/// An hour after the page views of the beacons began.
const ARRIVED_AT: &str = "2026-11-24T13:00:00Z";
const ORIGIN: &str = "https://shop.example";

fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/databases");
    let new = folder.join("new.sqlite");
    write(&fs::read(folder.join("beacons.jsonl"))?, &new)?;
    let schema = rusqlite::Connection::open(&new)?
        .query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))?;
    let kept = folder.join(format!("schema-{schema}.sqlite"));
    ensure!(!kept.exists(), "{} is there already, and is never changed", kept.display());
    // Without empty pages.
    drop(Database::open(&new)?);
    back_up(&new, &kept)?;
    fs::remove_file(new)?;
    println!("{}", kept.display());
    Ok(())
}

/// Some page views are rolled up, and one of them is changed by a later beacon.
fn write(beacons: &[u8], path: &Path) -> Result<()> {
    let limits = RollUpLimits { tail_min: 1, step_max: 1, ..RollUpLimits::default() };
    let mut database = Database::open(path)?.with_roll_up(limits);
    let shop = "shop".parse().map_err(anyhow::Error::msg)?;
    database.put_site(&shop, &[ORIGIN.to_owned()])?;
    let sites = database.sites()?;
    let enricher = Enricher::new(EnrichConfig::default())?;
    let now = ARRIVED_AT.parse::<Timestamp>()?;
    for line in beacons.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let beacon = beacon::decode(line)?.pop().context("a line is no beacon")?;
        let is_unmeasured = beacon.metrics.is_empty();
        let facts =
            RequestFacts { is_unmeasured, origin: Some(ORIGIN), ..RequestFacts::arrived_at(now) };
        let checked = accept(beacon, &facts, &sites).map_err(|it| anyhow::Error::msg(it.detail))?;
        database.write([enricher.enrich(checked, &facts)].iter(), now)?;
        database.roll_up(now)?;
    }
    database.close()
}
