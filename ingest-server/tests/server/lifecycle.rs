//! What is answered 204 is on disk, whatever happens next.

use crate::support::{Binary, Rhumb, beacon, get, read_json, router};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use ingest_server::{
    alert::{AlertConfig, Alerts},
    http::{Access, App, RequestConfig},
    ingest::{EnrichConfig, Enricher, Outcome, Outcomes, Writer},
    server::{Config, Server},
    store::sqlite::{Database, Reader, Retention, RollUpLimits, StatementTally},
};
use std::{
    io::Write,
    net::TcpStream,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, time::timeout};
use tower::ServiceExt;

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
    let config = Config {
        database: folder.path().join("rhumb.db"),
        access: Access::new(None).unwrap(),
        roll_up: RollUpLimits::default(),
        retention: Retention::default(),
        enrich: EnrichConfig::default(),
        alerts: AlertConfig::default(),
        requests: RequestConfig::default(),
        slow_query: StatementTally::default().slow_after(),
        drain: Duration::ZERO,
    };
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

#[tokio::test]
async fn a_beacon_that_was_answered_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path());
    let url = format!("{}v1/ingest", server.url);
    let answer = reqwest::Client::new().post(url).body(beacon(1, 100.0).to_string()).send();
    assert_eq!(answer.await.unwrap().status(), StatusCode::NO_CONTENT);
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let server = Binary::start(folder.path());
    let summary = reqwest::get(format!("{}v1/sites/default/summary", server.url)).await.unwrap();
    let summary: serde_json::Value = summary.json().await.unwrap();
    assert_eq!(summary["page_views"], 1);
}

#[tokio::test]
async fn sigterm_ends_the_server_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path());
    let id = server.child.id().to_string();
    let told = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let status = tokio::task::spawn_blocking(move || server.child.wait().unwrap());
    assert!(status.await.unwrap().success());
    assert!(told.elapsed() < STOP_MAX);
    assert!(!folder.path().join("rhumb.db-wal").exists(), "the log was not moved into the file");
}

/// An app and its writer, which has room for one request.
fn app(path: &Path) -> (App, Writer) {
    let database = Database::open(path).unwrap();
    let sites = database.sites().unwrap();
    let writer = Writer::with_room(database, Arc::new(Outcomes::default()), 1).unwrap();
    let reader = Reader::open(path).unwrap();
    let access = Access::new(None).unwrap();
    let enricher = Enricher::new(EnrichConfig::default()).unwrap();
    let alerts = Alerts::new(&AlertConfig::default(), |_| None).unwrap();
    let requests = RequestConfig::default();
    (App::new(sites, reader, writer.queue(), enricher, access, alerts, requests), writer)
}

