//! The overview of a site, as people read it.

use crate::support::{Rhumb, beacon, read};
use axum::http::header;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::time::sleep;

#[tokio::test]
async fn the_overview_says_what_has_become_of_a_vital_since_the_period_before() {
    let rhumb = Rhumb::start();
    for number in 0..100_u32 {
        for (hours_ago, lcp) in [(0, 3000), (30, 2000)] {
            let mut visit =
                beacon(u128::from(hours_ago * 1000 + number + 1), f64::from(lcp + number));
            visit["age_ms"] = json!(hours_ago * 3_600_000);
            rhumb.accepts(&visit).await;
        }
    }
    let day = page(&rhumb, "24h").await;
    assert!(day.contains("48\u{a0}% slower than in the 24 hours before (2.07\u{a0}s)"), "{day}");
    // Two weeks ago there was nothing.
    let week = page(&rhumb, "7d").await;
    assert!(!week.contains("7 days before"), "{week}");
}

#[tokio::test]
async fn the_bars_of_seven_days_are_the_page_views_that_the_heading_counts() {
    let rhumb = Rhumb::start();
    // Two every hour for nine days.
    for half_hours in 0..9 * 48_u64 {
        let mut visit = beacon(u128::from(half_hours) + 1, 2000.0);
        visit["age_ms"] = json!(half_hours * 1_800_000 + 60_000);
        rhumb.accepts(&visit).await;
    }
    let week = page(&rhumb, "7d").await;
    let (_, heading) = week.split_once("<span id=\"count\">").unwrap();
    let counted = heading.split(' ').next().unwrap().parse::<u32>().unwrap();
    assert!((334..=336).contains(&counted), "{counted} in 168 hours");
    let (_, table) = week.split_once("id=\"traffic-table\"").unwrap();
    let (table, _) = table.split_once("</table>").unwrap();
    let cells = table.split("<td class=\"figure\">").skip(1);
    let bars = cells.map(|cell| cell.split('<').next().unwrap().parse::<u32>().unwrap());
    assert_eq!(bars.sum::<u32>(), counted, "{table}");
    // At midnight the first day is a whole one.
    let hour = (Timestamp::now() + 1.hour()).strftime("%H").to_string();
    let says_so = table.contains(&format!(" from {hour}:00 UTC</th>"));
    assert_eq!(says_so, hour != "00", "{table}");
    let vital = rhumb.get("/vitals/lcp?period=7d").await;
    let vital = String::from_utf8(read(vital).await.to_vec()).unwrap();
    assert_eq!(vital.contains("As CSV, with all of its first day"), says_so, "{vital}");
}

async fn page(rhumb: &Rhumb, period: &str) -> String {
    let response = rhumb.get(&format!("/?period={period}")).await;
    String::from_utf8(read(response).await.to_vec()).unwrap()
}

#[tokio::test]
async fn the_overview_names_what_to_fix_first_and_follows_what_arrives() {
    let rhumb = Rhumb::start();
    rhumb.accepts(&beacon(1, 9000.0)).await;
    let before = page(&rhumb, "28d").await;
    assert!(before.contains("Nothing stands out on 1 page view"), "{before}");

    let mut slow = beacon(2, 4500.0);
    slow["url"] = json!("https://shop.example/product/2");
    slow["route"] = json!("/product/:id");
    slow["metrics"][0]["attribution"] = json!({
        "target": "img.hero", "url": "https://shop.example/photos/2.jpg", "timeToFirstByte": 300,
        "resourceLoadDelay": 200, "resourceLoadDuration": 4000, "elementRenderDelay": 0,
    });
    rhumb.accepts(&slow).await;
    // What was counted is kept for a moment.
    let end = Instant::now() + Duration::from_secs(20);
    let found = loop {
        let found = page(&rhumb, "28d").await;
        if found.contains("<code>2.jpg</code> takes long to load") {
            break found;
        }
        assert!(Instant::now() < end, "{found}");
        sleep(Duration::from_millis(50)).await;
    };
    for text in ["<code>/product/:id</code>", "4.50\u{a0}s", "500\u{a0}ms", "Make 2.jpg smaller"] {
        assert!(found.contains(text), "{text} is not in\n{found}");
    }
    let link = found.split("href=\"").filter_map(|rest| rest.split('"').next());
    let link = link.into_iter().find(|it| it.contains("/page-views/")).unwrap();
    let page = read(rhumb.get(&link.replace("&#38;", "&")).await).await;
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("<abbr>LCP</abbr></dt><dd>4.50\u{a0}s"), "{page}");
}

#[tokio::test]
async fn a_page_that_is_not_of_this_moment_has_no_tag() {
    let rhumb = Rhumb::start();
    for (number, counted) in [(1, "1 page view"), (2, "2 page views"), (3, "3 page views")] {
        rhumb.accepts(&beacon(number, 1000.0)).await;
        let end = Instant::now() + Duration::from_secs(20);
        // As long as it has none, it is asked for again.
        loop {
            let page = rhumb.get("/").await;
            let is_tagged = page.headers().contains_key(header::ETAG);
            let text = String::from_utf8(read(page).await.to_vec()).unwrap();
            if is_tagged {
                assert!(text.contains(&format!("Nothing stands out on {counted}:")), "{text}");
                break;
            }
            assert!(Instant::now() < end, "{text}");
        }
    }
}
