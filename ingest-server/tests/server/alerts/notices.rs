//! What is told, and until when.

use super::{SECRET, alert, folder, look_and_deliver, minutes, rule, visits};
use crate::support::{Receiver, Rhumb, beacon};
use ingest_server::alert::{Secret, deliver, look};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

#[tokio::test]
async fn a_notice_says_what_is_broken_and_is_signed() {
    let receiver = Receiver::start().await;
    let rules = rule(&receiver.url()) + "filters = { form_factor = 'phone' }";
    let rhumb = Rhumb::watching(folder(), &rules);
    for number in 0..40 {
        let mut beacon = beacon(number, 2000.0);
        beacon["form_factor"] = json!(if number < 25 { "phone" } else { "desktop" });
        rhumb.accepts(&beacon).await;
    }
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    look_and_deliver(&rhumb, now).await;

    let [post] = &receiver.received()[..] else { panic!("one notice") };
    let notice = post.json();
    assert_eq!(notice["type"], "alert.fired");
    let data = &notice["data"];
    let expected = json!({
        "alert": "slow", "site": "default", "metric": "lcp", "threshold": 1000.0, "value": 2000.0,
        "unit": "ms", "count": 25, "error": 0.0, "page_views_min": 20, "finding": "breached",
        "filters": { "form_factor": "phone" }, "condition": { "p75_above": 1000.0 },
        "since": now.to_string(),
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&data[name], value, "{name} of {notice}");
    }
    let secret = Secret::try_from(SECRET.to_owned()).unwrap();
    let (id, timestamp) = (post.header("webhook-id"), post.header("webhook-timestamp"));
    assert_eq!(timestamp, now.as_second().to_string());
    let signature = secret.sign(id, now.as_second(), &post.body);
    assert_eq!(post.header("webhook-signature"), signature);
    assert_eq!(post.header("content-type"), "application/json");
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_with_the_same_id_and_what_came_later_waits() {
    let receiver = Receiver::start().await;
    receiver.refuse(true);
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    deliver(&rhumb.server.app(), now).await;
    assert_eq!(receiver.received().len(), 1, "the second attempt is not due yet");
    visits(&rhumb, 20, 200, 100.0).await;
    look_and_deliver(&rhumb, now + minutes(1)).await;
    assert_eq!(receiver.types(), ["alert.fired", "alert.fired"], "first what came first");
    let pending = alert(&rhumb).await;
    assert_eq!(pending["events"][1]["delivery"], "pending");
    assert_eq!(pending["events"][1]["attempts"], 2);

    receiver.refuse(false);
    for minute in 2..4 {
        deliver(&rhumb.server.app(), now + minutes(minute)).await;
    }
    let posts = receiver.received();
    assert_eq!(receiver.types()[2..], ["alert.fired", "alert.resolved"]);
    assert_eq!(posts[0].header("webhook-id"), posts[2].header("webhook-id"));
    assert_ne!(posts[2].header("webhook-id"), posts[3].header("webhook-id"));
    deliver(&rhumb.server.app(), now + minutes(60)).await;
    assert_eq!(receiver.received().len(), 4, "taken is taken");
    assert_eq!(alert(&rhumb).await["events"][1]["delivery"], "delivered");
}

#[tokio::test]
async fn what_was_taken_is_not_sent_again_while_the_database_cannot_be_told() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look(&rhumb.server.app(), now).await;
    let other = rusqlite::Connection::open(rhumb.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for second in 0..2 {
        deliver(&rhumb.server.app(), now + SignedDuration::from_secs(second)).await;
    }
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(alert(&rhumb).await["events"][0]["delivery"], "pending");
    other.execute_batch("COMMIT").unwrap();
    deliver(&rhumb.server.app(), now + minutes(1)).await;
    assert_eq!(alert(&rhumb).await["events"][0]["delivery"], "delivered");
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_receiver_that_is_away_for_a_day_is_given_up() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    drop(receiver);
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    assert_eq!(alert(&rhumb).await["events"][0]["delivery"], "pending");
    deliver(&rhumb.server.app(), now + SignedDuration::from_hours(24)).await;
    assert_eq!(alert(&rhumb).await["events"][0]["delivery"], "given_up");
}

#[tokio::test]
async fn the_notice_of_a_rule_that_is_gone_is_dropped() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();
    visits(&rhumb, 0, 20, 2000.0).await;
    look(&rhumb.server.app(), now).await;
    let Rhumb { server, folder, .. } = rhumb;
    drop(server);
    let rhumb = Rhumb::watching(folder, "");
    deliver(&rhumb.server.app(), now).await;
    assert_eq!(receiver.received().len(), 0);
    let due = rhumb.server.app().reader().due_notices(now + minutes(60)).await.unwrap();
    assert_eq!(due, []);
}
