//! How long answers take is told: in their headers, and in the log.

use crate::support::{Binary, Rhumb, beacon, get, read};
use axum::{
    body::Body,
    http::{Request, Response, StatusCode},
};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    thread,
    time::Duration,
};

#[tokio::test]
async fn each_answer_says_how_long_it_took() {
    let rhumb = Rhumb::start();
    let post = |body: String| Request::post("/v1/ingest").body(Body::from(body)).unwrap();
    let put = Request::put("/v1/ingest").body(Body::empty()).unwrap();
    for (request, status) in [
        (get("/"), StatusCode::OK),
        (get("/v1/sites/default/summary"), StatusCode::OK),
        (get("/nowhere"), StatusCode::NOT_FOUND),
        (post(beacon(1, 100.0).to_string()), StatusCode::NO_CONTENT),
        (post("{".to_owned()), StatusCode::BAD_REQUEST),
        (put, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let address = request.uri().clone();
        let answer = rhumb.send(request).await;
        assert_eq!(answer.status(), status, "{address}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap();
        let ms = Timed::all(&answer)[0].of("total");
        let seconds = header("x-process-time").parse::<f64>().unwrap();
        assert!((ms - seconds * 1000.0).abs() < 1e-6, "{address}");
        assert!(seconds > 0.0 && seconds < 60.0, "{address}: {seconds}");
    }
}

#[tokio::test]
async fn whoever_wants_no_self_measurement_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start_in(folder.path(), &[("RHUMB_NO_SELF_MEASUREMENT", "true")]);
    let posted = reqwest::Client::new().post(format!("{}v1/ingest", server.url));
    let posted = posted.body(beacon(1, 100.0).to_string()).send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::NO_CONTENT);
    for name in ["server-timing", "x-process-time"] {
        assert!(!posted.headers().contains_key(name), "{name}");
    }
    let metrics = reqwest::get(format!("{}metrics", server.url)).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("rhumb_beacons_total{outcome=\"accepted\",reason=\"\"} 1"),
        "{metrics}"
    );
    for counted in ["http_requests_total{", "rhumb_request_polls_total{caller=\"browsers\"} 1"] {
        assert!(!metrics.contains(counted), "{counted} is in\n{metrics}");
    }
}

/// A part of `Server-Timing`.
#[derive(Debug)]
struct Timed {
    name: String,
    ms: f64,
    says: Option<String>,
}

impl Timed {
    fn all(answer: &Response<Body>) -> Vec<Self> {
        let parts = answer.headers()["server-timing"].to_str().unwrap().split(", ");
        let timed = parts.map(|part| {
            let (name, rest) = part.split_once(";dur=").unwrap();
            let (ms, says) =
                rest.split_once(";desc=").map_or((rest, None), |it| (it.0, Some(it.1)));
            let says = says.map(|it| it.trim_matches('"').to_owned());
            Self { name: name.to_owned(), ms: ms.parse().unwrap(), says }
        });
        timed.collect()
    }

    fn of(&self, name: &str) -> f64 {
        assert_eq!(self.name, name);
        self.ms
    }

    /// How many statements or runs.
    fn count(&self) -> u32 {
        self.says.as_ref().unwrap().split(' ').next().unwrap().parse().unwrap()
    }
}

fn names(timed: &[Timed]) -> Vec<&str> {
    timed.iter().map(|it| &*it.name).collect()
}

