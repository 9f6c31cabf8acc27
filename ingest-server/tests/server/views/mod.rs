//! From a number to its cause: what the pages of the dashboard show of some page views, and where they
//! lead.

mod compare;
mod nothing;

use crate::support::{Rhumb, beacon, read};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// A visit to the slow search of a shop, or to its quick start, so many hours ago.
fn visit(number: u128, is_search: bool, hours_ago: u32) -> Value {
    let (route, inp) = if is_search { ("/search", 612) } else { ("/", 80) };
    let mut visit = beacon(number, if is_search { 4200.0 } else { 1200.0 });
    visit["url"] = json!(format!("https://shop.example{route}"));
    visit["route"] = json!(route);
    visit["form_factor"] = json!(if number.is_multiple_of(2) { "phone" } else { "desktop" });
    visit["release"] = json!(if hours_ago > 48 { "1.4.1" } else { "1.4.2" });
    visit["age_ms"] = json!(u64::from(hours_ago) * 3_600_000);
    visit["metrics"].as_array_mut().unwrap().push(json!({
        "name": "INP", "value": inp,
        "attribution": { "interactionTarget": "#filters>button.apply", "inputDelay": 10,
            "processingDuration": inp - 30, "presentationDelay": 20 },
    }));
    visit
}

async fn shop() -> Rhumb {
    let rhumb = Rhumb::start();
    for number in 1..=80_u32 {
        rhumb.accepts(&visit(number.into(), number % 4 == 0, number * 3)).await;
    }
    rhumb
}

async fn page(rhumb: &Rhumb, path: &str) -> String {
    let response = rhumb.get(path).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let text = String::from_utf8(read(response).await.to_vec()).unwrap();
    text.replace('\u{a0}', " ").replace("&#38;", "&")
}

