//! What is answered 204 is on disk, whatever happens next.

mod support;

use axum::http::{StatusCode, header};
use ingest_server::{
    http::{Access, App},
    ingest::Writer,
    server::{Config, Server},
    store::sqlite::{Database, Reader},
};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use support::{Rhumb, beacon, read_json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, time::timeout};

/// How soon a server that is told to stop has stopped.
const STOP_MAX: Duration = Duration::from_secs(5);

fn page_views_on_disk(folder: &TempDir) -> u64 {
    let database = rusqlite::Connection::open(folder.path().join("rhumb.db")).unwrap();
    database
        .query_row("SELECT count(*) FROM page_views", [], |row| row.get::<_, u32>(0))
        .unwrap()
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_told_to_stop_under_load_keeps_every_beacon_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { database: folder.path().join("rhumb.db"), access: Access::new(None).unwrap() };
    let server = Server::open(config).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/ingest", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        let _ = stopped.await;
    };
    let running = tokio::spawn(server.run(listener, shutdown));
    let taken = Arc::new(AtomicU64::new(0));
    let senders = (0..16_u128).map(|sender| {
        let (url, taken) = (url.clone(), taken.clone());
        tokio::spawn(async move {
            let client = reqwest::Client::new();
            for number in 0.. {
                let body = beacon(sender << 64 | number, 100.0).to_string();
                match client.post(&url).body(body).send().await {
                    Ok(answer) if answer.status() == StatusCode::NO_CONTENT => {
                        taken.fetch_add(1, Ordering::SeqCst);
                    }
                    _ => return,
                }
            }
        })
    });
    let senders = senders.collect::<Vec<_>>();
    tokio::time::sleep(Duration::from_millis(500)).await;

    stop.send(()).unwrap();
    timeout(STOP_MAX, running).await.expect("stops in time").unwrap().unwrap();
    for sender in senders {
        sender.await.unwrap();
    }

    let taken = taken.load(Ordering::SeqCst);
    assert!(taken > 16, "only {taken} were taken");
    // One whose answer was lost on the way may be there too.
    let kept = page_views_on_disk(&folder);
    assert!((taken..=taken + 16).contains(&kept), "{taken} answered, {kept} kept");
}

struct Binary {
    child: Child,
    url: String,
}

impl Binary {
    fn start(folder: &TempDir) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rhumb"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(folder.path().join("rhumb.db"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap().to_owned();
        Self { child, url }
    }
}

impl Drop for Binary {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_beacon_that_was_answered_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(&folder);
    let url = format!("{}v1/ingest", server.url);
    let answer = reqwest::Client::new().post(url).body(beacon(1, 100.0).to_string()).send();
    assert_eq!(answer.await.unwrap().status(), StatusCode::NO_CONTENT);
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let server = Binary::start(&folder);
    let summary = reqwest::get(format!("{}v1/sites/default/summary", server.url)).await.unwrap();
    let summary: serde_json::Value = summary.json().await.unwrap();
    assert_eq!(summary["page_views"], 1);
}

#[tokio::test]
async fn sigterm_ends_the_server_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(&folder);
    let id = server.child.id().to_string();
    let told = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap());
    assert!(status.await.unwrap().success());
    assert!(told.elapsed() < STOP_MAX);
    assert!(!folder.path().join("rhumb.db-wal").exists(), "the log was not moved into the file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_answers_503_and_when_to_try_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let database = Database::open(&path).unwrap();
    let sites = database.sites().unwrap();
    let writer = Writer::with_queue(database, 1).unwrap();
    let app =
        App::new(sites, Reader::open(&path).unwrap(), writer.queue(), Access::new(None).unwrap());
    let router = ingest_server::http::router(app);
    // Nobody else can write as long as this transaction lasts, so requests pile up.
    let mut other = rusqlite::Connection::open(&path).unwrap();
    let lock = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let post = |number| {
        let body = axum::body::Body::from(beacon(number, 100.0).to_string());
        let request = axum::http::Request::post("/v1/ingest").body(body).unwrap();
        tokio::spawn(tower::ServiceExt::oneshot(router.clone(), request))
    };
    let mut posts = Vec::new();
    let busy = loop {
        let number = posts.len();
        assert!(number < 50, "the queue is never full");
        posts.push(post(number as u128));
        tokio::time::sleep(Duration::from_millis(20)).await;
        if let Some(done) = posts.iter().position(tokio::task::JoinHandle::is_finished) {
            break posts.remove(done).await.unwrap().unwrap();
        }
    };
    assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.headers()[header::RETRY_AFTER], "1");
    assert_eq!(read_json(busy).await["type"], "urn:rhumb:problem:busy");

    drop(lock);
    for post in posts {
        let status = post.await.unwrap().unwrap().status();
        assert_eq!(status, StatusCode::NO_CONTENT, "those that waited are written");
    }
}

#[tokio::test]
async fn a_database_that_refuses_answers_503_and_recovers() {
    let rhumb = Rhumb::start();
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    database.execute_batch("ALTER TABLE page_views RENAME TO hidden").unwrap();
    let response = rhumb.post(beacon(1, 100.0).to_string()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    let problem = read_json(response).await;
    assert!(!problem.to_string().contains("page_views"), "an internal cause: {problem}");

    database.execute_batch("ALTER TABLE hidden RENAME TO page_views").unwrap();
    rhumb.accepts(&beacon(1, 100.0)).await;
}

#[tokio::test]
async fn a_site_removed_while_its_beacon_waits_does_not_take_others_with_it() {
    let rhumb = Rhumb::start();
    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    database.execute("INSERT INTO sites (name) VALUES ('gone')", []).unwrap();
    rhumb.server.app().refresh_sites().await.unwrap();
    database.execute("DELETE FROM sites WHERE name = 'gone'", []).unwrap();
    let mut gone = beacon(1, 100.0);
    gone["site"] = "gone".into();
    let (gone, kept) = (gone.to_string(), beacon(2, 100.0).to_string());
    let (gone, kept) = tokio::join!(rhumb.post(gone), rhumb.post(kept));
    assert_eq!(gone.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(kept.status(), StatusCode::NO_CONTENT);
}