#[tokio::test]
async fn an_answer_says_what_the_database_took_for_it() {
    let rhumb = Rhumb::start();
    let post = Request::post("/v1/ingest").body(Body::from(beacon(1, 100.0).to_string())).unwrap();
    let posted = Timed::all(&rhumb.send(post).await);
    assert_eq!(names(&posted), ["total", "commit"]);
    assert!(posted[1].ms > 0.0 && posted[1].ms <= posted[0].ms, "{posted:?}");

    let read = Timed::all(&rhumb.get("/v1/sites/default/summary").await);
    let (db, slowest) = (&read[1], &read[2..]);
    assert!(db.of("db") > 0.0 && db.ms <= read[0].ms, "{read:?}");
    assert!(db.says.as_ref().unwrap().ends_with(" statements"), "{read:?}");
    let queries = rhumb.json("/debug/queries").await;
    let queries = queries["queries"].as_array().unwrap();
    assert!(
        (2..=5).contains(&slowest.len()) && slowest.is_sorted_by(|a, b| a.ms >= b.ms),
        "{read:?}"
    );
    for it in slowest {
        assert!(queries.iter().any(|query| query["name"] == *it.name), "{it:?}");
        assert!(it.count() >= 1 && it.count() <= db.count(), "{it:?}");
    }
    let kept = Timed::all(&rhumb.get("/v1/sites/default/summary").await);
    assert_eq!(names(&kept), ["total"], "nothing was read for what was kept");
    let page = Timed::all(&rhumb.get("/opportunities").await);
    assert_eq!(page[1].name, "db", "what a page reads in a task of its own is its own: {page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_the_same_time_are_told_their_own_statements() {
    let rhumb = Arc::new(Rhumb::start());
    let filters = (0..16).map(|it| format!("browser=B{it}")).collect::<Vec<_>>();
    let ask = |query: &str| {
        let (rhumb, path) = (rhumb.clone(), format!("/v1/sites/default/summary?{query}"));
        tokio::spawn(async move { Timed::all(&rhumb.get(&path).await) })
    };
    let alone = ask("browser=alone").await.unwrap()[1].count();
    for together in filters.iter().map(|it| ask(it)).collect::<Vec<_>>() {
        assert_eq!(together.await.unwrap()[1].count(), alone);
    }
    // Of those who ask the same, one has read it for all.
    let same = (0..16).map(|_| ask("browser=same")).collect::<Vec<_>>();
    let mut readers = 0;
    for one in same {
        let timed = one.await.unwrap();
        readers += u32::from(timed.len() > 1);
        assert!(timed.len() == 1 || timed[1].count() == alone, "{timed:?}");
    }
    assert_eq!(readers, 1);
}

async fn metrics(rhumb: &Rhumb) -> String {
    String::from_utf8(read(rhumb.get("/metrics").await).await.to_vec()).unwrap()
}

#[tokio::test]
async fn requests_are_counted_by_method_route_and_status_and_never_by_what_was_made_up() {
    let rhumb = Rhumb::start();
    let ask = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        rhumb.send(request.body(Body::empty()).unwrap()).await
    };
    for (method, path) in [
        ("GET", "/v1/sites/default/summary?route=secret"),
        ("GET", "/v1/sites/default/summary"),
        ("GET", "/v1/sites/secret/summary"),
        ("GET", "/secret-1"),
        ("GET", "/secret-2"),
        ("SECRET", "/secret-3"),
        ("POST", "/v1/ingest"),
    ] {
        ask(method, path).await;
    }
    let text = metrics(&rhumb).await;
    let summary = "endpoint=\"/v1/sites/{site}/summary\"";
    for sample in [
        format!("http_requests_total{{method=\"GET\",{summary},status=\"200\"}} 2"),
        format!("http_requests_total{{method=\"GET\",{summary},status=\"404\"}} 1"),
        r#"http_requests_total{method="GET",endpoint="unknown",status="404"} 2"#.to_owned(),
        r#"http_requests_total{method="OTHER",endpoint="unknown",status="404"} 1"#.to_owned(),
        r#"http_requests_total{method="POST",endpoint="/v1/ingest",status="400"} 1"#.to_owned(),
        format!("http_request_duration_seconds_count{{{summary}}} 3"),
        format!("http_request_duration_seconds_bucket{{le=\"+Inf\",{summary}}} 3"),
    ] {
        assert!(text.lines().any(|line| line == sample), "{sample} is not in\n{text}");
    }
    assert!(!text.to_lowercase().contains("secret"), "{text}");
}

