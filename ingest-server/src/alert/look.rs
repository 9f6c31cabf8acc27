//! Looking at the rules: measuring each, and writing what became of it.

use super::{
    notice,
    reading::Reading,
    rule::{Condition, Rule},
    state::{Change, State},
    watched::{Alerts, Watched},
};
use crate::{
    distribution::Distribution,
    http::App,
    ingest::SiteId,
    report::Period,
    store::sqlite::{AlertChange, NewNotice, ReadError},
};
use jiff::Timestamp;
use std::time::Instant;
use tracing::info;

/// Looks at every rule. One that cannot be read stays as it was; a change that cannot be written comes
/// about at the next look.
pub async fn look(app: &App, now: Timestamp) {
    let states = match app.reader().alert_states().await {
        Ok(states) => {
            app.alerts().looking().worked();
            states
        }
        Err(error) => return app.alerts().looking().failed(in_words(error), Instant::now()),
    };
    for watched in app.alerts().iter() {
        let Watched { rule, .. } = watched;
        let Some(site) = app.sites().get(rule.site.as_str()).map(|site| site.id) else {
            continue;
        };
        let reading = match measure(app, rule, site, now).await {
            Ok(reading) => reading,
            Err(error) => {
                watched.looking().failed(in_words(error), Instant::now());
                continue;
            }
        };
        let former = states.get(&(site, rule.name.clone())).copied().unwrap_or_default();
        let (state, change) = former.next(reading.finding, rule.cool_down, now);
        if state != former {
            let notice = change.map(|it| new_notice(app.alerts(), rule, it, state, &reading));
            let name = rule.name.clone();
            let change = AlertChange::State { site, rule: name, state, notice };
            if app.writer().change_alerts(change).await.is_ok() {
                info!(alert = rule.name, site = %rule.site, state = state.as_str(), "alert");
            }
        }
        watched.looking().worked();
        watched.saw(reading);
    }
}

/// With its causes.
pub(super) fn in_words(error: ReadError) -> String {
    format!("{:#}", anyhow::Error::from(error))
}

async fn measure(
    app: &App,
    rule: &Rule,
    site: SiteId,
    now: Timestamp,
) -> Result<Reading, ReadError> {
    let period = Period::full_hours(rule.hours, now);
    let values = values(app, rule, site, period).await?;
    let before = match rule.condition {
        Condition::Above(..) => None,
        Condition::Regression => {
            Some(self::values(app, rule, site, period.before(rule.hours, now)).await?)
        }
    };
    Ok(Reading::new(rule, now, period, values, before))
}

async fn values(
    app: &App,
    rule: &Rule,
    site: SiteId,
    period: Period,
) -> Result<Distribution, ReadError> {
    app.reader().values(period.selection(site, rule.filters.clone()), rule.metric).await
}

fn new_notice(
    alerts: &Alerts,
    rule: &Rule,
    change: Change,
    state: State,
    reading: &Reading,
) -> NewNotice {
    let fired_at = match state {
        State::Quiet => reading.at,
        State::Firing { since } => since,
        State::Resolved { fired_at, .. } => fired_at,
    };
    let page = alerts.page(rule.site.as_str());
    NewNotice {
        // Unlikely enough to be there twice, and nobody gains by guessing it.
        message: format!("msg_{:032x}", fastrand::u128(..)),
        at: reading.at,
        body: notice::body(rule, change, fired_at, reading, page.as_ref()),
        is_sent: rule.webhook.is_some(),
    }
}
