//! How long answers take is told: in their headers, and in the log.

use crate::support::{Binary, Rhumb, beacon, get, read};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
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
        let ms = header("server-timing").strip_prefix("total;dur=").unwrap().parse::<f64>();
        let seconds = header("x-process-time").parse::<f64>().unwrap();
        assert!((ms.unwrap() - seconds * 1000.0).abs() < 1e-6, "{address}");
        assert!(seconds > 0.0 && seconds < 60.0, "{address}: {seconds}");
    }
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
    let ms = line.rsplit_once("duration_ms=").unwrap().1.trim().parse::<u64>().unwrap();
    assert!(ms >= 100, "{line}");
}

#[test]
fn a_request_that_takes_less_is_not_logged() {
    let log = log_of_a_late_body("600000", Duration::ZERO);
    assert!(!log.contains("slow request"), "{log}");
}
