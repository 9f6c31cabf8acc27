//! For whatever keeps the server running.

use super::{app::App, facts, problem::Problem};
use crate::telemetry;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

/// `GET /health/live`: the process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: beacons can be written and questions answered.
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Value>, Problem> {
    let not_ready = |detail| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail);
    if app.is_draining() {
        return Err(not_ready("the server is stopping"));
    }
    if !app.writer().is_alive() {
        return Err(not_ready("the writer has ended; restart the server"));
    }
    app.reader().sites().await?;
    Ok(Json(json!({ "status": "ready" })))
}

/// `GET /metrics`: what the server knows of itself, and counts of what was measured.
pub(super) async fn metrics(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let text = telemetry::exposition(&app).map_err(|_| {
        let detail = "the metrics cannot be written";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    })?;
    let accept = facts::header(&headers, &header::ACCEPT).unwrap_or_default();
    let (content_type, text) = if accept.contains("application/openmetrics-text") {
        (telemetry::CONTENT_TYPE, text)
    } else {
        (telemetry::PLAIN_CONTENT_TYPE, telemetry::plain(&text))
    };
    Ok(([(header::CONTENT_TYPE, content_type)], text))
}
