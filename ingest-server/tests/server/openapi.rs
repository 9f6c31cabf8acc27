//! The description of the API is of this API.

use crate::support::{Rhumb, read, read_json, router};
use axum::http::{Request, StatusCode, header};
use beacon::{Connection, FormFactor, NavigationType, NumberField, Rating, TextField, limits};
use ingest_server::report::{By, Interval, LIST_MAX};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is for people alone: pages, and files that are built in.
const PAGES: [&str; 25] = [
    "/",
    "/alerts",
    "/assets/{*path}",
    "/compare",
    "/docs",
    "/docs/{*path}",
    "/demo",
    "/demo/",
    "/demo/{*path}",
    "/errors",
    "/long-frames",
    "/measures",
    "/memory",
    "/opportunities",
    "/page-views",
    "/page-views/{id}",
    "/profiles",
    "/profiles.svg",
    "/renders",
    "/requests",
    "/resources",
    "/routes",
    "/server",
    "/settings",
    "/vitals/{metric}",
];
/// What the files of the collector begin with, be they named by their content or not.
const COLLECTOR: &str = "/rhumb";

async fn description() -> Value {
    Rhumb::start().json("/openapi.json").await
}

/// The paths of a router, as it tells them when it is debugged.
fn paths(router: &axum::Router) -> BTreeSet<String> {
    let told = format!("{router:?}");
    let texts = told.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    texts.filter(|path| !path.contains("__private")).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_is_described_but_for_pages_and_files() {
    let rhumb = Rhumb::start();
    let description = rhumb.json("/openapi.json").await;
    let described = description["paths"].as_object().unwrap().keys().cloned();
    let described = described.collect::<BTreeSet<_>>();
    let mut others = paths(&router(rhumb.server.app()));
    assert!(described.is_subset(&others), "{described:?} of {others:?}");
    others.retain(|path| !described.contains(path) && !path.starts_with(COLLECTOR));
    assert_eq!(others, PAGES.map(str::to_owned).into());
}

#[tokio::test]
async fn every_question_about_sites_stands_on_the_page_of_the_query_api() {
    let page = include_str!("../../../docs/query-api.md");
    let description = description().await;
    let paths = description["paths"].as_object().unwrap().keys();
    for path in paths.filter(|path| path.starts_with("/v1/sites")) {
        let example = path.replace("{site}", "default").replace("{id}", "");
        let has_example = path.contains('{') && page.contains(&example);
        assert!(has_example || page.contains(&format!("`GET {path}`")), "{path} is not there");
    }
}

#[tokio::test]
async fn whoever_asks_is_told_what_there_is_to_ask() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    let response = rhumb.get("/openapi.json").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let tag = response.headers()[header::ETAG].to_str().unwrap();
    let again = rhumb.get_again("/openapi.json", tag).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_page_that_shows_the_description_is_for_everybody_and_under_the_policy_of_pages() {
    let rhumb = Rhumb::with_token(Some("0123456789abcdef"));
    let page = rhumb.get("/docs").await;
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let page = String::from_utf8(read(page).await.to_vec()).unwrap();
    assert!(!page.contains("//"), "something is from elsewhere: {page}");
}

#[tokio::test]
async fn what_the_description_refers_to_is_in_it() {
    let description = description().await;
    assert_eq!(description["openapi"], "3.1.0");
    let mut references = BTreeSet::new();
    collect(&description, "$ref", &mut references);
    assert!(references.len() > 40, "{references:?}");
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

/// All texts of that name.
fn collect(value: &Value, name: &str, texts: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            texts.extend(fields.get(name).and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, name, texts));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, name, texts)),
        _ => {}
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own_and_says_what_it_is_for() {
    let description = description().await;
    let paths = description["paths"].as_object().unwrap();
    let operations = paths.values().flat_map(|path| path.as_object().unwrap().values());
    let operations = operations.collect::<Vec<_>>();
    let names = operations.iter().map(|it| it["operationId"].as_str().unwrap());
    assert_eq!(names.collect::<BTreeSet<_>>().len(), operations.len());
    for operation in operations {
        for field in ["summary", "tags", "responses"] {
            assert!(!operation[field].is_null(), "{field} of {operation}");
        }
    }
}

#[tokio::test]
async fn limits_are_those_that_are_kept() {
    let description = description().await;
    let beacon = &description["components"]["schemas"]["Beacon"]["properties"];
    for (field, limit, max) in [
        ("site", "maxLength", limits::SITE_BYTES_MAX),
        ("url", "maxLength", limits::URL_BYTES_MAX),
        ("route", "maxLength", limits::ROUTE_BYTES_MAX),
        ("release", "maxLength", limits::RELEASE_BYTES_MAX),
        ("time_zone", "maxLength", limits::TIME_ZONE_BYTES_MAX),
        ("metrics", "maxItems", limits::METRICS_MAX),
        ("age_ms", "maximum", limits::AGE_MS_MAX.try_into().unwrap()),
    ] {
        assert_eq!(beacon[field][limit], json!(max), "{field}");
    }
    let metric = &description["components"]["schemas"]["Metric"]["properties"]["value"];
    assert_eq!(metric["maximum"].as_f64(), Some(limits::TIMING_MS_MAX));
    let list = &description["paths"]["/v1/sites/{site}/page-views"]["get"]["parameters"];
    let maximum = |name| {
        let mut parameters = list.as_array().unwrap().iter();
        let parameter = parameters.find(|it| it["name"] == name).unwrap();
        parameter["schema"].clone()
    };
    assert_eq!(maximum("limit")["maximum"], json!(LIST_MAX));
    assert_eq!(maximum("route")["maxLength"], json!(limits::ROUTE_BYTES_MAX));
    assert_eq!(maximum("release")["maxLength"], json!(limits::RELEASE_BYTES_MAX));
}

