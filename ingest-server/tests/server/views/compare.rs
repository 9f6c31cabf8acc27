//! Two releases, or two periods, side by side.

use super::{link, page, visit};
use crate::support::{Rhumb, beacon};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn the_newest_release_is_compared_with_the_one_before() {
    let rhumb = Rhumb::start();
    for number in 1..=240_u32 {
        let is_new = number % 2 == 0;
        let mut visit = beacon(number.into(), f64::from(if is_new { 3000 } else { 2000 } + number));
        visit["release"] = json!(if is_new { "1.4.2" } else { "1.4.1" });
        visit["age_ms"] = json!(if is_new { 0 } else { 30 * 3_600_000 });
        rhumb.accepts(&visit).await;
    }
    let newest = page(&rhumb, "/compare").await;
    for text in
        ["Release 1.4.2", "against Release 1.4.1", "Worse: LCP", "+1.00 s (+4", "120 page views"]
    {
        assert!(newest.contains(text), "{text} is not in\n{newest}");
    }
    assert!(newest.contains("<option selected>1.4.1</option>"), "{newest}");
    let today = page(&rhumb, "/compare?period=24h&tz=Asia/Tokyo&release=1.4.2").await;
    assert!(!today.contains("<select"), "there is but one release:\n{today}");
    assert!(today.contains("The filter by release does not apply here."), "{today}");
    let form = page(&rhumb, "/compare?tz=Asia/Tokyo").await;
    assert!(form.contains("name=\"tz\" value=\"Asia/Tokyo\""), "{form}");
    let turned = page(&rhumb, "/compare?baseline=1.4.2&candidate=1.4.1").await;
    assert!(turned.contains("Better: LCP") && turned.contains("−1.00 s"), "{turned}");
    assert!(link(&turned, "7 days</a>").contains("baseline=1.4.2&candidate=1.4.1"), "{turned}");
    let day = page(&rhumb, "/?period=24h").await;
    assert!(day.contains("<title>Release 1.4.2</title>"), "{day}");
    assert!(!day.contains("<title>Release 1.4.1</title>"), "it was there the day before: {day}");
    assert!(day.contains("class=\"brand\" href=\"/?site=default&period=24h\""), "{day}");
    // Such a name would be read as a period.
    let mut visit = beacon(241, 3000.0);
    visit["release"] = json!("1..2");
    rhumb.accepts(&visit).await;
    assert!(page(&rhumb, "/compare").await.contains("against Release 1.4.1"));
    let periods =
        page(&rhumb, &link(&page(&rhumb, "/compare?period=24h").await, "The last 24 hours")).await;
    assert!(periods.contains("Worse: LCP"), "{periods}");
    let nothing = page(&Rhumb::start(), "/compare").await;
    assert!(nothing.contains("Neither ") && !nothing.contains("<table"), "{nothing}");
    let unknown = page(&rhumb, "/compare?baseline=1.4.1&candidate=9.9").await;
    let said = "Release 9.9 has no page views in the last 28 days, so there is nothing to compare.";
    assert!(unknown.contains(said) && unknown.contains("2.18 s"), "{unknown}");
    for query in ["baseline=1.4.1&candidate=1.4.1", "baseline=1.4.1", "candidate=1.4.2"] {
        let response = rhumb.get(&format!("/compare?{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn two_releases_of_few_page_views_are_compared_and_neither_is_judged() {
    let rhumb = Rhumb::start();
    for number in 1..=40_u32 {
        rhumb.accepts(&visit(number.into(), true, if number > 20 { 60 } else { 1 })).await;
    }
    let compared = page(&rhumb, "/compare").await;
    assert!(compared.contains("4.20 s") && compared.contains("Too few to judge"), "{compared}");
    assert!(!compared.contains("aria-label=\"Poor\""), "{compared}");
}
