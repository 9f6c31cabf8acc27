//! What is watched is told, once, whatever happens to those who are told.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod support;

use axum::http::{StatusCode, header};
use ingest_server::alert::{Secret, deliver, look};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    fs,
    time::{Duration, Instant},
};
use support::{Binary, Receiver, Rhumb, beacon, get, read, read_json};
use tempfile::TempDir;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// How long something that happens every second may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// Fires when a quarter of the visits wait for more than a second; rests for ten minutes.
fn rule(url: &str) -> String {
    format!(
        "[[alert]]\nname = 'slow'\nsite = 'default'\nmetric = 'lcp'\nperiod = '2h'\n\
         p75_above = 1000\npage_views_min = 20\ncool_down = '10m'\n\
         webhook = '{url}'\nsecret = '{SECRET}'\n"
    )
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Page views with that LCP.
async fn visits(rhumb: &Rhumb, first: u128, count: u128, lcp_ms: f64) {
    let beacons = (first..first + count).map(|number| beacon(number, lcp_ms));
    for some in beacons.collect::<Vec<_>>().chunks(50) {
        assert_eq!(rhumb.post(json!(some).to_string()).await.status(), StatusCode::NO_CONTENT);
    }
}

async fn look_and_deliver(rhumb: &Rhumb, now: Timestamp) {
    look(&rhumb.server.app(), now).await;
    deliver(&rhumb.server.app(), now).await;
}

/// The first alert of the site.
async fn alert(rhumb: &Rhumb) -> Value {
    rhumb.json("/v1/sites/default/alerts").await["alerts"][0].clone()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[tokio::test]
async fn a_rule_fires_once_resolves_and_cools_down() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();

    visits(&rhumb, 0, 19, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    assert_eq!(alert(&rhumb).await["latest"]["finding"], "too_few_samples");
    assert_eq!(receiver.types(), [] as [&str; 0]);

    visits(&rhumb, 19, 1, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    look_and_deliver(&rhumb, now + minutes(1)).await;
    assert_eq!(receiver.types(), ["alert.fired"], "once");
    assert_eq!(alert(&rhumb).await["state"], "firing");

    visits(&rhumb, 20, 200, 100.0).await;
    look_and_deliver(&rhumb, now + minutes(2)).await;
    assert_eq!(receiver.types(), ["alert.fired", "alert.resolved"]);
    assert_eq!(alert(&rhumb).await["state"], "resolved");

    visits(&rhumb, 220, 100, 2000.0).await;
    look_and_deliver(&rhumb, now + minutes(9)).await;
    assert_eq!(receiver.types().len(), 2, "it cools down");
    look_and_deliver(&rhumb, now + minutes(10)).await;
    assert_eq!(receiver.types(), ["alert.fired", "alert.resolved", "alert.fired"]);
}

#[tokio::test]
async fn a_notice_says_what_is_broken_and_is_signed() {
    let receiver = Receiver::start().await;
    let rules = rule(&receiver.url()) + "filters = { form_factor = 'phone' }";
    let rhumb = Rhumb::watching(folder(), &rules);
    for number in 0..40 {
        let mut beacon = beacon(number, 2000.0);
        beacon["form_factor"] = json!(if number < 25 { "phone" } else { "desktop" });
        rhumb.accepts(&beacon).await;
    }
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    look_and_deliver(&rhumb, now).await;

    let [post] = &receiver.received()[..] else { panic!("one notice") };
    let notice = post.json();
    assert_eq!(notice["type"], "alert.fired");
    let data = &notice["data"];
    let expected = json!({
        "alert": "slow", "site": "default", "metric": "lcp", "threshold": 1000.0, "value": 2000.0,
        "unit": "ms", "count": 25, "error": 0.0, "page_views_min": 20, "finding": "breached",
        "filters": { "form_factor": "phone" }, "condition": { "p75_above": 1000.0 },
        "since": now.to_string(),
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&data[name], value, "{name} of {notice}");
    }
    let secret = Secret::try_from(SECRET.to_owned()).unwrap();
    let (id, timestamp) = (post.header("webhook-id"), post.header("webhook-timestamp"));
    assert_eq!(timestamp, now.as_second().to_string());
    let signature = secret.sign(id, now.as_second(), &post.body);
    assert_eq!(post.header("webhook-signature"), signature);
    assert_eq!(post.header("content-type"), "application/json");
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_with_the_same_id_and_what_came_later_waits() {
    let receiver = Receiver::start().await;
    receiver.refuse(true);
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    deliver(&rhumb.server.app(), now).await;
    assert_eq!(receiver.received().len(), 1, "the second attempt is not due yet");
    visits(&rhumb, 20, 200, 100.0).await;
    look_and_deliver(&rhumb, now + minutes(1)).await;
    assert_eq!(receiver.types(), ["alert.fired", "alert.fired"], "first what came first");
    let pending = alert(&rhumb).await;
    assert_eq!(pending["events"][1]["delivery"], "pending");
    assert_eq!(pending["events"][1]["attempts"], 2);

    receiver.refuse(false);
    for minute in 2..4 {
        deliver(&rhumb.server.app(), now + minutes(minute)).await;
    }
    let posts = receiver.received();
    assert_eq!(receiver.types()[2..], ["alert.fired", "alert.resolved"]);
    assert_eq!(posts[0].header("webhook-id"), posts[2].header("webhook-id"));
    assert_ne!(posts[2].header("webhook-id"), posts[3].header("webhook-id"));
    deliver(&rhumb.server.app(), now + minutes(60)).await;
    assert_eq!(receiver.received().len(), 4, "taken is taken");
    assert_eq!(alert(&rhumb).await["events"][1]["delivery"], "delivered");
}

#[tokio::test]
async fn a_receiver_that_is_away_for_a_day_is_given_up() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    drop(receiver);
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    assert_eq!(alert(&rhumb).await["events"][0]["delivery"], "pending");
    deliver(&rhumb.server.app(), now + SignedDuration::from_hours(24)).await;
    assert_eq!(alert(&rhumb).await["events"][0]["delivery"], "given_up");
}

#[tokio::test]
async fn a_regression_is_what_became_worse_than_in_the_hours_before() {
    let receiver = Receiver::start().await;
    let rules = rule(&receiver.url()).replace("p75_above = 1000", "regression = true");
    let rhumb = Rhumb::watching(folder(), &rules);
    let now = Timestamp::now();
    for number in 0..200 {
        let mut before = beacon(number, 1000.0);
        before["started_at"] = json!((now - SignedDuration::from_mins(200)).to_string());
        rhumb.accepts(&before).await;
    }
    visits(&rhumb, 200, 200, 1000.0).await;
    look_and_deliver(&rhumb, now).await;
    assert_eq!(alert(&rhumb).await["latest"]["finding"], "kept");
    visits(&rhumb, 400, 400, 3000.0).await;
    look_and_deliver(&rhumb, now).await;
    let notice = receiver.received()[0].json();
    let data = &notice["data"];
    assert_eq!(data["condition"], json!({ "regression": true }));
    assert_eq!(
        (&data["value"], &data["comparison"]["baseline"]["p75"]),
        (&json!(3000.0), &json!(1000.0))
    );
    assert_eq!(data["comparison"]["verdict"], "regressed");
}

#[tokio::test]
async fn a_rule_without_a_webhook_is_shown_and_tells_nobody() {
    let rules = rule("http://127.0.0.1:9/");
    let rules = rules.lines().filter(|it| !it.starts_with("webhook") && !it.starts_with("secret"));
    let rhumb = Rhumb::watching(folder(), &rules.collect::<Vec<_>>().join("\n"));
    visits(&rhumb, 0, 20, 2000.0).await;
    look_and_deliver(&rhumb, Timestamp::now()).await;
    let alert = alert(&rhumb).await;
    assert_eq!((&alert["state"], &alert["webhook"]), (&json!("firing"), &Value::Null));
    assert_eq!(alert["events"][0]["delivery"], "not_sent");
}

#[tokio::test]
async fn the_notice_of_a_rule_that_is_gone_is_dropped() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look(&rhumb.server.app(), now).await;
    let Rhumb { server, folder, .. } = rhumb;
    drop(server);
    let rhumb = Rhumb::watching(folder, "");
    deliver(&rhumb.server.app(), now).await;
    assert_eq!(receiver.received().len(), 0);
    let due = rhumb.server.app().reader().due_notices(now + minutes(60)).await.unwrap();
    assert_eq!(due, []);
}

#[tokio::test]
async fn a_site_that_is_not_there_yet_or_not_any_more_is_no_trouble() {
    let receiver = Receiver::start().await;
    let rules = rule(&receiver.url()).replace("'default'", "'shop'");
    let rhumb = Rhumb::watching(folder(), &rules);
    let now = Timestamp::now();
    look_and_deliver(&rhumb, now).await;
    assert_eq!(rhumb.get("/v1/sites/shop/alerts").await.status(), StatusCode::NOT_FOUND);

    let database = rusqlite::Connection::open(rhumb.database()).unwrap();
    database.execute("INSERT INTO sites (name) VALUES ('shop')", []).unwrap();
    rhumb.server.app().refresh_sites().await.unwrap();
    for number in 0..20 {
        let mut beacon = beacon(number, 2000.0);
        beacon["site"] = "shop".into();
        rhumb.accepts(&beacon).await;
    }
    look(&rhumb.server.app(), now).await;
    let answer = rhumb.json("/v1/sites/shop/alerts").await;
    assert_eq!(answer["alerts"][0]["state"], "firing");

    database
        .execute_batch("PRAGMA foreign_keys = ON; DELETE FROM sites WHERE name = 'shop'")
        .unwrap();
    deliver(&rhumb.server.app(), now).await;
    assert_eq!(receiver.received().len(), 0, "nothing is told of a site that was removed");
}

#[tokio::test]
async fn the_answer_names_wrong_parameters_and_is_not_sent_twice() {
    let rhumb = Rhumb::watching(folder(), &rule("http://127.0.0.1:9/"));
    let problem = rhumb.get("/v1/sites/default/alerts?form=2026-01-01").await;
    assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
    assert_eq!(read_json(problem).await["field"], "form");
    for path in ["/v1/sites/default/alerts", "/alerts?site=default"] {
        let tag = rhumb.get(path).await.headers()[header::ETAG].clone();
        let again = async || {
            let mut request = get(path);
            request.headers_mut().insert(header::IF_NONE_MATCH, tag.clone());
            rhumb.send(request).await.status()
        };
        assert_eq!(again().await, StatusCode::NOT_MODIFIED, "{path}");
        look(&rhumb.server.app(), Timestamp::now()).await;
        assert_eq!(again().await, StatusCode::OK, "{path}");
    }
}

/// Waits until it is so.
async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < end, "{what}, in vain");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_was_not_taken_is_sent_after_a_crash_and_no_secret_is_told_anybody() {
    let folder = folder();
    let away = Receiver::start().await;
    let (address, url) = (away.address, away.url());
    drop(away);
    let settings = "alert_interval_seconds = 1\npublic_url = 'https://rum.example/'\n";
    fs::write(folder.path().join("rhumb.toml"), settings.to_owned() + &rule(&url)).unwrap();
    let logs = ["before.log", "after.log"].map(|name| folder.path().join(name));

    let mut server = Binary::start_logging(folder.path(), &logs[0]);
    let beacons = (0..20).map(|number| beacon(number, 2000.0)).collect::<Value>().to_string();
    let posted = reqwest::Client::new().post(format!("{}v1/ingest", server.url)).body(beacons);
    assert_eq!(posted.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let alerts = format!("{}v1/sites/default/alerts", server.url);
    eventually("the webhook is tried", async || {
        let answer: Value = reqwest::get(&alerts).await.unwrap().json().await.unwrap();
        answer["alerts"][0]["events"][0]["attempts"].as_u64() > Some(0)
    })
    .await;
    server.child.kill().unwrap();
    server.child.wait().unwrap();

    let receiver = Receiver::at(address).await;
    let server = Binary::start_logging(folder.path(), &logs[1]);
    eventually("the webhook is told", async || !receiver.received().is_empty()).await;
    let notice = receiver.received()[0].json();
    assert_eq!(notice["type"], "alert.fired");
    assert_eq!(notice["data"]["url"], "https://rum.example/alerts?site=default");
    let alerts = format!("{}v1/sites/default/alerts", server.url);
    eventually("it is delivered", async || {
        let answer: Value = reqwest::get(&alerts).await.unwrap().json().await.unwrap();
        answer["alerts"][0]["events"][0]["delivery"] == "delivered"
    })
    .await;
    assert_eq!(receiver.types(), ["alert.fired"]);

    let mut told = Vec::new();
    for path in ["v1/sites/default/alerts", "alerts", "server", "metrics", "v1/sites"] {
        let page = reqwest::get(format!("{}{path}", server.url)).await.unwrap();
        told.push((path.to_owned(), page.bytes().await.unwrap().to_vec()));
    }
    for file in fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
        if !file.ends_with("rhumb.toml") {
            told.push((file.display().to_string(), fs::read(&file).unwrap()));
        }
    }
    for (what, bytes) in told {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["MfKQ9r8G", "T0K3N"] {
            assert!(!text.contains(secret), "{what} has the secret {secret}");
        }
    }
    let log = fs::read_to_string(&logs[0]).unwrap();
    assert!(log.contains("the webhook was not told yet") && log.contains("refused"), "{log}");
}

#[tokio::test]
async fn people_see_what_fires() {
    let rhumb = Rhumb::watching(folder(), &rule("http://127.0.0.1:9/hook/T0K3N"));
    visits(&rhumb, 0, 20, 2000.0).await;
    look(&rhumb.server.app(), Timestamp::now()).await;
    let page = String::from_utf8(read(rhumb.get("/alerts").await).await.to_vec()).unwrap();
    for text in ["Broken: slow.", "p75 of LCP above 1", "20 page views", "Firing", "127.0.0.1"] {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
    assert!(!page.contains("T0K3N"));
    assert_eq!(rhumb.get("/alerts?site=nowhere").await.status(), StatusCode::NOT_FOUND);
}
