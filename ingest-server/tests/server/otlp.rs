//! Web vitals pushed over OTLP, as a collector receives them. Needs the feature `otlp`.

use crate::support::{Binary, beacon};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use opentelemetry_proto::tonic::{
    collector::logs::v1::ExportLogsServiceRequest,
    common::v1::{KeyValue, any_value::Value as Any},
    logs::v1::LogRecord,
    resource::v1::Resource,
};
use prost::Message;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    future::pending,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;

/// Takes requests as a collector does, or refuses them, or never answers.
#[derive(Clone, Default)]
struct Collector(Arc<Inbox>);

#[derive(Default)]
struct Inbox {
    requests: Mutex<Vec<(HeaderMap, ExportLogsServiceRequest)>>,
    refuses: AtomicBool,
    hangs: AtomicBool,
}

impl Collector {
    /// Its address.
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/logs", post(take)).with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        address
    }

    fn records(&self) -> Vec<LogRecord> {
        let requests = self.0.requests.lock().unwrap();
        let resources = requests.iter().flat_map(|(_, request)| &request.resource_logs);
        let scopes = resources.flat_map(|resource| &resource.scope_logs);
        scopes.flat_map(|scope| scope.log_records.clone()).collect()
    }

    fn resource(&self) -> Resource {
        let requests = self.0.requests.lock().unwrap();
        requests[0].1.resource_logs[0].resource.clone().unwrap()
    }
}

async fn take(
    State(Collector(inbox)): State<Collector>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if inbox.hangs.load(Ordering::SeqCst) {
        pending::<()>().await;
    }
    if inbox.refuses.load(Ordering::SeqCst) {
        return StatusCode::BAD_REQUEST;
    }
    let request = ExportLogsServiceRequest::decode(body).unwrap();
    inbox.requests.lock().unwrap().push((headers, request));
    StatusCode::OK
}

/// What attributes say, each under its key.
fn said(attributes: &[KeyValue]) -> BTreeMap<String, Value> {
    let value = |attribute: &KeyValue| match attribute.value.clone().unwrap().value.unwrap() {
        Any::StringValue(text) => json!(text),
        Any::DoubleValue(number) => json!(number),
        other => panic!("{other:?}"),
    };
    attributes.iter().map(|it| (it.key.clone(), value(it))).collect()
}

async fn soon(mut is_so: impl AsyncFnMut() -> bool) {
    let waits = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waits).await.expect("it is so in time");
}

async fn send(server: &Binary, beacon: &Value) {
    let url = format!("{}v1/ingest", server.url);
    let sent = reqwest::Client::new().post(url).body(beacon.to_string()).send().await.unwrap();
    assert_eq!(sent.status(), 204, "{beacon}");
}

