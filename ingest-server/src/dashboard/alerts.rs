//! A site's alerts: what is broken, and who was told.

use super::{
    PageContext,
    frame::{Frame, Place},
    moment::Moment,
    number, print,
    score_card::Badge,
};
use crate::{
    alert::{
        AlertAnswer, AlertsAnswer, Change, Condition, DeliveryAnswer, EventAnswer, Finding,
        Percentile, Reading,
    },
    report::{MetricWord, Unit},
    store::sqlite::Filters,
};
use askama::Template;
use jiff::tz::TimeZone;

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "1 alert".
    count: String,
    verdict: Verdict,
    rows: Vec<Row>,
    /// Of all rules, the latest first.
    events: Vec<Event>,
}

struct Verdict {
    class: &'static str,
    text: String,
}

/// A rule and how it is.
struct Row {
    name: String,
    /// What must not be.
    sentence: String,
    badge: Badge,
    since: Option<Moment>,
    value: String,
    sample: String,
    /// As in "hooks.example".
    webhook: Option<String>,
}

struct Event {
    name: String,
    badge: Badge,
    at: Moment,
    value: String,
    delivery: &'static str,
}

/// The page.
pub fn alerts_page(answer: &AlertsAnswer, context: &PageContext) -> String {
    let zone = &context.scope.zone;
    print(&AlertsPage {
        frame: Frame::around(context, Place::Alerts),
        site: &answer.site,
        count: number::alerts(answer.alerts.len() as u64),
        verdict: verdict(&answer.alerts),
        rows: answer.alerts.iter().map(|it| row(it, zone)).collect(),
        events: events(&answer.alerts, zone),
    })
}

fn verdict(alerts: &[AlertAnswer]) -> Verdict {
    let firing = alerts.iter().filter(|it| it.state == "firing").map(|it| it.name.as_str());
    let firing = firing.collect::<Vec<_>>();
    let (class, text) = match (alerts, &firing[..]) {
        ([], _) => ("unknown", "Nothing is watched on this site yet.".to_owned()),
        (_, []) => ("good", "Nothing is broken, as far as is known.".to_owned()),
        (_, names) => ("poor", format!("Broken: {}.", names.join(", "))),
    };
    Verdict { class, text }
}

fn row(alert: &AlertAnswer, zone: &TimeZone) -> Row {
    Row {
        name: alert.name.clone(),
        sentence: sentence(alert),
        badge: badge(alert),
        since: alert.since.map(|since| Moment::of(since, zone)),
        value: alert.latest.as_ref().map_or_else(nothing, |it| value(it.value, it.unit)),
        sample: alert.latest.as_ref().map_or_else(String::new, |it| sample(alert, it)),
        webhook: alert.webhook.clone(),
    }
}

/// `p75 of LCP above 2.5 s in 24 hours, route /product/:id`
fn sentence(alert: &AlertAnswer) -> String {
    let MetricWord(name) = alert.metric;
    let metric = name.as_str();
    let hours = alert.period.trim_end_matches('h');
    let hours = if hours == "1" { "an hour".to_owned() } else { format!("{hours} hours") };
    let filters = filters(&alert.filters);
    match alert.condition {
        Condition::Above(percentile, threshold) => {
            let threshold = number::round_value(threshold, Unit::of(name));
            format!("{} of {metric} above {threshold} in {hours}{filters}", percentile.as_str())
        }
        Condition::Regression => {
            let p75 = Percentile::P75.as_str();
            format!("{p75} of {metric} worse in {hours} than in those before{filters}")
        }
    }
}

fn filters(filters: &Filters) -> String {
    let given = filters.given();
    let texts = given.map(|(name, value)| format!(", {} {value}", name.replace('_', " ")));
    texts.collect::<Vec<_>>().concat()
}

/// Of what is quiet for want of page views, nobody knows whether it is well.
fn badge(alert: &AlertAnswer) -> Badge {
    let finding = alert.latest.as_ref().map(|it| it.finding);
    match (alert.state, finding) {
        ("firing", _) => Badge { class: "poor", shape: "■", word: "Firing" },
        ("resolved", _) => Badge { class: "good", shape: "●", word: "Resolved" },
        (_, None) => Badge { class: "unknown", shape: "○", word: "Not looked at yet" },
        (_, Some(Finding::TooFew)) => Badge::too_few(),
        (_, Some(_)) => Badge { class: "good", shape: "●", word: "Quiet" },
    }
}

fn value(value: Option<f64>, unit: Unit) -> String {
    value.map_or_else(nothing, |value| number::value(value, unit))
}

fn nothing() -> String {
    "–".to_owned()
}

