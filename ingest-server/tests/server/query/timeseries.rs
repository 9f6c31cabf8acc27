//! `GET …/timeseries`

use super::history::{self, Visit, address, assert_same, visits};
use crate::support::{Rhumb, beacon, read, read_json};
use axum::http::{StatusCode, header};
use jiff::{Timestamp, ToSpan, Zoned, tz::TimeZone};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Each point is the summary of its interval. Those of which the hours are not kept cannot be asked
/// for, and are left out.
async fn check_points(rhumb: &Rhumb, interval: &str, parameters: &[(&str, &str)]) {
    let parameters = [&[("metric", "lcp"), ("interval", interval)], parameters].concat();
    let series = rhumb.ask("timeseries", &parameters).await;
    let filters =
        parameters.iter().filter(|(name, _)| !["metric", "interval", "tz", "from"].contains(name));
    let filters = filters.copied().collect::<Vec<_>>();
    let zone = TimeZone::get(series["tz"].as_str().unwrap()).unwrap();
    let starts = series["points"].as_array().unwrap().iter().map(|it| start(&it["start"], &zone));
    let starts = starts.collect::<Vec<_>>();
    assert_eq!(starts[0].to_string(), series["period"]["from"].as_str().unwrap());
    let end = series["period"]["to"].as_str().unwrap().parse().unwrap();
    let ends = starts.iter().skip(1).copied().chain([end]);
    for ((start, end), point) in starts.iter().zip(ends).zip(series["points"].as_array().unwrap()) {
        let (from, to) = (start.to_string(), end.to_string());
        let period = [("from", from.as_str()), ("to", to.as_str())];
        let summary = rhumb.ask("summary", &[&period, &filters[..]].concat()).await;
        if summary["period"] == json!({ "from": from, "to": to }) {
            assert_same(point, &summary, "lcp", &format!("{interval} {parameters:?}"));
        }
    }
}

fn start(label: &Value, zone: &TimeZone) -> Timestamp {
    let label = label.as_str().unwrap();
    label.parse().unwrap_or_else(|_| {
        let date = label.parse::<jiff::civil::Date>().unwrap();
        date.to_zoned(zone.clone()).unwrap().timestamp()
    })
}

