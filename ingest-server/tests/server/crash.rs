//! A server that is killed at any moment, again and again, has lost nothing that it answered and
//! counted nothing twice.

use crate::support::{Binary, beacon};
use ingest_server::store::sqlite::Database;
use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{path::Path, time::Duration};

const SENDERS: u32 = 8;

/// More of them in `cargo xtask bench crash`.
fn kills() -> u32 {
    std::env::var("RHUMB_KILLS").map_or(20, |kills| kills.parse().unwrap())
}

/// Posts page views of a route, every other one twice, until nobody answers; how many were taken.
async fn send(url: String, round: u32, sender: u32) -> u64 {
    let client = reqwest::Client::new();
    for number in 0_u32.. {
        let id = u128::from(round) << 64 | u128::from(sender) << 32 | u128::from(number);
        let mut beacon = beacon(id, 100.0);
        beacon["route"] = json!(format!("/{round}"));
        for _ in 0..=number % 2 {
            match client.post(&url).body(beacon.to_string()).send().await {
                Ok(answer) => assert_eq!(answer.status(), StatusCode::NO_CONTENT),
                Err(_) => return number.into(),
            }
        }
    }
    unreachable!("the server is killed before that")
}

/// How many page views were taken of a route while the server lived so long.
async fn live_and_die(folder: &Path, round: u32, life: Duration) -> u64 {
    let mut server = Binary::start(folder);
    let url = format!("{}v1/ingest", server.url);
    let senders = (0..SENDERS).map(|sender| tokio::spawn(send(url.clone(), round, sender)));
    let senders = senders.collect::<Vec<_>>();
    tokio::time::sleep(life).await;
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let mut taken = 0;
    for sender in senders {
        taken += sender.await.unwrap();
    }
    taken
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_again_and_again_loses_nothing_it_answered_and_counts_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut taken = Vec::new();
    for round in 0..kills() {
        let life = Duration::from_millis(u64::from(20 + round * 37 % 400));
        taken.push(live_and_die(folder.path(), round, life).await);
    }
    assert!(taken.iter().sum::<u64>() > 100, "too few to say anything: {taken:?}");
    let server = Binary::start(folder.path());
    for (round, taken) in taken.iter().enumerate() {
        let url = format!("{}v1/sites/default/summary?route=/{round}", server.url);
        let summary: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let kept = summary["page_views"].as_u64().unwrap();
        // Each sender may have had one under way whose answer it did not hear.
        let most = taken + u64::from(SENDERS);
        assert!((*taken..=most).contains(&kept), "{taken} answered, {kept} kept");
        assert_eq!(summary["metrics"]["lcp"]["count"], kept);
    }
    let acknowledged = taken.iter().sum::<u64>();
    println!("{} kills, {acknowledged} beacons answered 204: none lost, none twice", taken.len());
    drop(server);
    let mut database = Database::open(&folder.path().join("rhumb.db")).unwrap();
    let rebuilt = database.rebuild(&"default".parse().unwrap(), Timestamp::now()).unwrap();
    assert_eq!(rebuilt.unwrap().different, 0);
}
