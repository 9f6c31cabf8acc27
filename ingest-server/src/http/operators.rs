//! For whatever keeps the server running.

use super::{
    app::App,
    media::{quality, varied},
    openapi::Gate,
    problem::{self, Problem},
};
use crate::telemetry;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `live` or `ready`.
    status: &'static str,
}

/// Whether the process answers
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "live",
    tag = "Operators",
    security(()),
    responses((status = 200, description = "It does.", body = Health))
)]
pub(super) async fn live() -> Json<Health> {
    Json(Health { status: "live" })
}

/// Whether beacons can be written and questions answered
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "ready",
    tag = "Operators",
    security(()),
    responses(
        (status = 200, description = "They can.", body = Health),
        (status = 503, description = "`not_ready` or `unavailable`: `detail` says what is wrong.",
            body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Health>, Problem> {
    let not_ready = |detail| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail);
    if app.is_draining() {
        return Err(not_ready("the server is stopping"));
    }
    if !app.writer().is_alive() {
        return Err(not_ready("the writer has ended; restart the server"));
    }
    if app.writer().is_stuck() {
        return Err(not_ready("beacons wait, and the writer has committed none for 10 seconds"));
    }
    app.reader().sites().await?;
    Ok(Json(Health { status: "ready" }))
}

/// What the server knows of itself, and counts of what was measured
///
/// For Prometheus.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "Operators",
    responses(
        (status = 200, description = "The metrics, in one of the text formats of Prometheus.",
            content((String = "text/plain"), (String = "application/openmetrics-text"))),
        (status = 500, description = "`internal`: they cannot be written.",
            body = problem::Body, content_type = "application/problem+json"),
        Gate,
    )
)]
pub(super) async fn metrics(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let text = telemetry::exposition(&app).map_err(|_| {
        let detail = "the metrics cannot be written";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    })?;
    let quality = |media| quality(&headers, &header::ACCEPT, media);
    // Who takes either as gladly, as curl does, is a person.
    let is_open = quality("application/openmetrics-text") > quality("text/plain");
    let (content_type, text) = if is_open {
        (telemetry::CONTENT_TYPE, text)
    } else {
        (telemetry::PLAIN_CONTENT_TYPE, telemetry::plain(&text))
    };
    Ok(varied(([(header::CONTENT_TYPE, content_type)], text).into_response()))
}
