//! `GET /metrics`: what was measured, as Prometheus reads it.

use crate::support::{Rhumb, beacon, read};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use ingest_server::store::sqlite::RollUpLimits;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

async fn text(rhumb: &Rhumb) -> String {
    String::from_utf8(read(rhumb.get("/metrics").await).await.to_vec()).unwrap()
}

/// The samples of a text, by name and labels.
fn samples(text: &str) -> BTreeMap<&str, f64> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let samples = samples.map(|line| line.rsplit_once(' ').unwrap());
    samples.map(|(name, value)| (name, value.parse().unwrap())).collect()
}

fn on_route(page_view: u128, route: &str, metrics: &Value) -> Value {
    let mut beacon = beacon(page_view, 0.0);
    beacon["route"] = json!(route);
    beacon["metrics"] = metrics.clone();
    beacon
}

fn lcp(value_ms: f64) -> Value {
    json!([{ "name": "LCP", "value": value_ms }])
}

#[tokio::test]
async fn values_are_counted_up_to_the_thresholds_exactly() {
    let rhumb = Rhumb::start();
    for (page_view, lcp_ms) in (1..).zip([2500.0, 2500.001, 4000.0, 4000.001, 90_000.0]) {
        rhumb.accepts(&on_route(page_view, "/a", &lcp(lcp_ms))).await;
    }
    rhumb.accepts(&on_route(9, "/a", &json!([{ "name": "CLS", "value": 0.1 }]))).await;
    let text = text(&rhumb).await;
    let samples = samples(&text);
    for (name, expected) in [
        (r#"lcp_seconds_bucket{le="2.0",site="default",route="/a"}"#, 0.0),
        (r#"lcp_seconds_bucket{le="2.5",site="default",route="/a"}"#, 1.0),
        (r#"lcp_seconds_bucket{le="4.0",site="default",route="/a"}"#, 3.0),
        (r#"lcp_seconds_bucket{le="60.0",site="default",route="/a"}"#, 4.0),
        (r#"lcp_seconds_bucket{le="+Inf",site="default",route="/a"}"#, 5.0),
        (r#"lcp_seconds_count{site="default",route="/a"}"#, 5.0),
        (r#"lcp_seconds_sum{site="default",route="/a"}"#, 103.000_002),
        (r#"cls_bucket{le="0.075",site="default",route="/a"}"#, 0.0),
        (r#"cls_bucket{le="0.1",site="default",route="/a"}"#, 1.0),
        (r#"cls_sum{site="default",route="/a"}"#, 0.1),
    ] {
        let name = format!("rhumb_web_vitals_{name}");
        let sample = samples.get(&*name).unwrap_or_else(|| panic!("{name} is not in\n{text}"));
        assert!((sample - expected).abs() < 1e-9, "{name} {sample}");
    }
    let page_views = r#"rhumb_page_views_total{site="default",route="/a"}"#;
    assert_eq!(samples.get(page_views).copied(), Some(6.0), "{text}");
    assert!(!text.contains("rhumb_web_vitals_inp"), "nothing was measured of it: {text}");
}

#[tokio::test]
async fn a_metric_of_a_page_view_is_counted_once_whatever_comes_later() {
    let roll_up = RollUpLimits { tail_min: 0, step_max: 1, corrections_max: 0 };
    let rhumb = Rhumb::with_roll_up(roll_up);
    let later = json!([{ "name": "LCP", "value": 100.0 }, { "name": "CLS", "value": 0.3 }]);
    let mut superseding = on_route(1, "/a", &later);
    superseding["sequence"] = json!(1);
    let sent = [on_route(1, "/a", &lcp(9000.0)), superseding];
    let mut before = BTreeMap::new();
    for beacon in [&sent[0], &sent[0], &sent[1], &sent[0], &sent[1]] {
        rhumb.accepts(beacon).await;
        rhumb.server.app().writer().tend().await;
        let text = text(&rhumb).await;
        let counters = samples(&text).into_iter().filter(|(name, _)| {
            name.starts_with("rhumb_web_vitals") || name.starts_with("rhumb_page_views")
        });
        let now =
            counters.map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>();
        for (name, value) in &before {
            assert!(now.get(name) >= Some(value), "{name} fell to {:?}", now.get(name));
        }
        before = now;
    }
    let of = |name: &str| before[&format!(r#"rhumb_{name}{{site="default",route="/a"}}"#)];
    assert!((of("page_views_total") - 1.0).abs() < 1e-9);
    assert!((of("web_vitals_lcp_seconds_count") - 1.0).abs() < 1e-9);
    // A counter cannot take back what it has counted.
    assert!((of("web_vitals_lcp_seconds_sum") - 9.0).abs() < 1e-9);
    assert!((of("web_vitals_cls_count") - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn what_was_refused_and_what_is_of_a_bot_is_not_counted() {
    let rhumb = Rhumb::start();
    let refused = json!([on_route(1, "/a", &lcp(100.0)), on_route(2, "/a", &lcp(-1.0))]);
    rhumb.post(refused.to_string()).await;
    let bot = Request::post("/v1/ingest")
        .header(
            header::USER_AGENT,
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        )
        .body(Body::from(beacon(3, 100.0).to_string()))
        .unwrap();
    assert_eq!(rhumb.send(bot).await.status(), StatusCode::NO_CONTENT);
    let text = text(&rhumb).await;
    assert!(!text.contains("rhumb_page_views_total{"), "{text}");
}

#[tokio::test]
async fn no_more_than_so_many_routes_have_labels_and_none_is_lost() {
    let rhumb = Rhumb::start();
    let mut page_views = (1..).map(|id| on_route(id, &format!("/{}", id % 40), &lcp(100.0)));
    for _ in 0..30 {
        let hundred = page_views.by_ref().take(100).collect::<Value>();
        rhumb.accepts(&hundred).await;
    }
    let text = text(&rhumb).await;
    let samples = samples(&text);
    let of = |prefix| samples.iter().filter(move |(name, _)| name.starts_with(prefix));
    assert_eq!(of("rhumb_page_views_total").count(), 21, "{text}");
    for name in ["rhumb_page_views_total", "rhumb_web_vitals_lcp_seconds_count"] {
        assert!((of(name).map(|(_, value)| value).sum::<f64>() - 3000.0).abs() < 1e-9, "{name}");
    }
    assert!(samples[r#"rhumb_page_views_total{site="default",route="(other)"}"#] > 0.0);
}

#[tokio::test]
async fn who_asks_for_open_metrics_gets_it_and_others_the_older_format() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    let prometheus =
        "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5";
    for (accepted, content_type, has_end) in [
        (prometheus, "application/openmetrics-text; version=1.0.0; charset=utf-8", true),
        (
            "text/plain, application/openmetrics-text;q=0",
            "text/plain; version=0.0.4; charset=utf-8",
            false,
        ),
        ("*/*", "text/plain; version=0.0.4; charset=utf-8", false),
    ] {
        let response = rhumb.get_with("/metrics", &[(header::ACCEPT, accepted)]).await;
        assert!(response.headers().get_all(header::VARY).iter().any(|it| it == "accept"));
        assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
        let text = String::from_utf8(read(response).await.to_vec()).unwrap();
        assert_eq!(text.ends_with("# EOF\n"), has_end, "{text}");
        assert!(text.contains("rhumb_commits_total 1\n"), "{text}");
    }
}

/// Every sample is one of a metric that is declared before it, once, with buckets that ascend.
#[tokio::test]
async fn every_line_is_as_the_format_wants_it() {
    let rhumb = Rhumb::start();
    let all = json!([
        { "name": "LCP", "value": 100.0 }, { "name": "CLS", "value": 0.0 }, { "name": "INP", "value": 9.0 },
        { "name": "FCP", "value": 100.0 }, { "name": "TTFB", "value": 100.0 }, { "name": "FID", "value": 1.0 },
    ]);
    for (page_view, route) in (1..).zip(["/a", r#"/"\"#, "/ä b", "/a"].repeat(3)) {
        rhumb.accepts(&on_route(page_view, route, &all)).await;
    }
    let text = text(&rhumb).await;
    let (mut declared, mut seen, mut bucket) = (String::new(), Vec::new(), 0.0);
    for line in text.lines() {
        if let Some(declaration) = line.strip_prefix("# TYPE ") {
            let name = declaration.split(' ').next().unwrap();
            assert!(
                !seen.iter().any(|seen: &String| seen.starts_with(&format!("{name}{{"))),
                "{line}"
            );
            name.clone_into(&mut declared);
        } else if !line.starts_with('#') {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let value = value.parse::<f64>().unwrap();
            assert!(name.starts_with(&declared) && !seen.contains(&name.to_owned()), "{line}");
            let is_bucket = name.contains("_bucket{");
            assert!(!is_bucket || value >= bucket, "{line}");
            bucket = if is_bucket && !name.contains("+Inf") { value } else { 0.0 };
            seen.push(name.to_owned());
        }
    }
    assert!(text.contains(r#"route="/\"\\""#), "{text}");
    let vitals = seen.iter().filter(|name| name.starts_with("rhumb_web_vitals"));
    assert_eq!(vitals.filter(|name| name.contains("le=\"+Inf\"")).count(), 6 * 4, "{text}");
    in_promtool(&text);
}

/// Has the program of Prometheus look at it, where there is one; see `cargo xtask test`.
fn in_promtool(text: &str) {
    let program = std::env::var_os("PROMTOOL").unwrap_or_else(|| "promtool".into());
    let mut command = Command::new(program);
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut promtool = match command.spawn() {
        Ok(promtool) => promtool,
        Err(error) => {
            println!("skipped: promtool cannot be started: {error}");
            return;
        }
    };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = promtool.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{text}");
}
