//! Visits that come in any order and change afterwards.

use crate::support::Rhumb;
use ingest_server::store::sqlite::RollUpLimits;
use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*, sample::select};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use url::form_urlencoded::Serializer;

/// Small, so that answers are made of histograms, of the latest page views and of corrections.
const ROLL_UP: RollUpLimits = RollUpLimits { tail_min: 3, step_max: 4, corrections_max: 6 };
/// Ten days: some of the hours are no longer counted apart from their day.
const HOURS_AGO_MAX: i64 = 240;
/// Whether something is left to be rolled up.
const IS_DUE: &str = "
    SELECT page_view_id + 3 + 4 < ifnull((SELECT max(id) + 1 FROM page_views), 1)
        OR (SELECT count(*) > 6 FROM corrections)
    FROM watermark
";
const FIELDS: [&str; 6] =
    ["route", "form_factor", "release", "connection", "navigation_type", "url"];

#[derive(Clone, Debug)]
pub(crate) struct Visit {
    page_view: u128,
    sequence: u32,
    hours_ago: i64,
    circumstances: [Option<&'static str>; FIELDS.len()],
    values: BTreeMap<&'static str, u32>,
}

pub(crate) fn visits() -> impl Strategy<Value = Vec<Visit>> {
    let circumstances = (
        option::of(select(&["/", "/cart", "/product/:id"])),
        option::of(select(&["phone", "tablet", "desktop"])),
        option::of(select(&["1.4.1", "1.4.2"])),
        option::of(select(&["4g", "3g"])),
        option::of(select(&["navigate", "reload"])),
        option::of(select(&["https://shop.example/", "https://blog.example:8443/"])),
    );
    let values = prop::collection::btree_map(select(&["LCP", "INP"]), 0_u32..6_000, 1..3);
    let visit = (0_u128..40, 0_u32..3, 0..HOURS_AGO_MAX, circumstances, values).prop_map(
        |(
            page_view,
            sequence,
            hours_ago,
            (route, form_factor, release, connection, came, url),
            values,
        )| {
            let circumstances = [route, form_factor, release, connection, came, url];
            Visit { page_view, sequence, hours_ago, circumstances, values }
        },
    );
    vec(visit, 0..120)
}

impl Visit {
    fn beacon(&self, now: Timestamp) -> Value {
        let metrics = self.values.iter();
        let metrics = metrics.map(|(name, value)| json!({ "name": name, "value": value }));
        let hour = now.as_second().div_euclid(3600) - self.hours_ago;
        let started_at = Timestamp::from_second(hour * 3600 + 60).unwrap().min(now);
        let mut beacon = json!({
            "site": "default",
            "page_view": format!("{:032x}", self.page_view),
            "sequence": self.sequence,
            "started_at": started_at.to_string(),
            "metrics": metrics.collect::<Vec<_>>(),
        });
        for (field, value) in FIELDS.iter().zip(self.circumstances) {
            beacon[field] = json!(value);
        }
        beacon
    }
}

/// A server that these visits were sent to, and what it is asked.
pub(crate) async fn of(visits: &[Visit]) -> Rhumb {
    let rhumb = Rhumb::with_roll_up(ROLL_UP);
    let now = Timestamp::now();
    for visit in visits {
        rhumb.accepts(&visit.beacon(now)).await;
    }
    // What is rolled up between two answers is exact in one and binned in the other.
    let connection = Connection::open(rhumb.database()).unwrap();
    while connection.query_row(IS_DUE, [], |row| row.get::<_, bool>(0)).unwrap() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    rhumb
}

impl Rhumb {
    /// What a route of the site answers.
    pub(crate) async fn ask(&self, route: &str, parameters: &[(&str, &str)]) -> Value {
        self.json(&address(route, parameters)).await
    }
}

pub(crate) fn address(route: &str, parameters: &[(&str, &str)]) -> String {
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/v1/sites/default/{route}?{query}")
}

/// What a row or a point says of the values of a metric is what the summary says of them. Where one
/// is exact and the other is not, the percentiles are as near as promised.
pub(crate) fn assert_same(found: &Value, summary: &Value, metric: &str, context: &str) {
    let expected = &summary["metrics"][metric];
    let is_as_exact = found["error"] == expected["error"];
    let fields =
        if is_as_exact { &["count", "shares", "p75", "rating"][..] } else { &["count", "shares"] };
    for field in fields {
        assert_eq!(found[field], expected[field], "{field} of {context}: {found}");
    }
    if let (Some(found), Some(expected)) = (found["p75"].as_f64(), expected["p75"].as_f64()) {
        assert!(
            (found - expected).abs() <= expected * 0.006 + 0.2,
            "{context}: {found}, {expected}"
        );
    }
}

pub(crate) fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(test);
}