/// Where the link with that text leads.
fn link(page: &str, text: &str) -> String {
    let (before, _) =
        page.split_once(&format!(">{text}")).unwrap_or_else(|| panic!("{text}: {page}"));
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    href.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn from_the_overview_it_is_three_clicks_to_the_page_view_that_was_slow() {
    let rhumb = shop().await;
    let overview = page(&rhumb, "/").await;
    assert!(overview.contains("aria-label=\"Page views by day."), "{overview}");
    assert!(overview.contains("rel=\"expect\" href=\"#scores\" blocking=\"render\""), "{overview}");
    assert!(overview.contains("<section id=\"scores\""), "{overview}");
    assert!(overview.contains("aria-label=\"p75 by day, from"), "{overview}");
    let vital = page(&rhumb, &link(&overview, "<abbr>INP</abbr></a>")).await;
    for text in [
        "Interaction to Next Paint</span>",
        "<code>#filters&#62;button.apply</code>",
        "Event handlers",
        "612 ms",
        ">1.4.2</text>",
    ] {
        assert!(vital.contains(text), "{text} is not in\n{vital}");
    }
    let search = page(&rhumb, &link(&vital, "/search</a>")).await;
    assert!(search.contains("Route <code>/search</code>"), "{search}");
    assert!(search.contains("20 page views"), "the others are left out:\n{search}");
    let (_, worst) = search.split_once("id=\"worst\"").unwrap();
    let page_view = page(&rhumb, &link(worst, "/search</a>")).await;
    assert!(page_view.contains("<abbr>INP</abbr></dt><dd>612 ms"), "{page_view}");
}

#[tokio::test]
async fn a_filter_stays_on_every_page_until_it_is_taken_away() {
    let rhumb = shop().await;
    let overview = page(&rhumb, "/?route=/search&form_factor=phone").await;
    assert!(overview.contains("20 page views"), "{overview}");
    assert!(overview.contains("Form factor <code>phone</code>"), "{overview}");
    for place in
        ["Vitals", "Routes", "Page views", "Opportunities", "Long frames", "Errors", "7 days"]
    {
        let href = link(&overview, &format!("{place}</a>"));
        assert!(href.contains("route=%2Fsearch&form_factor=phone"), "{place}: {href}");
        assert!(page(&rhumb, &href).await.contains("Route <code>/search</code>"), "{place}");
    }
    let (_, chip) = overview.split_once("Route <code>/search</code>").unwrap();
    let without = chip.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(without, "/?site=default&period=28d&form_factor=phone");
    for query in ["form_factor=watch", "route=", "country=Germany", "period=2d"] {
        let response = rhumb.get(&format!("/?{query}")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn what_a_page_does_not_know_is_passed_over_and_what_it_knows_is_checked() {
    let rhumb = shop().await;
    let shared = page(&rhumb, "/routes?utm_source=mail&utm_source=chat&fbclid=%ff&from=x").await;
    assert!(shared.contains("2 routes") && !shared.contains("utm_source"), "{shared}");
    let long = format!("/profiles?target={}", "a".repeat(2000));
    for (path, said) in [
        ("/routes?site=default&site=default", "site is there twice"),
        ("/opportunities?period=2d", "period is none of 24h, 7d, 28d"),
        ("/profiles?interactions=quick", "interactions is none of all, slow"),
        (&long, "target has 2000 bytes, 1 to"),
        ("/compare?baseline=1.4.1", "candidate is missing; write a release, or a period such as"),
        ("/page-views?cursor=1", "cursor is none that an answer gave as next"),
    ] {
        let response = rhumb.get_with(path, &[(header::ACCEPT, "text/html")]).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        let text = String::from_utf8(read(response).await.to_vec()).unwrap();
        assert!(text.contains(said) && text.contains("To the overview"), "{path}: {text}");
    }
}

/// The page, when what to fix first was counted.
async fn counted(rhumb: &Rhumb, path: &str) -> String {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let shown = page(rhumb, path).await;
        if !shown.contains("Still being counted") {
            return shown;
        }
        assert!(Instant::now() < end, "{shown}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn all_that_is_worth_fixing_has_a_page_which_the_overview_leads_to() {
    let rhumb = shop().await;
    let overview = counted(&rhumb, "/?form_factor=phone").await;
    let href = link(&overview, "1 opportunity in all</a>");
    assert_eq!(href, "/opportunities?site=default&period=28d&form_factor=phone");
    let all = counted(&rhumb, &href).await;
    for text in [
        "1 opportunity</span>",
        "Form factor <code>phone</code>",
        "<code>#filters&#62;button.apply</code> has event handlers that take long",
        "<abbr>INP</abbr> on <code>/search</code></p>",
        "Do less in the event handlers of #filters&#62;button.apply",
        "20 page views, 100 % of those measured; 20 would be rated better.",
        "<dt>p75 now</dt><dd>612 ms",
        "Counted, not estimated, on 40 page views.",
    ] {
        assert!(all.contains(text), "{text} is not in\n{all}");
    }
    // A percentile of 20 page views is not judged, here as little as elsewhere.
    for shown in [&overview, &all] {
        let (_, fixes) = shown.split_once("<ol class=\"fixes\">").unwrap();
        let (fixes, _) = fixes.split_once("</ol>").unwrap();
        assert_eq!(fixes.matches("Too few to judge").count(), 2, "{fixes}");
        assert!(!fixes.contains("rating poor") && !fixes.contains("rating good"), "{fixes}");
    }
    let page_view = page(&rhumb, &link(&all, "the worst page view</a>")).await;
    assert!(page_view.contains("<abbr>INP</abbr></dt><dd>612 ms"), "{page_view}");

    let tag = rhumb.tag(&href).await;
    assert_eq!(rhumb.get_again(&href, &tag).await.status(), StatusCode::NOT_MODIFIED);
    let quick = counted(&rhumb, "/opportunities?route=/").await;
    assert!(quick.contains("No opportunities</span>"), "{quick}");
    assert!(quick.contains("Nothing stands out on 60 page views"), "{quick}");
}

#[tokio::test]
async fn a_vital_is_told_apart_by_whatever_page_views_are_alike_in() {
    let rhumb = shop().await;
    let by_device = page(&rhumb, "/vitals/lcp?by=form_factor").await;
    let href = link(&by_device, "desktop</a>");
    assert_eq!(href, "/vitals/lcp?site=default&period=28d&form_factor=desktop");
    assert!(by_device.contains("<th scope=\"col\">Form factor</th>"), "{by_device}");
    let (_, table) = by_device.split_once("id=\"breakdown\"").unwrap();
    let by_count = page(&rhumb, link(table, "Page views</a>").trim_end_matches("#breakdown")).await;
    assert!(by_count.contains("Those with the most page views come first"), "{by_count}");
    for (path, status) in [
        ("/vitals/fid", StatusCode::NOT_FOUND),
        ("/vitals/speed", StatusCode::NOT_FOUND),
        ("/vitals/lcp?by=weather", StatusCode::BAD_REQUEST),
        ("/vitals/lcp?sort=name", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(rhumb.get(path).await.status(), status, "{path}");
    }
}

#[tokio::test]
async fn routes_are_listed_with_all_their_vitals_and_lead_to_their_own_overview() {
    let rhumb = shop().await;
    let routes = page(&rhumb, "/routes").await;
    assert!(routes.contains("2 routes"), "{routes}");
    let href = link(&routes, "/search</a>");
    assert_eq!(href, "/?site=default&period=28d&route=%2Fsearch");
    assert!(page(&rhumb, &href).await.contains("20 page views"));
    assert!(routes.contains("1.20 s") && routes.contains("4.20 s"), "{routes}");
}

#[tokio::test]
async fn moments_are_told_in_the_time_zone_that_is_asked_for() {
    let rhumb = shop().await;
    let tokyo = page(&rhumb, "/page-views?tz=Asia/Tokyo").await;
    assert!(tokyo.contains(" JST</time>") && tokyo.contains("Times are Asia/Tokyo."), "{tokyo}");
    assert!(link(&tokyo, "Overview</a>").ends_with("tz=Asia%2FTokyo"), "{tokyo}");
    let settings = page(&rhumb, &link(&tokyo, "Another time zone")).await;
    assert!(settings.contains("<option selected>Asia/Tokyo</option>"), "{settings}");
    assert!(page(&rhumb, "/page-views").await.contains(" UTC</time>"));
    assert_eq!(rhumb.get("/?tz=Mars/Olympus").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_said_of_few_page_views_is_judged_nowhere() {
    let rhumb = Rhumb::start();
    for number in 1..=74_u32 {
        rhumb.accepts(&visit(number.into(), true, 1)).await;
    }
    for path in ["/vitals/inp", "/routes"] {
        let page = page(&rhumb, path).await;
        assert!(page.contains("Too few to judge"), "{path}: {page}");
        // A page view by itself is what it is.
        let together = page.split("id=\"worst\"").next().unwrap();
        for word in ["aria-label=\"Poor\"", ", poor, 74"] {
            assert!(!together.contains(word), "{word} is in {path}: {page}");
        }
        let is_told = page.contains("aria-label=\"Poor\"");
        assert_eq!(is_told, path == "/vitals/inp", "by themselves only: {path}: {page}");
    }
}

#[tokio::test]
async fn what_is_at_no_address_is_a_page_for_people_and_a_problem_for_programs() {
    let rhumb = Rhumb::start();
    for (accept, kind) in [
        ("text/html,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/problem+json"),
    ] {
        let request = Request::get("/nope").header(header::ACCEPT, accept);
        let response = rhumb.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[header::CONTENT_TYPE], kind);
    }
}

#[tokio::test]
async fn the_settings_have_the_snippet_and_say_who_may_post_and_what_is_kept() {
    let settings = page(&Rhumb::start(), "/settings").await;
    for text in ["data-site=", "Pages of any origin.", "30 days", "397 days", "server’s machine"]
    {
        assert!(settings.contains(text), "{text} is not in\n{settings}");
    }
}

/// What a link to a file leads to.
async fn table(rhumb: &Rhumb, href: &str) -> String {
    let response = rhumb.get(href).await;
    assert_eq!(response.status(), StatusCode::OK, "{href}");
    assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment", "{href}");
    String::from_utf8(read(response).await.to_vec()).unwrap()
}

#[tokio::test]
async fn every_table_can_be_kept_as_a_file() {
    let rhumb = shop().await;
    let before = (Timestamp::now() - 100.hours()).strftime("%Y-%m-%dT%H:00:00Z");
    let middle = (Timestamp::now() - 50.hours()).strftime("%Y-%m-%dT%H:00:00Z");
    let periods = format!(
        "/compare?form_factor=phone&baseline=2026-01-01T00:00:00Z..{before}&candidate={before}..{middle}"
    );
    for (path, text, begins) in [
        ("/?form_factor=phone", "The five vitals as CSV</a>", "metric,unit,count,p50"),
        ("/vitals/inp?form_factor=phone", "As CSV</a>", "start,count,p75"),
        ("/vitals/inp?form_factor=phone", "All of them as CSV</a>", "value,count,p75"),
        ("/vitals/inp?form_factor=phone", "the table as CSV</a>", "by,value,source,count"),
        ("/page-views?form_factor=phone", "The first 100 as CSV</a>", "id,started_at,url,route"),
        ("/page-views?metric=inp", "The first 100 as CSV</a>", "id,started_at,url,route"),
        ("/opportunities?form_factor=phone", "the table as CSV</a>", "metric,route,kind,name"),
        ("/compare?form_factor=phone", "INP</a>", "metric,unit,baseline,"),
        (&periods, "CLS</a>", "metric,unit,baseline,"),
    ] {
        let shown = counted(&rhumb, path).await;
        let href = link(shown.split("id=\"main\"").nth(1).unwrap(), text);
        assert_eq!(href.contains("form_factor=phone"), path.contains("phone"), "{path}: {href}");
        let table = table(&rhumb, &href).await;
        assert!(table.starts_with(begins), "{text}: {table}");
        assert!(table.lines().count() > 1, "{text}: {table}");
    }
    let worst = page(&rhumb, "/page-views?metric=inp").await;
    let worst = table(&rhumb, &link(&worst, "The first 100 as CSV</a>")).await;
    assert_eq!(worst.lines().count(), 81, "{worst}");
    assert!(worst.lines().nth(1).unwrap().contains(",/search,"), "the worst come first: {worst}");
    let slow = page(&rhumb, "/page-views?metric=inp").await;
    let slow = page(&rhumb, &link(&slow, "/search</a>")).await;
    let waterfall = table(&rhumb, &link(&slow, "the waterfall as CSV</a>")).await;
    assert!(waterfall.starts_with("kind,name,start_ms,duration_ms,count\n"), "{waterfall}");
    assert!(waterfall.contains("\ninp,inputDelay,"), "{waterfall}");
    let server = page(&rhumb, "/server").await;
    let statements = table(&rhumb, &link(&server, "as CSV</a>").replace("&#38;", "&")).await;
    assert!(statements.starts_with("name,count,total_ms,mean_ms,p95_ms,max_ms,"), "{statements}");
    assert!(statements.contains("\npage_views.slowest_inp,"), "{statements}");
    for (path, status) in [
        ("/v1/sites/default/summary?format=json", StatusCode::OK),
        ("/v1/sites/default/summary?format=xml", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(rhumb.get(path).await.status(), status, "{path}");
    }
}