#[tokio::test]
async fn connections_that_are_in_use_are_counted() {
    let rhumb = Rhumb::start();
    let app = rhumb.server.app();
    let in_use = async |count: u8| {
        let sample = format!("active_database_connections{{pool=\"reports\"}} {count}");
        let text = metrics(&rhumb).await;
        assert!(text.lines().any(|line| line == sample), "{sample} is not in\n{text}");
    };
    in_use(0).await;
    let held = app.reader().quiet().await.unwrap();
    in_use(4).await;
    drop(held);
    rhumb.summary().await;
    let text = metrics(&rhumb).await;
    for sample in [
        "rhumb_database_connections_max{pool=\"reports\"} 4",
        "rhumb_database_connections_open{pool=\"reports\"} 4",
        "rhumb_database_connections_waiting{pool=\"reports\"} 0",
        "rhumb_database_connection_requests_total{pool=\"aside\"} 0",
    ] {
        assert!(text.lines().any(|line| line == sample), "{sample} is not in\n{text}");
    }
    let waited = "rhumb_database_connection_wait_seconds_total{pool=\"reports\"} ";
    let waited = text.lines().find_map(|line| line.strip_prefix(waited)).unwrap();
    assert!(waited.parse::<f64>().unwrap() > 0.0, "{text}");
}

/// Posts a beacon whose body is late, and reads what is logged of it.
fn log_of_a_late_body(slow_request_ms: &str, late: Duration) -> String {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let variables = [("RHUMB_SLOW_REQUEST_MS", slow_request_ms)];
    let server = Binary::start_logging_in(folder.path(), &log, &variables);
    let address = server.url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).unwrap();
    let body = beacon(1, 100.0).to_string();
    let length = body.len();
    let head = format!(
        "POST /v1/ingest?delay_ms=7 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
         expect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // From here on the server waits for the body.
    let mut goes_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut goes_on).unwrap();
    thread::sleep(late);
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    fs::read_to_string(&log).unwrap()
}

#[test]
fn a_request_that_takes_long_is_logged_once_by_its_route() {
    let log = log_of_a_late_body("50", Duration::from_millis(100));
    let lines = log.lines().filter(|line| line.contains("slow request")).collect::<Vec<_>>();
    let [line] = lines[..] else { panic!("{log}") };
    for part in [" WARN ", "\"POST\"", "\"/v1/ingest\"", "204"] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    let ms = |field: &str| {
        let (_, rest) = line.split_once(field).unwrap();
        rest.split_whitespace().next().unwrap().parse::<u64>().unwrap()
    };
    assert!(ms(" duration_ms=") >= 100 && ms(" commit_ms=") < ms(" duration_ms="), "{line}");
    assert!(!line.contains("db."), "nothing was read: {line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_for_a_request_that_takes_long_is_logged_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let all_are_slow = [("RHUMB_SLOW_REQUEST_MS", "0")];
    let server = Binary::start_logging_in(folder.path(), &log, &all_are_slow);
    let ask = format!("{}v1/sites/default/summary?browser=planted", server.url);
    reqwest::get(ask).await.unwrap().error_for_status().unwrap();
    drop(server);
    let log = fs::read_to_string(&log).unwrap();
    let line = log.lines().find(|line| line.contains("/summary")).unwrap();
    for part in [" db.statements=", " db.total_ms=", " db.slowest=\"", " ms in 1 run"] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    assert!(!log.contains("planted"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_page_that_takes_long_is_logged_with_what_was_read_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let all_are_slow = [("RHUMB_SLOW_REQUEST_MS", "0")];
    let server = Binary::start_logging_in(folder.path(), &log, &all_are_slow);
    let page = reqwest::get(format!("{}routes?browser=planted", server.url)).await.unwrap();
    page.error_for_status().unwrap().text().await.unwrap();
    drop(server);
    let log = fs::read_to_string(&log).unwrap();
    let lines = log.lines().filter(|line| line.contains("\"/routes\"")).collect::<Vec<_>>();
    let [first, rest] = lines[..] else { panic!("{log}") };
    assert!(!first.contains("part=") && !first.contains(" db."), "{first}");
    for part in ["part=\"rest\"", "http.status=200", " db.statements=", " db.slowest=\""] {
        assert!(rest.contains(part), "{part} is not in {rest}");
    }
    assert!(!log.contains("planted"), "{log}");
}

#[test]
fn a_request_that_takes_less_is_not_logged() {
    let log = log_of_a_late_body("600000", Duration::ZERO);
    assert!(!log.contains("slow request"), "{log}");
}
