//! `[[alert]]` as it stands in `rhumb.toml`.

use super::{
    percentile::Percentile,
    rule::{Condition, Rule, SecretSource, Webhook},
    signature::Secret,
};
use crate::{
    report::{self, metric_name, question::filters_of},
    store::sqlite::Filters,
};
use beacon::MetricName;
use jiff::SignedDuration;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::Url;

/// The longest name.
const NAME_BYTES_MAX: usize = 64;
/// The longest address of a webhook.
const WEBHOOK_BYTES_MAX: usize = 2048;
/// The longest period: twice of it is compared.
const PERIOD_HOURS_MAX: i64 = 28 * 24;
/// The longest rest.
const COOL_DOWN_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
const COOL_DOWN_DEFAULT: SignedDuration = SignedDuration::from_hours(6);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    name: String,
    site: String,
    metric: String,
    #[serde(default)]
    filters: BTreeMap<String, String>,
    period: SignedDuration,
    p50_above: Option<f64>,
    p75_above: Option<f64>,
    p90_above: Option<f64>,
    p95_above: Option<f64>,
    p99_above: Option<f64>,
    #[serde(default)]
    regression: bool,
    page_views_min: Option<u64>,
    cool_down: Option<SignedDuration>,
    webhook: Option<String>,
    secret: Option<Secret>,
    secret_env: Option<String>,
}

impl TryFrom<Table> for Rule {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        let name = table.name.clone();
        rule(table).map_err(|problem| format!("alert {name:?}: {problem}"))
    }
}

fn rule(table: Table) -> Result<Rule, String> {
    if !(1..=NAME_BYTES_MAX).contains(&table.name.len()) || table.name.chars().any(char::is_control)
    {
        return Err(format!("name: expected 1 to {NAME_BYTES_MAX} bytes on one line"));
    }
    let cool_down = table.cool_down.unwrap_or(COOL_DOWN_DEFAULT);
    if cool_down.is_negative() || cool_down > COOL_DOWN_MAX {
        return Err(format!("cool_down: expected 0s to {}h", COOL_DOWN_MAX.as_hours()));
    }
    let page_views_min = table.page_views_min.unwrap_or(report::PAGE_VIEWS_MIN);
    if page_views_min == 0 {
        return Err("page_views_min: expected 1 or more".to_owned());
    }
    Ok(Rule {
        condition: condition(&table)?,
        webhook: webhook(&table)?,
        site: table.site.parse().map_err(|problem| format!("site: {problem}"))?,
        metric: metric(&table.metric)?,
        filters: filters(&table.filters)?,
        hours: hours(table.period)?,
        page_views_min,
        cool_down,
        name: table.name,
    })
}

fn metric(word: &str) -> Result<MetricName, String> {
    let unknown = || format!("metric: expected one of {}", metric_name::words());
    metric_name::from_word(word).ok_or_else(unknown)
}

fn hours(period: SignedDuration) -> Result<i64, String> {
    let hours = period.as_hours();
    if (1..=PERIOD_HOURS_MAX).contains(&hours) && SignedDuration::from_hours(hours) == period {
        Ok(hours)
    } else {
        Err(format!("period: expected full hours, 1h to {PERIOD_HOURS_MAX}h"))
    }
}

/// Exactly one.
fn condition(table: &Table) -> Result<Condition, String> {
    let thresholds = [
        (Percentile::P50, table.p50_above),
        (Percentile::P75, table.p75_above),
        (Percentile::P90, table.p90_above),
        (Percentile::P95, table.p95_above),
        (Percentile::P99, table.p99_above),
    ];
    let mut above = thresholds.into_iter().filter_map(|(it, value)| Some((it, value?)));
    match (above.next(), above.next(), table.regression) {
        (Some((percentile, threshold)), None, false) => {
            if threshold.is_finite() && threshold >= 0.0 {
                Ok(Condition::Above(percentile, threshold))
            } else {
                Err(format!("{}_above: expected 0 or more", percentile.as_str()))
            }
        }
        (None, _, true) => Ok(Condition::Regression),
        _ => Err("expected either one of p50_above, p75_above, p90_above, p95_above and \
                  p99_above, or regression = true"
            .to_owned()),
    }
}

/// Those of the query API, checked as it checks them.
fn filters(table: &BTreeMap<String, String>) -> Result<Filters, String> {
    filters_of(table).map_err(|error| format!("filters: {error}"))
}

fn webhook(table: &Table) -> Result<Option<Webhook>, String> {
    let secret = match (&table.secret, &table.secret_env) {
        (Some(secret), None) => Some(SecretSource::File(secret.clone())),
        (None, Some(name)) => Some(SecretSource::Environment(name.clone())),
        (None, None) => None,
        (Some(_), Some(_)) => return Err("expected either secret or secret_env".to_owned()),
    };
    match (&table.webhook, secret) {
        (Some(text), Some(secret)) => Ok(Some(Webhook { url: url(text)?, secret })),
        (Some(_), None) => {
            Err("webhook: needs a secret, or secret_env, to be signed with".to_owned())
        }
        (None, Some(_)) => Err("a secret without a webhook".to_owned()),
        (None, None) => Ok(None),
    }
}