fn sample(alert: &AlertAnswer, reading: &Reading) -> String {
    let sample = number::page_views(reading.count);
    let needed = number::count(alert.page_views_min);
    match (reading.finding, &reading.comparison) {
        (Finding::TooFew, None) => format!("{sample}, {needed} are needed"),
        (Finding::TooFew, Some(comparison)) => {
            let before = number::count(comparison.baseline.count);
            format!("{sample}, {before} before; {needed} are needed")
        }
        (Finding::Breached | Finding::Kept, _) => sample,
    }
}

fn events(alerts: &[AlertAnswer], zone: &TimeZone) -> Vec<Event> {
    let all = alerts.iter().flat_map(|alert| alert.events.iter().map(move |it| (alert, it)));
    let mut all = all.collect::<Vec<_>>();
    all.sort_by_key(|(_, event)| std::cmp::Reverse(event.at));
    all.into_iter().map(|(alert, it)| event(alert, it, zone)).collect()
}

fn event(alert: &AlertAnswer, event: &EventAnswer, zone: &TimeZone) -> Event {
    let badge = if event.r#type == Change::Fired.as_str() {
        Badge { class: "poor", shape: "■", word: "Fired" }
    } else {
        Badge { class: "good", shape: "●", word: "Resolved" }
    };
    let delivery = match event.delivery {
        DeliveryAnswer::Delivered => "delivered",
        DeliveryAnswer::Pending if event.attempts > 0 => "not taken yet, sent again",
        DeliveryAnswer::Pending => "being sent",
        DeliveryAnswer::GivenUp => "not taken for a day, given up",
        DeliveryAnswer::NotSent => "shown here only",
    };
    let (name, at) = (alert.name.clone(), Moment::of(event.at, zone));
    Event { name, badge, at, value: value(event.value, Unit::of(alert.metric.0)), delivery }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dashboard::{ReportPeriod, fixture::context},
        report::Period,
    };
    use beacon::MetricName;
    use jiff::Timestamp;

    fn alert(state: &'static str, condition: Condition) -> AlertAnswer {
        let at = "2026-11-23T08:00:00Z".parse::<Timestamp>().unwrap();
        AlertAnswer {
            name: "slow <products>".to_owned(),
            metric: MetricWord(MetricName::Lcp),
            filters: Filters { route: Some("/product/:id".to_owned()), ..Filters::default() },
            period: "24h".to_owned(),
            condition,
            page_views_min: 100,
            cool_down: "6h".to_owned(),
            webhook: Some("hooks.example".to_owned()),
            state,
            since: (state != "quiet").then_some(at),
            latest: Some(Reading {
                at,
                period: Period { from: at, to: at },
                finding: Finding::Breached,
                unit: Unit::Ms,
                value: Some(2710.5),
                count: 842,
                error: Some(0.0),
                comparison: None,
            }),
            events: vec![EventAnswer {
                id: "msg_1".to_owned(),
                r#type: "alert.fired".to_owned(),
                at,
                value: Some(2710.5),
                count: 842,
                delivery: DeliveryAnswer::Pending,
                attempts: 2,
            }],
        }
    }

    fn page(alerts: Vec<AlertAnswer>) -> String {
        let answer = AlertsAnswer { site: "shop".to_owned(), alerts };
        alerts_page(&answer, &context(ReportPeriod::default())).replace('\u{a0}', " ")
    }

    #[test]
    fn what_is_broken_is_said_with_number_and_sentence() {
        let page = page(vec![alert("firing", Condition::Above(Percentile::P75, 2500.0))]);
        for text in [
            "1 alert</span>",
            "Broken: slow &#60;products&#62;.",
            "p75 of LCP above 2.5 s in 24 hours, route /product/:id",
            "Firing",
            "2.71 s",
            "842 page views",
            "not taken yet, sent again",
            "hooks.example",
            "2026-11-23T08:00:00Z",
        ] {
            assert!(page.contains(text), "{text} is not in\n{page}");
        }
    }

    #[test]
    fn too_few_page_views_are_told_with_how_many_it_takes() {
        let mut alert = alert("quiet", Condition::Regression);
        alert.latest.as_mut().unwrap().finding = Finding::TooFew;
        let page = page(vec![alert]);
        assert!(
            page.contains("Too few to judge") && page.contains("842 page views, 100 are needed"),
            "{page}"
        );
        assert!(page.contains("p75 of LCP worse in 24 hours than in those before"), "{page}");
        assert!(page.contains("Nothing is broken"), "{page}");
    }

    #[test]
    fn without_alerts_the_page_says_how_to_make_one() {
        let page = page(Vec::new());
        assert!(page.contains("[[alert]]") && page.contains("Nothing is watched"), "{page}");
    }
}
