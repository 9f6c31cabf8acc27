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
        alert::{Finding, Secret},
        report::{Period, Unit},
    };
    use std::collections::BTreeMap;

    const PAGE: &str = include_str!("../../../docs/alerts.md");

    /// The first block of the page that is written in a language.
    fn block(language: &str) -> &'static str {
        let (_, block) = PAGE.split_once(&format!("```{language}\n")).unwrap();
        block.split_once("```").unwrap().0
    }

    /// In one line, without spaces between its parts.
    fn compact(json: &str) -> String {
        let mut is_text = false;
        let is_kept = |c: &char| {
            is_text ^= *c == '"';
            is_text || !c.is_whitespace()
        };
        json.chars().filter(is_kept).collect()
    }

    #[test]
    fn the_notice_of_the_page_is_what_its_first_alert_says_and_signed() {
        let mut file = toml::from_str::<BTreeMap<String, Vec<Rule>>>(block("toml")).unwrap();
        let rule = file.remove("alert").unwrap().remove(0);
        let at = "2026-11-24T08:20:30.125Z".parse::<Timestamp>().unwrap();
        let reading = Reading {
            at,
            period: Period::full_hours(rule.hours, at),
            finding: Finding::Breached,
            unit: Unit::Ms,
            value: Some(2710.5),
            count: 842,
            error: Some(0.0055),
            comparison: None,
        };
        let dashboard = Url::parse("https://rum.example.com/alerts?site=shop").unwrap();
        let body = body(&rule, Change::Fired, at, &reading, Some(&dashboard));
        assert_eq!(body, compact(block("json")));
        assert_eq!(serde_json::from_str::<Told>(&body).unwrap().data.value, Some(2710.5));

        let (_, secret) = PAGE.split_once("`whsec_M").unwrap();
        let (secret, _) = secret.split_once('`').unwrap();
        let secret = Secret::try_from(format!("whsec_M{secret}")).unwrap();
        let headers = block("http").lines().map(|line| line.split_once(": ").unwrap());
        let headers = headers.collect::<BTreeMap<_, _>>();
        assert_eq!(headers["webhook-timestamp"], at.as_second().to_string());
        let signature = secret.sign(headers["webhook-id"], at.as_second(), &body);
        assert_eq!(headers["webhook-signature"], signature);
    }
}