async fn check_all(visits: Vec<Visit>) {
    let rhumb = history::of(&visits).await;
    for filters in [
        &[][..],
        &[("route", "/")],
        &[("form_factor", "phone")],
        &[("route", "/cart"), ("form_factor", "desktop")],
        &[("release", "1.4.1"), ("connection", "4g")],
    ] {
        check_points(&rhumb, "day", filters).await;
        check_points(&rhumb, "week", filters).await;
    }
    let from = (Timestamp::now() - 30.hours()).to_string();
    check_points(&rhumb, "hour", &[("from", &from)]).await;
    check_points(&rhumb, "hour", &[("from", &from), ("tz", "America/New_York"), ("route", "/")])
        .await;
    for zone in ["Europe/Berlin", "Pacific/Auckland"] {
        check_points(&rhumb, "day", &[("tz", zone)]).await;
        let from = Zoned::now()
            .with_time_zone(TimeZone::get(zone).unwrap())
            .date()
            .saturating_sub(3.days());
        check_points(&rhumb, "day", &[("tz", zone), ("from", &from.to_string())]).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_point_is_the_summary_of_its_interval(visits in visits()) {
        history::run(check_all(visits));
    }

    #[test]
    fn days_of_a_time_zone_have_all_page_views_also_when_they_are_read_one_by_one(visits in visits()) {
        history::run(async {
            let rhumb = history::of(&visits).await;
            let count = |series: &Value| {
                let points = series["points"].as_array().unwrap().iter();
                points.map(|point| point["count"].as_u64().unwrap()).sum::<u64>()
            };
            let mut counts = Vec::new();
            for tz in ["UTC", "Europe/Berlin", "Asia/Kolkata"] {
                let parameters = [("metric", "inp"), ("interval", "day"), ("tz", tz)];
                counts.push(count(&rhumb.ask("timeseries", &parameters).await));
            }
            let summary = rhumb.summary().await;
            let expected = summary["metrics"]["inp"]["count"].as_u64().unwrap();
            assert_eq!(counts, [expected; 3]);
        });
    }
}

#[tokio::test]
async fn an_interval_without_page_views_is_a_point_of_count_0() {
    let rhumb = Rhumb::start();
    let parameters =
        [("metric", "lcp"), ("interval", "day"), ("from", "2026-01-01"), ("to", "2026-01-03")];
    let series = rhumb.ask("timeseries", &parameters).await;
    let points = ["2026-01-01", "2026-01-02", "2026-01-03"];
    assert_eq!(
        series,
        json!({
            "site": "default",
            "period": { "from": "2026-01-01T00:00:00Z", "to": "2026-01-04T00:00:00Z" },
            "filters": {}, "metric": "lcp", "unit": "ms", "interval": "day", "tz": "UTC",
            "points": points.map(|start| json!({ "start": start, "count": 0 })),
        })
    );
}

#[tokio::test]
async fn a_spreadsheet_gets_a_table_with_a_tag_of_its_own() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 2312.4)).await;
    let hour = Timestamp::now().to_string();
    let path = address("timeseries", &[("metric", "lcp"), ("interval", "hour"), ("from", &hour)]);
    let response = rhumb.get_with(&path, &[(header::ACCEPT, "text/csv")]).await;
    let headers = response.headers().clone();
    let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
    assert_eq!(kind, "text/csv; charset=utf-8; header=present");
    assert!(headers.get_all(header::VARY).iter().any(|it| it == "accept"));
    let text = String::from_utf8(read(response).await.to_vec()).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("start,count,p75,rating,good,needs_improvement,poor,error"));
    assert!(lines.any(|line| line.ends_with(":00:00Z,1,2312.4,good,1,0,0,0")), "{text}");
    let tag = headers[header::ETAG].to_str().unwrap();
    assert_ne!(rhumb.tag(&path).await, tag);
    let again =
        rhumb.get_with(&path, &[(header::ACCEPT, "text/csv"), (header::IF_NONE_MATCH, tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn too_many_points_name_the_interval() {
    let rhumb = Rhumb::start();
    let parameters =
        [("metric", "lcp"), ("interval", "hour"), ("from", "2026-01-01"), ("to", "2026-06-01")];
    let response = rhumb.get(&address("timeseries", &parameters)).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let problem = read_json(response).await;
    assert_eq!(problem["field"], "interval");
    assert!(problem["detail"].as_str().unwrap().contains("1000 points"), "{problem}");
}

/// What only page views tell ends with the oldest that is left.
#[tokio::test]
async fn local_days_before_the_oldest_page_view_are_not_answered_as_if_nobody_had_come() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 100.0)).await;
    // As if page views of long ago had arrived before, and were deleted.
    let connection = rusqlite::Connection::open(rhumb.database()).unwrap();
    connection.execute("UPDATE arrivals SET first_page_view_id = 0", []).unwrap();
    let ask = |parameters: &'static [(&str, &str)]| {
        let parameters = [&[("metric", "lcp"), ("interval", "week")], parameters].concat();
        let path = address("timeseries", &parameters);
        let rhumb = &rhumb;
        async move { rhumb.get(&path).await }
    };
    for told in [&[][..], &[("route", "/")], &[("route", "/"), ("form_factor", "phone")]] {
        assert_eq!(ask(told).await.status(), StatusCode::OK, "{told:?}");
    }
    for untold in [&[("tz", "Asia/Kolkata")][..], &[("route", "/"), ("release", "1")]] {
        let response = ask(untold).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{untold:?}");
        let problem = read_json(response).await;
        assert_eq!(problem["type"], "urn:rhumb:problem:deleted");
        assert_eq!(problem["field"], "from");
    }
}
