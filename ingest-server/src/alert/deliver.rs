//! Sending the notices that wait in the database.

use super::{
    client::{Client, Post},
    look::in_words,
    retry,
    watched::Watched,
};
use crate::{
    http::App,
    store::sqlite::{AlertChange, Delivery, DueNotice},
};
use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use std::{sync::OnceLock, time::Instant};
use tokio::task::JoinSet;
use tracing::{error, info, warn};

/// Sends those that are due, all at once, and writes what became of each. While that cannot be written, it is not
/// sent again; the server may be started again meanwhile, so a notice arrives at least once.
pub async fn deliver(app: &App, now: Timestamp) {
    let due = match app.reader().due_notices(now).await {
        Ok(due) => {
            app.alerts().delivering().worked();
            due
        }
        Err(error) => return app.alerts().delivering().failed(in_words(error), Instant::now()),
    };
    let mut deliveries = JoinSet::new();
    for notice in due {
        let unwritten = app.alerts().unwritten().get(&notice.id).copied();
        let app = app.clone();
        deliveries.spawn(async move {
            match unwritten {
                Some(delivery) => (notice.id, delivery),
                None => send(app, notice, now).await,
            }
        });
    }
    while let Some(sent) = deliveries.join_next().await {
        let Ok((notice, delivery)) = sent else { continue };
        app.alerts().unwritten().insert(notice, delivery);
        // The writer tells the log itself of what it cannot write.
        if app.writer().change_alerts(AlertChange::Sent { notice, delivery }).await.is_ok() {
            app.alerts().unwritten().remove(&notice);
        }
    }
}

/// The notice's key, and what became of it.
async fn send(app: App, notice: DueNotice, now: Timestamp) -> (i64, Delivery) {
    let sites = app.sites();
    let site = sites.names().get(&notice.site).copied();
    let is_its = |it: &&Watched| it.rule.name == notice.rule && Some(it.rule.site.as_str()) == site;
    match app.alerts().iter().find(is_its) {
        Some(watched) => (notice.id, attempt(watched, &notice, now).await),
        None => (notice.id, Delivery::Dropped),
    }
}

async fn attempt(watched: &Watched, notice: &DueNotice, now: Timestamp) -> Delivery {
    let (Some(webhook), Some(secret)) = (&watched.rule.webhook, &watched.secret) else {
        return Delivery::Dropped;
    };
    let post = Post { url: &webhook.url, message: &notice.message, body: &notice.body };
    let began = Instant::now();
    let sent = match client() {
        Ok(client) => client.post(post, secret, now).await,
        Err(error) => Err(error),
    };
    // A receiver that hangs is left alone from then on, and not from when it was asked.
    let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    let now = now.saturating_add(SignedDuration::from_millis(took)).unwrap_or(now);
    let (alert, host, attempts) = (&notice.rule, webhook.host(), notice.attempts + 1);
    match sent {
        Ok(()) => {
            info!(alert, host, attempts, "the webhook was told");
            Delivery::Taken(now)
        }
        Err(error) => {
            let error = format!("{error:#}");
            if let Some(next) = retry::after(attempts, notice.at, now) {
                warn!(alert, host, attempts, error, "the webhook was not told yet");
                Delivery::Again(next)
            } else {
                error!(alert, host, attempts, error, "the webhook is not told any more");
                Delivery::GivenUp
            }
        }
    }
}

/// Made when the first notice is sent: it reads whom the system trusts. One that cannot be made may be the next time.
fn client() -> Result<&'static Client> {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client);
    }
    let made = Client::new()?;
    Ok(CLIENT.get_or_init(|| made))
}
