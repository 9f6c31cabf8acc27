//! The server's own spans as traces, as a collector receives them. Needs the feature `otlp`.

use crate::support::{Binary, beacon};
use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value as Any},
    trace::v1::Span,
};
use prost::Message;
use reqwest::Client;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;

const TOKEN: &str = "planted-token-0123456789";
/// The address of a visitor, as a proxy that is trusted tells it.
const ADDRESS: &str = "203.0.113.77";

/// Takes traces as a collector does, or never answers.
#[derive(Clone, Default)]
struct Collector(Arc<Inbox>);

#[derive(Default)]
struct Inbox {
    requests: Mutex<Vec<ExportTraceServiceRequest>>,
    hangs: AtomicBool,
}

impl Collector {
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(take)).with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        address
    }

    fn requests(&self) -> Vec<ExportTraceServiceRequest> {
        self.0.requests.lock().unwrap().clone()
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.requests();
        let resources = requests.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }
}

async fn take(State(Collector(inbox)): State<Collector>, body: Bytes) -> StatusCode {
    if inbox.hangs.load(Ordering::SeqCst) {
        pending::<()>().await;
    }
    inbox.requests.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
    StatusCode::OK
}

async fn soon(mut is_so: impl AsyncFnMut() -> bool) {
    let waits = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waits).await.expect("it is so in time");
}

/// What attributes say, each under its key.
fn said(attributes: &[KeyValue]) -> BTreeMap<&str, Value> {
    let value = |attribute: &KeyValue| match attribute.value.clone().unwrap().value.unwrap() {
        Any::StringValue(text) => json!(text),
        Any::IntValue(number) => json!(number),
        Any::DoubleValue(number) => json!(number),
        other => panic!("{other:?}"),
    };
    attributes.iter().map(|it| (&*it.key, value(it))).collect()
}

/// How many spans had which outcome.
async fn outcomes(server: &Binary) -> BTreeMap<String, u64> {
    let metrics = Client::new().get(format!("{}metrics", server.url)).bearer_auth(TOKEN);
    let text = metrics.send().await.unwrap().text().await.unwrap();
    let lines = text.lines().filter_map(|it| it.strip_prefix("rhumb_otlp_spans_total{outcome=\""));
    let parts = lines.map(|line| line.split_once("\"} ").unwrap());
    parts.map(|(outcome, count)| (outcome.to_owned(), count.parse().unwrap())).collect()
}

/// Whether the report is there, and of each part what it is a part of: a span is sent when it has ended.
fn is_whole(spans: &[Span]) -> bool {
    let ids = spans.iter().map(|it| &it.span_id).collect::<BTreeSet<_>>();
    let is_rooted = |it: &Span| it.parent_span_id.is_empty() || ids.contains(&it.parent_span_id);
    let has = |name: &str| spans.iter().any(|it| it.name == name && !it.parent_span_id.is_empty());
    spans.iter().all(is_rooted) && has("ingest") && has("query")
}

