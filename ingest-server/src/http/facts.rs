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
}
