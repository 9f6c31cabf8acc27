//! How the server itself fares.

use crate::{dashboard, http::app::App, telemetry::ServerState};
use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse},
};

/// `GET /server`
pub(in crate::http) async fn server(State(app): State<App>) -> impl IntoResponse {
    let page = dashboard::server_page(&ServerState::of(&app));
    ([(header::CACHE_CONTROL, "private, no-store")], Html(page))
}
