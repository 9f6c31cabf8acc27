//! How an address finds its page views.

use super::{HISTORY, RECORD, answer, p75, page_view, refusal, visit};
use crate::support::Rhumb;
use ingest_server::store::sqlite::RollUpLimits;
use serde_json::json;

/// Small, so that most page views are in histograms.
const ROLL_UP: RollUpLimits = RollUpLimits { tail_min: 3, step_max: 4, corrections_max: 6 };

#[tokio::test]
async fn an_origin_is_told_apart_from_the_others_of_its_site() {
    let rhumb = Rhumb::start();
    let (shop, blog) = ("https://shop.example", "https://blog.example");
    rhumb.add_site("both", &[shop, blog]).await;
    for (number, origin, path, lcp_ms) in
        [(1, shop, "/", 1000), (2, shop, "/cart?b=2", 3000), (3, blog, "/", 5000)]
    {
        visit(&rhumb, origin, &page_view("both", number, &format!("{origin}{path}"), lcp_ms)).await;
    }
    let of_shop = answer(&rhumb, RECORD, json!({ "origin": shop })).await;
    assert_eq!(p75(&of_shop), 3000);
    assert_eq!(of_shop["record"]["key"], json!({ "origin": shop }));
    assert_eq!(p75(&answer(&rhumb, RECORD, json!({ "origin": blog })).await), 5000);
    let query = json!({ "url": "https://shop.example/cart#end" });
    assert_eq!(p75(&answer(&rhumb, RECORD, query).await), 3000);
    let cart = answer(&rhumb, RECORD, json!({ "origin": "https://shop.example/cart" })).await;
    assert_eq!(cart["record"]["key"]["origin"], shop);
    assert_eq!(cart["urlNormalizationDetails"]["normalizedUrl"], shop);
}

#[tokio::test]
async fn a_site_that_lists_the_origin_answers_before_those_that_take_any() {
    let rhumb = Rhumb::start();
    let origin = "https://shop.example";
    visit(&rhumb, origin, &page_view("default", 1, "https://shop.example/", 1000)).await;
    rhumb.add_site("shop", &[origin]).await;
    rhumb.add_site("twin", &[origin]).await;
    // As long as it has nothing to tell, the others are asked.
    assert_eq!(p75(&answer(&rhumb, RECORD, json!({ "origin": origin })).await), 1000);
    visit(&rhumb, origin, &page_view("twin", 2, "https://shop.example/", 3000)).await;
    assert_eq!(p75(&answer(&rhumb, RECORD, json!({ "origin": origin })).await), 3000);
    // All page views of a site of one origin are of it.
    let mut beacon = page_view("shop", 3, "", 2000);
    beacon.as_object_mut().unwrap().remove("url");
    visit(&rhumb, origin, &beacon).await;
    assert_eq!(p75(&answer(&rhumb, RECORD, json!({ "origin": origin })).await), 2000);
}

#[tokio::test]
async fn histograms_say_of_an_origin_what_page_views_say_of_its_only_url() {
    let rhumb = Rhumb::with_roll_up(ROLL_UP);
    let (origin, url) = ("https://shop.example", "https://shop.example/");
    rhumb.add_site("shop", &[origin]).await;
    for number in 0..60 {
        // Every third page view is told of again, when it is in histograms already.
        for (sequence, number) in [(0, number), (1, number / 3)] {
            let lcp_ms = 100 * u32::try_from(number + sequence).unwrap();
            let mut beacon = page_view("shop", number, url, lcp_ms);
            beacon["sequence"] = json!(sequence);
            beacon["form_factor"] = json!(["phone", "tablet", "desktop"][number % 3]);
            beacon["navigation_type"] = json!(["navigate", "reload"][(number + sequence) % 2]);
            visit(&rhumb, origin, &beacon).await;
        }
    }
    for form_factor in [json!(null), json!("PHONE"), json!("TABLET"), json!("DESKTOP")] {
        for path in [RECORD, HISTORY] {
            let query = |name: &str, value: &str| json!({ name: value, "formFactor": form_factor });
            let mut of_origin = answer(&rhumb, path, query("origin", origin)).await;
            let mut of_url = answer(&rhumb, path, query("url", url)).await;
            for record in [&mut of_origin, &mut of_url] {
                let record = record["record"].as_object_mut().unwrap();
                record.remove("key");
                // They are exact in the one and 0.55 % off in the other.
                let lcp = &mut record["metrics"]["largest_contentful_paint"];
                let lcp = lcp.as_object_mut().unwrap();
                lcp.retain(|name, _| !name.starts_with("percentiles"));
            }
            assert_eq!(of_origin, of_url, "{path} {form_factor}");
            let metrics = of_origin["record"]["metrics"].as_object().unwrap();
            assert!(metrics.contains_key("navigation_types"));
            assert_eq!(metrics.contains_key("form_factors"), form_factor.is_null());
        }
    }
}

#[tokio::test]
async fn what_was_never_visited_is_not_found() {
    let rhumb = Rhumb::start();
    let url = "https://shop.example/product/42";
    visit(&rhumb, "https://shop.example", &page_view("default", 1, url, 1000)).await;
    let mut today = page_view("default", 2, "https://shop.example/new", 1000);
    today["age_ms"] = json!(0);
    visit(&rhumb, "https://shop.example", &today).await;
    let expected = json!({
        "code": 404,
        "message": "chrome ux report data not found",
        "status": "NOT_FOUND",
    });
    for query in [
        json!({ "origin": "https://shop.example.org" }),
        json!({ "origin": "http://shop.example" }),
        json!({ "url": "https://shop.example/product/4" }),
        json!({ "url": "https://shop.example/product/" }),
        json!({ "url": url, "formFactor": "TABLET" }),
        // Days that are not over are in no period.
        json!({ "url": "https://shop.example/new" }),
    ] {
        for path in [RECORD, HISTORY] {
            assert_eq!(refusal(&rhumb, path, &query).await, expected, "{path} {query}");
        }
    }
}