/// What is wrong is not repeated: an address may be a secret.
fn url(text: &str) -> Result<Url, String> {
    if text.len() > WEBHOOK_BYTES_MAX {
        return Err(format!("webhook: expected at most {WEBHOOK_BYTES_MAX} bytes"));
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or("webhook: expected https://host/path")?;
    if url.username().is_empty() && url.password().is_none() {
        Ok(url)
    } else {
        Err("webhook: no name and password; the signature tells who posts".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: &str = "name = 'slow'\nsite = 'shop'\nmetric = 'lcp'\nperiod = '24h'\n";
    const SECRET: &str = "secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'\n";

    fn parse(more: &str) -> Result<Rule, String> {
        toml::from_str(&format!("{SLOW}{more}")).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn a_rule_is_read_with_what_it_does_not_say() {
        let rule = parse("p75_above = 2500\nfilters = { route = '/a', form_factor = 'phone' }");
        let rule = rule.unwrap();
        assert_eq!(rule.condition, Condition::Above(Percentile::P75, 2500.0));
        assert_eq!((rule.hours, rule.page_views_min), (24, 100));
        assert_eq!(rule.cool_down, SignedDuration::from_hours(6));
        assert_eq!(rule.filters.route.as_deref(), Some("/a"));
        assert_eq!(rule.webhook, None);
    }

    #[test]
    fn every_fault_names_the_alert_the_key_and_what_is_allowed() {
        for (more, says) in [
            ("", "alert \"slow\": expected either one of p50_above"),
            ("p75_above = 1\nregression = true", "expected either one of p50_above"),
            ("p75_above = 1\np90_above = 1", "expected either one of p50_above"),
            ("p75_above = -1", "p75_above: expected 0 or more"),
            ("p75_above = nan", "p75_above: expected 0 or more"),
            ("p80_above = 1", "unknown field `p80_above`, expected one of"),
            ("regression = true\nfilters = { rout = '/' }", "filters: rout is no parameter here"),
            ("regression = true\nfilters = { from = 'x' }", "filters: from is no parameter here"),
            ("regression = true\nfilters = { tz = 'UTC' }", "filters: tz is no parameter here"),
            ("regression = true\nfilters = { os = '' }", "filters: os has 0 bytes"),
            ("regression = true\ncool_down = '-1s'", "cool_down: expected 0s to 720h"),
            ("regression = true\ncool_down = 'soon'", "failed to parse input in the"),
            ("regression = true\npage_views_min = 0", "page_views_min: expected 1 or more"),
            ("regression = true\nwebhook = 'https://a/b'", "webhook: needs a secret"),
            ("regression = true\nsecret_env = 'A'", "a secret without a webhook"),
            ("regression = true\nwebhook = 'ftp://a/'\nsecret_env = 'A'", "expected https://host"),
            (
                "regression = true\nwebhook = 'https://a:b@c/'\nsecret_env = 'A'",
                "no name and passw",
            ),
        ] {
            let error = parse(more).unwrap_err();
            assert!(error.contains(says), "{more}: {error}");
        }
        for (from, to, says) in [
            ("'lcp'", "'LCP'", "metric: expected one of cls, fcp, inp, lcp, ttfb, fid"),
            ("'24h'", "'90m'", "period: expected full hours, 1h to 672h"),
            ("'24h'", "'673h'", "period: expected full hours"),
            ("'shop'", "'a shop'", "site: expected 1 to 64 letters"),
            ("'slow'", "''", "name: expected 1 to 64 bytes"),
        ] {
            let text = format!("{SLOW}regression = true").replace(from, to);
            let error = toml::from_str::<Rule>(&text).unwrap_err();
            assert!(error.message().contains(says), "{to}: {error}");
        }
    }

    #[test]
    fn the_address_of_a_webhook_has_a_maximum() {
        let rule = |bytes: usize| {
            let webhook = format!("{:x<bytes$}", "https://a/");
            parse(&format!("regression = true\nwebhook = '{webhook}'\n{SECRET}"))
        };
        assert!(rule(WEBHOOK_BYTES_MAX).is_ok());
        let error = rule(WEBHOOK_BYTES_MAX + 1).unwrap_err();
        assert!(error.contains("webhook: expected at most 2048 bytes"), "{error}");
    }

    #[test]
    fn a_rule_that_is_printed_keeps_its_secrets() {
        let more = format!("regression = true\nwebhook = 'https://hooks.example/T0K3N'\n{SECRET}");
        let shown = format!("{:?}", parse(&more).unwrap());
        assert!(shown.contains("hooks.example"), "{shown}");
        assert!(!shown.contains("T0K3N") && !shown.contains("MfKQ"), "{shown}");
        let short = more.replace("LaLaSw", "");
        let error = parse(&short).unwrap_err();
        assert!(error.contains("openssl rand") && !error.contains("MfKQ"), "{error}");
    }
}
