//! Entity tags: <https://www.rfc-editor.org/rfc/rfc9110#name-etag>

use axum::http::{HeaderMap, header};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A tag that is the same for the same content.
pub(super) fn of(content: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

/// Whether the browser has what the tag stands for. A proxy that compresses makes a tag weak.
pub(super) fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).into_iter();
    known.filter_map(|known| known.to_str().ok()).flat_map(|known| known.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_browser_may_know_several_tags() {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"a\", W/\"b\""));
        assert!(matches(&headers, "\"a\"") && matches(&headers, "\"b\""));
        assert!(!matches(&headers, "\"c\""));
    }
}
