//! What a webhook is told, as JSON.

use super::{
    reading::Reading,
    rule::{Condition, Rule},
    state::Change,
};
use crate::{report::MetricWord, store::sqlite::Filters};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// As [Standard Webhooks](https://www.standardwebhooks.com) has payloads.
#[derive(Serialize)]
struct Notice<'a> {
    r#type: &'static str,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    alert: &'a str,
    site: String,
    metric: MetricWord,
    filters: &'a Filters,
    condition: Condition,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    page_views_min: u64,
    /// Since when it was broken.
    since: Timestamp,
    #[serde(flatten)]
    reading: &'a Reading,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

impl Change {
    /// The word for it in notices.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "alert.fired",
            Self::Resolved => "alert.resolved",
        }
    }
}

/// What is told of a change.
pub(super) fn body(
    rule: &Rule,
    change: Change,
    since: Timestamp,
    reading: &Reading,
    page: Option<&Url>,
) -> String {
    let threshold = match rule.condition {
        Condition::Above(_, threshold) => Some(threshold),
        Condition::Regression => None,
    };
    let data = Data {
        alert: &rule.name,
        site: rule.site.to_string(),
        metric: MetricWord(rule.metric),
        filters: &rule.filters,
        condition: rule.condition,
        threshold,
        page_views_min: rule.page_views_min,
        since,
        reading,
        url: page.map(Url::as_str),
    };
    let notice = Notice { r#type: change.as_str(), timestamp: reading.at, data };
    // Only maps whose keys are no texts cannot be written.
    serde_json::to_string(&notice).unwrap_or_default()
}

/// What is shown of a notice later.
#[derive(Deserialize)]
pub(super) struct Told {
    pub(super) r#type: String,
    pub(super) timestamp: Timestamp,
    pub(super) data: ToldData,
}

#[derive(Deserialize)]
pub(super) struct ToldData {
    pub(super) value: Option<f64>,
    pub(super) count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alert::{Finding, Percentile},
        report::{Period, Unit},
    };
    use serde_json::json;

    #[test]
    fn a_notice_says_what_fired_where_and_by_how_much() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let rule = Rule {
            name: "slow".to_owned(),
            site: "shop".parse().unwrap(),
            metric: beacon::MetricName::Lcp,
            filters: Filters { route: Some("/product/:id".to_owned()), ..Filters::default() },
            hours: 24,
            condition: Condition::Above(Percentile::P75, 2500.0),
            page_views_min: 100,
            cool_down: jiff::SignedDuration::from_hours(6),
            webhook: None,
        };
        let (from, to) = (time("2026-11-22T08:00:00Z"), time("2026-11-23T09:00:00Z"));
        let reading = Reading {
            at: time("2026-11-23T08:00:30Z"),
            period: Period { from, to },
            finding: Finding::Breached,
            unit: Unit::Ms,
            value: Some(2710.5),
            count: 842,
            error: Some(0.0055),
            comparison: None,
        };
        let page = Url::parse("https://rum.example/alerts?site=shop").unwrap();
        let body = body(&rule, Change::Fired, reading.at, &reading, Some(&page));
        let expected = json!({
            "type": "alert.fired",
            "timestamp": "2026-11-23T08:00:30Z",
            "data": {
                "alert": "slow", "site": "shop", "metric": "lcp",
                "filters": { "route": "/product/:id" },
                "condition": { "p75_above": 2500.0 }, "threshold": 2500.0, "page_views_min": 100,
                "since": "2026-11-23T08:00:30Z", "at": "2026-11-23T08:00:30Z",
                "period": { "from": "2026-11-22T08:00:00Z", "to": "2026-11-23T09:00:00Z" },
                "finding": "breached", "unit": "ms", "value": 2710.5, "count": 842, "error": 0.0055,
                "url": "https://rum.example/alerts?site=shop",
            },
        });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap(), expected);
        assert_eq!(serde_json::from_str::<Told>(&body).unwrap().data.value, Some(2710.5));
    }
}
