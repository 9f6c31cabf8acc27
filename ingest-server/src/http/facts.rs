//! A request's headers → the facts that page views are enriched with.

use crate::ingest::{AgentHeaders, ClientHints};
use axum::http::{HeaderMap, HeaderName, header};

/// The text of a header, if it is one.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What tells of the browser.
pub(super) fn agent(headers: &HeaderMap) -> AgentHeaders<'_> {
    let hint = |name| header(headers, &HeaderName::from_static(name));
    AgentHeaders {
        user_agent: header(headers, &header::USER_AGENT),
        client_hints: ClientHints {
            brands: hint("sec-ch-ua"),
            mobile: hint("sec-ch-ua-mobile"),
            platform: hint("sec-ch-ua-platform"),
        },
    }
}

/// The page that the request comes from. To other hosts browsers tell only its origin, unless the page's
/// `Referrer-Policy` says otherwise: that is no address of a page.
pub(super) fn page(headers: &HeaderMap) -> Option<&str> {
    let referer = header(headers, &header::REFERER)?;
    let is_same_origin = header(headers, &HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| site == "same-origin");
    let path = referer.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let is_more_than_an_origin = path.is_some_and(|(_, path)| !path.is_empty());
    (is_same_origin || is_more_than_an_origin).then_some(referer)
}

/// The lines of `X-Forwarded-For`, in order.
pub(super) fn forwarded_for(headers: &HeaderMap) -> Vec<&str> {
    let lines = headers.get_all("x-forwarded-for").iter();
    // A line that is no text was not written by a proxy alone: nobody's address is in it.
    lines.map(|line| line.to_str().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn lines_stay_in_order_and_one_that_is_no_text_stays_in_between() {
        let mut headers = HeaderMap::new();
        for line in [&b"198.51.100.1, 198.51.100.2"[..], b"\xff", b"198.51.100.3"] {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
        }
        assert_eq!(forwarded_for(&headers), ["198.51.100.1, 198.51.100.2", "", "198.51.100.3"]);
    }

    #[test]
    fn an_origin_is_the_address_of_a_page_only_where_browsers_would_tell_more() {
        let told = |referer, site| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            page(&headers).map(str::to_owned)
        };
        for (referer, site, is_told) in [
            ("https://shop.example/", "same-origin", true),
            ("https://shop.example/", "cross-site", false),
            ("https://shop.example", "same-site", false),
            ("https://shop.example/a?b", "cross-site", true),
            ("shop", "cross-site", false),
        ] {
            assert_eq!(told(referer, site).is_some(), is_told, "{referer} {site}");
        }
        assert_eq!(page(&HeaderMap::new()), None);
    }
}
