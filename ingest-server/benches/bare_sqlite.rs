//! How many beacons a second SQLite keeps when nobody sends, checks or understands them: each as it
//! is, 1000 a commit, as durable as the server's.
//!
//! Arguments: seconds, file. Prints the number.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use ingest_server::load::Visitors;
use rusqlite::{Connection, params};
use std::{
    env, fs, iter,
    time::{Duration, Instant},
};

const BATCH: usize = 1000;

fn main() {
    let mut arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let seconds: u64 = arguments.next().map_or(1, |text| text.parse().unwrap());
    let path = arguments.next().unwrap_or_else(|| "bare.db".to_owned());
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{path}{suffix}"));
    }
    let mut visitors = Visitors::new("default", 1);
    let bodies = iter::repeat_with(|| beacon::encode(&visitors.page_view()));
    let bodies = bodies.take(BATCH).collect::<Vec<_>>();
    let mut connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE beacons (
                 id INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, body BLOB NOT NULL
             )",
        )
        .unwrap();
    let begun = Instant::now();
    let mut kept = 0;
    while begun.elapsed() < Duration::from_secs(seconds) {
        let transaction = connection.transaction().unwrap();
        let insert = "INSERT INTO beacons (received_at, body) VALUES (?1, ?2)";
        let mut insert = transaction.prepare_cached(insert).unwrap();
        for body in &bodies {
            insert.execute(params![kept, body]).unwrap();
            kept += 1;
        }
        drop(insert);
        transaction.commit().unwrap();
    }
    println!("{}", kept / i64::try_from(seconds).unwrap());
}