/// Beacons for one roll-up, and a report, by somebody who tells all that must not be told.
async fn serve(server: &Binary) {
    let client = Client::builder().user_agent("Planted-Agent/7.1").build().unwrap();
    for batch in 0..80_u128 {
        let page_views = (0..100).map(|number| {
            let mut beacon = beacon(batch * 100 + number, 100.0);
            beacon["url"] = json!("https://shop.example/planted-page?planted=query");
            beacon
        });
        let body = page_views.collect::<Value>().to_string();
        let url = format!("{}v1/ingest?delay_ms=0&planted=key", server.url);
        let sent = client.post(url).header("x-forwarded-for", ADDRESS).body(body);
        assert_eq!(sent.send().await.unwrap().status(), 204);
    }
    for (path, status) in [
        ("v1/sites/default/summary?browser=PlantedBrowser", 200),
        ("v1/sites/planted-site/summary", 404),
        ("planted-path", 404),
    ] {
        let asked = client.get(format!("{}{path}", server.url)).bearer_auth(TOKEN);
        assert_eq!(asked.send().await.unwrap().status(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_the_work_is_a_span_of_its_request_and_none_tells_of_anybody() {
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::default());
    let endpoint = format!("{}/v1/traces", collector.listen().await);
    let variables = [
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*endpoint),
        ("RHUMB_ADMIN_TOKEN", TOKEN),
        ("RHUMB_TRUSTED_PROXY", "127.0.0.1/32"),
        // Lines of the log are no part of spans.
        ("RUST_LOG", "trace"),
    ];
    let log = folder.path().join("log");
    let server = Binary::start_logging_in(folder.path(), &log, &variables);
    serve(&server).await;
    soon(async || collector.spans().iter().any(|it| it.name == "roll_up")).await;
    soon(async || outcomes(&server).await["sent"] > 240).await;
    let mut spans = vec![];
    soon(async || {
        spans = collector.spans();
        is_whole(&spans)
    })
    .await;

    let names = spans.iter().map(|it| &*it.name).collect::<BTreeSet<_>>();
    assert_eq!(names, BTreeSet::from(["commit", "ingest", "query", "request", "roll_up"]));
    let of = |name: &'static str| {
        spans.iter().filter(move |it| it.name == name).map(|it| (it, said(&it.attributes)))
    };
    for (name, field) in [
        ("ingest", "body_bytes"),
        ("commit", "batch.requests"),
        ("commit", "batch.page_views"),
        ("roll_up", "batch.page_views_max"),
    ] {
        let (span, said) = of(name).next().unwrap();
        assert!(said[field].as_i64().unwrap() > 0 && said["duration_ms"].is_f64(), "{said:?}");
        assert!(span.end_time_unix_nano > span.start_time_unix_nano, "{span:?}");
    }
    for (name, route, method, status) in
        [("ingest", "/v1/ingest", "POST", 204), ("query", "/v1/sites/{site}/summary", "GET", 200)]
    {
        let (child, _) = of(name).find(|(it, _)| !it.parent_span_id.is_empty()).unwrap();
        let (parent, said) =
            of("request").find(|(it, _)| it.span_id == child.parent_span_id).unwrap();
        assert_eq!(parent.trace_id, child.trace_id);
        assert!(parent.parent_span_id.is_empty(), "{parent:?}");
        let asked = (&said["http.route"], &said["http.method"], &said["http.status"]);
        assert_eq!(asked, (&route.into(), &method.into(), &status.into()));
    }
    let (ingest, _) = of("ingest").next().unwrap();
    let mut links = of("commit").flat_map(|(it, _)| &it.links);
    assert!(links.any(|it| it.span_id == ingest.span_id), "its transaction is linked with it");
    let resource = collector.requests()[0].resource_spans[0].resource.clone().unwrap();
    assert_eq!(said(&resource.attributes)["service.name"], "rhumb");
    let all = format!("{:?}", collector.requests()).to_lowercase();
    for secret in ["planted", ADDRESS, "127.0.0.1", "shop.example", "delay_ms"] {
        assert!(!all.contains(secret), "{secret} is told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_hangs_costs_spans_and_nothing_else() {
    const REQUESTS: u64 = 9_500;
    let (folder, collector) = (tempfile::tempdir().unwrap(), Collector::default());
    let endpoint = collector.listen().await;
    collector.0.hangs.store(true, Ordering::SeqCst);
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("RHUMB_ADMIN_TOKEN", TOKEN),
    ];
    let server = Binary::start_in(folder.path(), &variables);
    let client = Client::new();
    let ask = async || {
        for _ in 0..REQUESTS / 4 {
            let answer = client.get(format!("{}health/live", server.url)).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
    };
    tokio::join!(ask(), ask(), ask(), ask());
    let outcomes = outcomes(&server).await;
    // Others wait, or are being sent, which is given up after a while.
    let lost = outcomes["dropped"] + outcomes["failed"];
    assert!(lost >= REQUESTS - 8_192 - 512 && outcomes["sent"] == 0, "{outcomes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_are_pushed_only_where_that_is_said_and_as_many_as_are_said() {
    let collector = Collector::default();
    let endpoint = collector.listen().await;
    let sampled = |arg| {
        [
            ("OTEL_TRACES_EXPORTER", "otlp"),
            ("OTEL_TRACES_SAMPLER", "traceidratio"),
            ("OTEL_TRACES_SAMPLER_ARG", arg),
        ]
    };
    for (more, is_counted) in [(vec![], false), (sampled("0").to_vec(), true)] {
        let folder = tempfile::tempdir().unwrap();
        let common = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint), ("RHUMB_ADMIN_TOKEN", TOKEN)];
        let variables = [&common[..], &more].concat();
        let server = Binary::start_in(folder.path(), &variables);
        assert_eq!(!outcomes(&server).await.is_empty(), is_counted);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(outcomes(&server).await.values().all(|count| *count == 0));
    }
    assert!(collector.spans().is_empty());
}