#[tokio::test]
async fn without_its_writer_the_server_is_not_ready_and_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (app, writer) = app(&folder.path().join("rhumb.db"));
    let router = router(app.clone());
    let status =
        async |request: Request<Body>| router.clone().oneshot(request).await.unwrap().status();
    assert_eq!(status(get("/health/ready")).await, StatusCode::OK);
    tokio::task::spawn_blocking(move || writer.stop()).await.unwrap().unwrap();

    assert_eq!(status(get("/health/ready")).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(get("/health/detailed")).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status(get("/health/live")).await, StatusCode::OK);
    let post = Request::post("/v1/ingest").body(Body::from(beacon(1, 100.0).to_string())).unwrap();
    assert_eq!(status(post).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.outcomes().of(Outcome::Shed), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_answers_503_and_when_to_try_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rhumb.db");
    let (app, _writer) = app(&path);
    let router = router(app.clone());
    // Nobody else can write as long as this transaction lasts, so requests pile up.
    let mut other = rusqlite::Connection::open(&path).unwrap();
    let lock = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let post = |number| {
        let body = Body::from(beacon(number, 100.0).to_string());
        let request = Request::post("/v1/ingest").body(body).unwrap();
        tokio::spawn(router.clone().oneshot(request))
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
    // On a busy machine another one may have been turned away before the first was seen.
    let mut shed = 1;
    for post in posts {
        match post.await.unwrap().unwrap().status() {
            StatusCode::SERVICE_UNAVAILABLE => shed += 1,
            status => assert_eq!(status, StatusCode::NO_CONTENT, "those that waited are written"),
        }
    }
    assert_eq!(app.outcomes().of(Outcome::Shed), shed);
}

#[tokio::test]
async fn a_page_view_with_many_renders_takes_the_room_of_several() {
    let folder = tempfile::tempdir().unwrap();
    let (app, _writer) = app(&folder.path().join("rhumb.db"));
    let status = async |components: usize| {
        let component = |n: usize| {
            serde_json::json!({
                "id": format!("{n:0>128}"), "phase": "mount", "count": 1, "actual_us": 1, "base_us": 1,
                "max_us": 1, "slow_count": 0, "full_count": 0, "bins": []
            })
        };
        let mut beacon = beacon(1, 100.0);
        let components = (0..components).map(component).collect::<Vec<_>>();
        beacon["renders"] = serde_json::json!({ "components": components });
        let post = Request::post("/v1/ingest").body(Body::from(beacon.to_string())).unwrap();
        router(app.clone()).oneshot(post).await.unwrap().status()
    };
    // There is room for one.
    assert_eq!(status(10).await, StatusCode::NO_CONTENT);
    assert_eq!(status(100).await, StatusCode::SERVICE_UNAVAILABLE);
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
    rhumb.add_site("gone", &[]).await;
    database.execute("DELETE FROM sites WHERE name = 'gone'", []).unwrap();
    database.execute("INSERT INTO sites (name) VALUES ('next')", []).unwrap();
    let mut gone = beacon(1, 100.0);
    gone["site"] = "gone".into();
    let (gone, kept) = (gone.to_string(), beacon(2, 100.0).to_string());
    let (gone, kept) = tokio::join!(rhumb.post(gone), rhumb.post(kept));
    assert_eq!(gone.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(kept.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_server_from_stopping() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Binary::start(folder.path());
    let address = server.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stalled = TcpStream::connect(address).unwrap();
    let begun = b"POST /v1/ingest HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{";
    stalled.write_all(begun).unwrap();
    let live = reqwest::get(format!("{}health/live", server.url)).await.unwrap();
    assert_eq!(live.status(), StatusCode::OK);

    let told = Instant::now();
    let id = server.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert!(server.child.wait().unwrap().success());
    assert!(told.elapsed() < STOP_MAX);
}

fn rhumb(folder: &TempDir, arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_rhumb"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .unwrap()
}

#[tokio::test]
async fn a_running_server_follows_the_site_commands_within_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let ingest = format!("{}v1/ingest", server.url);
    let mut of_shop = beacon(1, 100.0);
    of_shop["site"] = "shop".into();
    let post = async || {
        let request = reqwest::Client::new().post(&ingest).header("origin", "https://shop.example");
        request.body(of_shop.to_string()).send().await.unwrap().status()
    };
    assert_eq!(post().await, StatusCode::NOT_FOUND);

    assert!(
        rhumb(&folder, &["site", "add", "shop", "--origin", "https://shop.example/x"])
            .status
            .success()
    );
    let listed = String::from_utf8(rhumb(&folder, &["site", "list"]).stdout).unwrap();
    assert_eq!(listed, "default  (any origin)\nshop  https://shop.example\n");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(post().await, StatusCode::NO_CONTENT);

    assert!(rhumb(&folder, &["site", "remove", "shop"]).status.success());
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(post().await, StatusCode::NOT_FOUND);
    assert!(!rhumb(&folder, &["site", "remove", "shop"]).status.success());
    assert!(!rhumb(&folder, &["site", "list", "--database", "typo.db"]).status.success());
    assert!(!folder.path().join("typo.db").exists());
}

#[test]
fn without_a_token_the_server_refuses_to_listen_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let refused = rhumb(&folder, &["serve", "--listen", "0.0.0.0:0"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--admin-token"));
    assert!(!folder.path().join("rhumb.db").exists());
}
