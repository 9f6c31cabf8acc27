//! What pages say where there are no page views.

use super::{link, page, shop};
use crate::support::Rhumb;

#[tokio::test]
async fn who_waits_for_the_first_page_view_is_shown_the_sample_if_there_is_one() {
    let rhumb = Rhumb::start();
    assert!(!page(&rhumb, "/").await.contains("sample"));
    rhumb.add_site("sample", &[]).await;
    let waiting = page(&rhumb, "/?site=default").await;
    assert!(!waiting.contains("rel=\"expect\""), "nothing would come that it waits for: {waiting}");
    let sample = link(&waiting, "the sample site");
    assert_eq!(sample, "/?site=sample&period=28d");
}

#[tokio::test]
async fn a_filter_that_leaves_nothing_leads_back_to_all_page_views() {
    let rhumb = shop().await;
    let nothing = page(&rhumb, "/?period=24h&route=/nope").await;
    let longer = link(&nothing, "Show the last 28 days</a>");
    assert_eq!(longer, "/?site=default&period=28d&route=%2Fnope");
    let nothing = page(&rhumb, &longer).await;
    assert_eq!(link(&nothing, "Show all page views</a>"), "/?site=default&period=28d");
}

#[tokio::test]
async fn a_page_without_page_views_says_where_there_may_be_some() {
    let rhumb = Rhumb::start();
    for (path, text) in [
        (
            "/routes?period=24h",
            "has arrived in this period. <a href=\"/routes?site=default&period=28d\">Show",
        ),
        ("/routes", "<a href=\"/settings?site=default&period=28d\">Put the collector into a page"),
        (
            "/page-views?route=/none",
            "matches these filters. <a href=\"/page-views?site=default&period=28d\">",
        ),
        (
            "/page-views?metric=cls",
            "No CLS was measured in this period. <a href=\"/page-views?site=default",
        ),
        (
            "/?route=/none",
            "matches these filters. <a href=\"/?site=default&period=28d\">Show all page views",
        ),
    ] {
        let page = page(&rhumb, path).await;
        assert!(page.contains(text), "{path}: {page}");
    }
}
