//! How the server itself fares.

use super::Viewed;
use crate::{
    dashboard,
    http::{app::App, problem::Problem},
    telemetry::ServerState,
};
use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse},
};

/// `GET /server`; the site, from which the reader came, may be any or none.
pub(in crate::http) async fn server(
    State(app): State<App>,
    viewed: Result<Viewed, Problem>,
) -> impl IntoResponse {
    let context = viewed.ok().map(|viewed| viewed.context);
    let page = dashboard::server_page(&ServerState::of(&app), context.as_ref());
    ([(header::CACHE_CONTROL, "private, no-store")], Html(page))
}
