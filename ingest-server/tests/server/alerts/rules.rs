//! When an alert fires, when it is resolved, and when nothing is said.

use super::{alert, folder, look_and_deliver, minutes, rule, visits};
use crate::support::{Receiver, Rhumb, beacon};
use axum::http::StatusCode;
use ingest_server::{
    alert::{AlertConfig, Alerts, deliver, look},
    store::sqlite::{Database, Retention},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

#[tokio::test]
async fn a_rule_fires_once_resolves_and_cools_down() {
    let receiver = Receiver::start().await;
    let rhumb = Rhumb::watching(folder(), &rule(&receiver.url()));
    let now = Timestamp::now();

    visits(&rhumb, 0, 19, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    assert_eq!(alert(&rhumb).await["latest"]["finding"], "too_few_samples");
    assert_eq!(receiver.types(), [] as [&str; 0]);

    visits(&rhumb, 19, 1, 2000.0).await;
    look_and_deliver(&rhumb, now).await;
    look_and_deliver(&rhumb, now + minutes(1)).await;
    assert_eq!(receiver.types(), ["alert.fired"], "once");
    assert_eq!(alert(&rhumb).await["state"], "firing");

    visits(&rhumb, 20, 200, 100.0).await;
    look_and_deliver(&rhumb, now + minutes(2)).await;
    assert_eq!(receiver.types(), ["alert.fired", "alert.resolved"]);
    assert_eq!(alert(&rhumb).await["state"], "resolved");

    visits(&rhumb, 220, 100, 2000.0).await;
    look_and_deliver(&rhumb, now + minutes(9)).await;
    assert_eq!(receiver.types().len(), 2, "it cools down");
    look_and_deliver(&rhumb, now + minutes(10)).await;
    assert_eq!(receiver.types(), ["alert.fired", "alert.resolved", "alert.fired"]);
}

#[tokio::test]
async fn a_regression_is_what_became_worse_than_in_the_hours_before() {
    let receiver = Receiver::start().await;
    let rules = rule(&receiver.url()).replace("p75_above = 1000", "regression = true");
    let rhumb = Rhumb::watching(folder(), &rules);
    let now = Timestamp::now();
    for number in 0..200 {
        let mut before = beacon(number, 1000.0);
        before["started_at"] = json!((now - SignedDuration::from_mins(200)).to_string());
        rhumb.accepts(&before).await;
    }
    visits(&rhumb, 200, 200, 1000.0).await;
    look_and_deliver(&rhumb, now).await;
    assert_eq!(alert(&rhumb).await["latest"]["finding"], "kept");
    visits(&rhumb, 400, 400, 3000.0).await;
    look_and_deliver(&rhumb, now).await;
    let notice = receiver.received()[0].json();
    let data = &notice["data"];
    assert_eq!(data["condition"], json!({ "regression": true }));
    assert_eq!(
        (&data["value"], &data["comparison"]["baseline"]["p75"]),
        (&json!(3000.0), &json!(1000.0))
    );
    assert_eq!(data["comparison"]["verdict"], "regressed");
}

#[test]
fn a_rule_looks_back_no_further_than_its_page_views_are_kept() {
    let watch = |more: &str| {
        let rule = "name = 'slow'\nsite = 'default'\nmetric = 'lcp'\n".to_owned() + more;
        let rules = vec![toml::from_str::<toml::Table>(&rule).unwrap().try_into().unwrap()];
        let alerts = Alerts::new(&AlertConfig { rules, ..AlertConfig::default() }, |_| None);
        alerts.unwrap().check_kept(Retention::default()).map_err(|error| error.to_string())
    };
    let both = "filters = { browser = 'Chrome', country = 'DE' }\n";
    for well in [
        format!("{both}period = '672h'\np75_above = 1000"),
        format!("{both}period = '336h'\nregression = true"),
        "filters = { country = 'DE' }\nperiod = '672h'\nregression = true".to_owned(),
    ] {
        assert_eq!(watch(&well), Ok(()), "{well}");
    }
    let refused = watch(&format!("{both}period = '672h'\nregression = true")).unwrap_err();
    assert!(refused.contains("alert \"slow\"") && refused.contains("looks back 56"), "{refused}");
}

#[tokio::test]
async fn a_site_that_is_not_there_yet_or_not_any_more_is_no_trouble() {
    let receiver = Receiver::start().await;
    let rules = rule(&receiver.url()).replace("'default'", "'shop'");
    let rhumb = Rhumb::watching(folder(), &rules);
    let now = Timestamp::now();
    look_and_deliver(&rhumb, now).await;
    assert_eq!(rhumb.get("/v1/sites/shop/alerts").await.status(), StatusCode::NOT_FOUND);

    rhumb.add_site("shop", &[]).await;
    for number in 0..20 {
        let mut beacon = beacon(number, 2000.0);
        beacon["site"] = "shop".into();
        rhumb.accepts(&beacon).await;
    }
    look(&rhumb.server.app(), now).await;
    let answer = rhumb.json("/v1/sites/shop/alerts").await;
    assert_eq!(answer["alerts"][0]["state"], "firing");

    let mut database = Database::open(&rhumb.database()).unwrap();
    assert!(database.remove_site(&"shop".parse().unwrap()).unwrap());
    deliver(&rhumb.server.app(), now).await;
    assert_eq!(receiver.received().len(), 0, "nothing is told of a site that was removed");
}
