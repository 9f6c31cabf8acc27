//! A site's alerts as a table: a row for how each is, and one for each thing that happened.

use super::answer::{AlertAnswer, AlertsAnswer, EventAnswer};
use crate::report::{Table, figures::field, metric_name::lower};

impl Table for AlertsAnswer {
    fn columns(&self) -> Vec<&'static str> {
        let of_alert = ["alert", "metric", "period"];
        let of_row = ["what", "at", "value", "count", "delivery", "attempts"];
        [&of_alert[..], &of_row].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.alerts.iter().flat_map(rows).collect()
    }
}

/// How it is, since when and what was measured last; then what happened, the latest first.
fn rows(alert: &AlertAnswer) -> Vec<Vec<String>> {
    let AlertAnswer { name, metric, period, state, since, latest, events, .. } = alert;
    let of_alert = [name.clone(), lower(metric.0).to_owned(), period.clone()];
    let row = |rest: [String; 6]| [&of_alert[..], &rest].concat();
    let latest = latest.as_ref();
    let now = row([
        (*state).to_owned(),
        field(*since),
        field(latest.and_then(|it| it.value)),
        field(latest.map(|it| it.count)),
        String::new(),
        String::new(),
    ]);
    let event = |event: &EventAnswer| {
        let EventAnswer { r#type, at, value, count, delivery, attempts, .. } = event;
        row([
            r#type.clone(),
            at.to_string(),
            field(*value),
            count.to_string(),
            delivery.as_str().to_owned(),
            attempts.to_string(),
        ])
    };
    [now].into_iter().chain(events.iter().map(event)).collect()
}
