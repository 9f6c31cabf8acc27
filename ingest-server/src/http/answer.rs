//! What the answers to questions have in common: a tag.

use super::{app::App, etag};
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{hash::Hash, time::Instant};

/// The entity tag of the answer to a question, as long as nothing new is known.
pub(super) fn tag(app: &App, question: &impl Hash) -> String {
    etag::of(&(app.data_version(), question))
}

/// Whether whoever asks has the answer with that tag already.
pub(super) fn is_known(app: &App, headers: &HeaderMap, tag: &str) -> bool {
    let since = Instant::now();
    let is_known = etag::matches(headers, tag);
    if headers.contains_key(header::IF_NONE_MATCH) {
        app.kept_answers().compared(is_known, since);
    }
    is_known
}

/// The headers of an answer.
pub(super) fn fresh(tag: String) -> [(header::HeaderName, String); 2] {
    [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())]
}

/// The header of an answer that is not of this moment, or not known to be: it is asked for again.
pub(super) fn untagged() -> [(header::HeaderName, &'static str); 1] {
    [(header::CACHE_CONTROL, "private, no-cache")]
}

/// For whoever has the answer already.
pub(super) fn unchanged(tag: String) -> Response {
    (StatusCode::NOT_MODIFIED, fresh(tag)).into_response()
}
