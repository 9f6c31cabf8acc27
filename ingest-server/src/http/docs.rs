//! `/docs`: the description of the API as a page, shown by Swagger UI. It says nothing of anybody, so it
//! is for everybody; the token with which it asks is typed by the reader and kept in the page.

use super::{
    embedded::{self, Caching, DocsUi},
    extract::Path,
    problem::Problem,
};
use crate::dashboard;
use axum::{
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Response},
};

/// `GET /docs`
pub(super) async fn page() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-cache")], Html(dashboard::docs_page()))
}

/// `GET /docs/…`: the files of Swagger UI.
pub(super) async fn file(
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    embedded::serve::<DocsUi>(&path, Caching::Revalidate, &headers).await
}
