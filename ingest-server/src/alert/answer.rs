//! What people are told of a site's alerts.

use super::{
    notice::Told,
    reading::Reading,
    rule::{Condition, Rule},
    state::State,
    watched::Watched,
};
use crate::{
    ingest::SiteId,
    report::MetricWord,
    store::sqlite::{AlertStates, Filters, Notice},
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of `GET /v1/sites/{site}/alerts`, and what the dashboard shows.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Alerts)]
pub struct AlertsAnswer {
    /// The site's name.
    pub site: String,
    /// In the order of the file.
    pub alerts: Vec<AlertAnswer>,
}

/// A rule, how it is, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Alert)]
pub struct AlertAnswer {
    /// The rule's name.
    pub name: String,
    /// What it is about.
    pub metric: MetricWord,
    /// What the page views are alike in.
    pub filters: Filters,
    /// As in `24h`.
    pub period: String,
    /// What must not be.
    pub condition: Condition,
    /// Page views that it takes.
    pub page_views_min: u64,
    /// As in `6h`.
    pub cool_down: String,
    /// The host of whom is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub webhook: Option<String>,
    /// `quiet`, `firing` or `resolved`.
    pub state: &'static str,
    /// Since when, where it is not quiet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<Timestamp>,
    /// What was last measured; absent before the first look.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub latest: Option<Reading>,
    /// The latest, the latest first.
    pub events: Vec<EventAnswer>,
}

/// Something that was told.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AlertEvent)]
pub struct EventAnswer {
    /// As in the header `webhook-id`.
    pub id: String,
    /// `alert.fired` or `alert.resolved`.
    pub r#type: String,
    /// When.
    pub at: Timestamp,
    /// The percentile then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub value: Option<f64>,
    /// On how many page views it was measured.
    pub count: u64,
    /// What became of the notice.
    pub delivery: DeliveryAnswer,
    /// How often it was sent.
    #[schema(format = Int64)]
    pub attempts: u32,
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertDelivery)]
pub enum DeliveryAnswer {
    /// The webhook has taken it.
    Delivered,
    /// It is sent, again and again.
    Pending,
    /// It was sent for as long as it was news.
    GivenUp,
    /// There is no webhook.
    NotSent,
}

impl DeliveryAnswer {
    /// As in the answer.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Pending => "pending",
            Self::GivenUp => "given_up",
            Self::NotSent => "not_sent",
        }
    }
}

/// Puts together what is known of a site's rules.
pub fn answer<'a>(
    site: &str,
    id: SiteId,
    rules: impl Iterator<Item = &'a Watched>,
    states: &AlertStates,
    notices: &[Notice],
) -> AlertsAnswer {
    let alert = |watched: &Watched| {
        let Rule { name, metric, filters, hours, condition, page_views_min, cool_down, .. } =
            &watched.rule;
        let state = states.get(&(id, name.clone())).copied().unwrap_or_default();
        AlertAnswer {
            name: name.clone(),
            metric: MetricWord(*metric),
            filters: filters.clone(),
            period: format!("{hours}h"),
            condition: *condition,
            page_views_min: *page_views_min,
            cool_down: format!("{cool_down:#}").replace(' ', ""),
            webhook: watched.rule.webhook.as_ref().map(|it| it.host().to_owned()),
            state: State::as_str(state),
            since: state.since(),
            latest: watched.latest(),
            events: notices.iter().filter(|it| it.rule == *name).filter_map(event).collect(),
        }
    };
    let alerts = rules.filter(|it| it.rule.site.as_str() == site).map(alert).collect();
    AlertsAnswer { site: site.to_owned(), alerts }
}

fn event(notice: &Notice) -> Option<EventAnswer> {
    let told = serde_json::from_str::<Told>(&notice.body).ok()?;
    let delivery = match (notice.delivered_at, notice.next_attempt_at, notice.attempts) {
        (Some(_), ..) => DeliveryAnswer::Delivered,
        (None, Some(_), _) => DeliveryAnswer::Pending,
        (None, None, 0) => DeliveryAnswer::NotSent,
        (None, None, _) => DeliveryAnswer::GivenUp,
    };
    Some(EventAnswer {
        id: notice.message.clone(),
        r#type: told.r#type,
        at: told.timestamp,
        value: told.data.value,
        count: told.data.count,
        delivery,
        attempts: notice.attempts,
    })
}

#[cfg(test)]
mod tests {
    use super::DeliveryAnswer;
    use serde_json::json;

    #[test]
    fn a_delivery_is_called_the_same_in_tables() {
        use DeliveryAnswer as D;
        for delivery in [D::Delivered, D::Pending, D::GivenUp, D::NotSent] {
            assert_eq!(json!(delivery), delivery.as_str());
        }
    }
}