/// How many events had which outcome.
async fn outcomes(server: &Binary) -> BTreeMap<String, u64> {
    let text = reqwest::get(format!("{}metrics", server.url)).await.unwrap().text().await.unwrap();
    let lines = text.lines().filter_map(|it| it.strip_prefix("rhumb_otlp_events_total{outcome=\""));
    let parts = lines.map(|line| line.split_once("\"} ").unwrap());
    parts.map(|(outcome, count)| (outcome.to_owned(), count.parse().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metric_is_an_event_as_the_semantic_conventions_name_it() {
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::default());
    let endpoint = collector.listen().await;
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret"),
    ];
    let server = Binary::start_in(folder.path(), &variables);
    let mut first = beacon(1, 2312.4);
    first["url"] = json!("https://shop.example/product/42?token=secret");
    first["session"] = json!("0a1b2c3d4e5f60718293a4b5c6d7e8f9");
    first["navigation_type"] = json!("back-forward");
    first["form_factor"] = json!("phone");
    first["release"] = json!("1.4.2");
    first["time_zone"] = json!("Europe/Berlin");
    send(&server, &first).await;
    soon(async || collector.records().len() == 1).await;

    let record = &collector.records()[0];
    assert_eq!(record.event_name, "browser.web_vital");
    assert!(record.time_unix_nano > 1_700_000_000_000_000_000);
    let id = "00000000000000000000000000000001";
    let expected = json!({
        "browser.web_vital.id": format!("{id}-lcp"),
        "browser.web_vital.name": "lcp",
        "browser.web_vital.value": 2312.4,
        "browser.web_vital.delta": 2312.4,
        "browser.web_vital.rating": "good",
        "browser.web_vital.navigation_type": "back-forward",
        "session.id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "browser.document.url.full": "https://shop.example/product/42",
        "url.template": "/product/:id",
        "geo.country.iso_code": "DE",
        "rhumb.site": "default",
        "rhumb.page_view.id": id,
        "rhumb.release": "1.4.2",
        "rhumb.form_factor": "phone",
        "rhumb.sample_rate": 1.0,
    });
    assert_eq!(json!(said(&record.attributes)), expected);
    assert_eq!(said(&collector.resource().attributes)["service.name"], "rhumb");
    let headers = collector.0.requests.lock().unwrap()[0].0.clone();
    assert_eq!(
        (&headers["x-key"], &headers["content-type"]),
        (&"secret".parse().unwrap(), &"application/x-protobuf".parse().unwrap())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changes_is_sent_again_with_the_difference() {
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::default());
    let endpoint = collector.listen().await;
    let variables = [
        ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", &*format!("{endpoint}/v1/logs")),
        ("OTEL_SERVICE_NAME", "shop"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
    ];
    let server = Binary::start_in(folder.path(), &variables);
    let mut beacon = beacon(1, 2000.0);
    for (sequence, cls) in [(0, 0.1), (0, 0.1), (1, 0.3)] {
        beacon["sequence"] = json!(sequence);
        beacon["metrics"] =
            json!([{ "name": "LCP", "value": 2000.0 }, { "name": "CLS", "value": cls }]);
        send(&server, &beacon).await;
    }
    soon(async || collector.records().len() == 3).await;
    let values = collector.records().into_iter().map(|record| {
        let said = said(&record.attributes);
        let of = |name: &str| said[&format!("browser.web_vital.{name}")].clone();
        [of("name"), of("value"), of("delta"), of("rating")]
    });
    assert_eq!(
        values.collect::<Vec<_>>(),
        [
            [json!("cls"), json!(0.1), json!(0.1), json!("good")],
            [json!("lcp"), json!(2000.0), json!(2000.0), json!("good")],
            [json!("cls"), json!(0.3), json!(0.2), json!("poor")],
        ]
    );
    assert_eq!(said(&collector.resource().attributes)["service.name"], "shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_collector_refuses_is_counted_and_beacons_are_taken_all_the_same() {
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::default());
    let endpoint = collector.listen().await;
    let server = Binary::start_in(folder.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)]);
    collector.0.refuses.store(true, Ordering::SeqCst);
    send(&server, &beacon(1, 100.0)).await;
    soon(async || outcomes(&server).await["failed"] == 1).await;
    collector.0.refuses.store(false, Ordering::SeqCst);
    send(&server, &beacon(2, 100.0)).await;
    soon(async || outcomes(&server).await["sent"] == 1).await;
    assert_eq!(collector.records().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_costs_events_and_nothing_else() {
    const PAGE_VIEWS: u128 = 20_000;
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::default());
    let endpoint = collector.listen().await;
    collector.0.hangs.store(true, Ordering::SeqCst);
    let server = Binary::start_in(folder.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)]);
    let ids = (1..=PAGE_VIEWS).collect::<Vec<_>>();
    for hundred in ids.chunks(100) {
        send(&server, &hundred.iter().map(|id| beacon(*id, 100.0)).collect()).await;
    }
    let outcomes = outcomes(&server).await;
    // Those that wait, and a batch that is being sent, are all that have room.
    assert!((2_500..4_000).contains(&outcomes["dropped"]), "{outcomes:?}");
    let summary = format!("{}v1/sites/default/summary", server.url);
    let summary: Value = reqwest::get(summary).await.unwrap().json().await.unwrap();
    assert_eq!(summary["page_views"], json!(PAGE_VIEWS));
}

#[test]
fn an_endpoint_that_cannot_be_pushed_to_is_refused_with_a_sentence() {
    for (endpoint, sentence) in [
        ("https://me:secret@collector.example:4318", "begins with https://, not with http://"),
        ("collector", "the OTLP endpoint is no address"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = Command::new(env!("CARGO_BIN_EXE_rhumb"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(folder.path().join("rhumb.db"))
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
            .stdout(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&server.stderr);
        assert!(!server.status.success() && said.contains(sentence), "{said}");
        assert!(!said.contains("secret"), "{said}");
    }
}