/// What questions cannot do without.
const NEEDED: [(&str, &str); 5] = [
    ("metric", "lcp"),
    ("by", "route"),
    ("interval", "day"),
    ("baseline", "1.4.1"),
    ("candidate", "1.4.2"),
];

/// A question with what it cannot do without, and with that parameter.
fn question(path: &str, parameters: &[Value], (name, value): (&str, &str)) -> String {
    let is_needed =
        |needed: &str| parameters.iter().any(|it| it["name"] == needed && it["required"] == true);
    let needed = NEEDED.into_iter().filter(|(it, _)| *it != name && is_needed(it));
    let query = needed.chain([(name, value)]).map(|(name, value)| format!("{name}={value}"));
    format!("{}?{}", path.replace("{site}", "default"), query.collect::<Vec<_>>().join("&"))
}

#[tokio::test]
async fn maxima_of_parameters_are_those_that_are_kept() {
    let rhumb = Rhumb::start();
    let description = rhumb.json("/openapi.json").await;
    let mut tried = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        let Some(parameters) = operations["get"]["parameters"].as_array() else { continue };
        for parameter in parameters {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            // Of these no text is taken for its length alone; releases that are compared are no filter.
            let is_no_filter = name == "release" && path.ends_with("/compare");
            // Who asks for seconds waits for so many.
            if ["cursor", "tz", "seconds"].contains(&name) || is_no_filter {
                continue;
            }
            let number =
                schema["maximum"].as_u64().map(|max| [max, max + 1].map(|it| it.to_string()));
            let text = schema["maxLength"].as_u64().map(|max| [max, max + 1]);
            let text = text.map(|it| it.map(|length| "a".repeat(usize::try_from(length).unwrap())));
            let Some([largest, larger]) = number.or(text) else { continue };
            let taken = rhumb.get(&question(path, parameters, (name, &largest))).await;
            assert_eq!(taken.status(), StatusCode::OK, "{name} of {path}");
            let refused = rhumb.get(&question(path, parameters, (name, &larger))).await;
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{name} of {path}");
            assert_eq!(read_json(refused).await["field"], name, "{path}");
            tried.insert(name);
        }
    }
    let all = [
        "baseline",
        "browser",
        "candidate",
        "host",
        "limit",
        "min_count",
        "os",
        "release",
        "route",
        "target",
    ];
    assert_eq!(tried, all.into());
}

#[tokio::test]
async fn maxima_of_crux_requests_are_those_that_are_kept() {
    let rhumb = Rhumb::start();
    let description = rhumb.json("/openapi.json").await;
    let fields = &description["components"]["schemas"]["crux.HistoryRequest"]["properties"];
    let max = |field: &str, limit: &str| fields[field][limit].as_u64().unwrap();
    let url = |length: u64| {
        let start = "https://shop.example/";
        start.to_owned() + &"a".repeat(usize::try_from(length).unwrap() - start.len())
    };
    let periods = max("collectionPeriodCount", "maximum");
    let lengths = ["url", "origin"].map(|field| (field, max(field, "maxLength")));
    let mut bodies = Vec::new();
    for (more, status) in [(0, StatusCode::NOT_FOUND), (1, StatusCode::BAD_REQUEST)] {
        let count = periods + more;
        let body = json!({ "origin": "https://shop.example", "collectionPeriodCount": count });
        bodies.push((body, status));
        bodies.extend(lengths.map(|(field, max)| (json!({ field: url(max + more) }), status)));
    }
    for (body, status) in bodies {
        let request = Request::post("/v1/records:queryHistoryRecord");
        let request = request.header(header::HOST, "localhost").body(body.to_string().into());
        assert_eq!(rhumb.send(request.unwrap()).await.status(), status, "{body}");
    }
}

#[tokio::test]
async fn words_are_those_of_questions_and_answers() {
    let description = description().await;
    let words = |schema: &str| description["components"]["schemas"][schema]["enum"].clone();
    assert_eq!(words("FormFactor"), json!(FormFactor::ALL));
    assert_eq!(words("NavigationType"), json!(NavigationType::ALL));
    assert_eq!(words("Connection"), json!(Connection::ALL));
    assert_eq!(words("NumberField"), json!(NumberField::ALL));
    assert_eq!(words("TextField"), json!(TextField::ALL));
    assert_eq!(words("Interval"), json!(Interval::ALL.map(Interval::as_str)));
    let ratings = [Rating::Good, Rating::NeedsImprovement, Rating::Poor];
    assert_eq!(words("Rating"), json!(ratings.map(Rating::as_str)));
    let by = beacon::MetricName::ALL.into_iter().flat_map(By::of).map(By::as_str);
    let described = words("AttributionBy");
    let described = described.as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    assert_eq!(described.collect::<BTreeSet<_>>(), by.collect());
    let filters = &description["components"]["schemas"]["Filters"]["properties"];
    let facets = words("Facet");
    let facets = facets.as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let filters = filters.as_object().unwrap().keys().map(String::as_str);
    assert_eq!(facets.collect::<BTreeSet<_>>(), filters.collect());
}

#[tokio::test]
async fn what_is_given_as_an_example_of_a_body_is_taken() {
    let rhumb = Rhumb::start();
    let body = &rhumb.json("/openapi.json").await["paths"]["/v1/ingest"]["post"]["requestBody"];
    let examples = &body["content"]["application/json"]["examples"];
    for (query, name) in [("", "beacon"), ("?site=default", "metric")] {
        let response = rhumb.post_to(query, examples[name]["value"].clone()).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{name}");
    }
    assert_eq!(rhumb.summary().await["page_views"], 2);
}
