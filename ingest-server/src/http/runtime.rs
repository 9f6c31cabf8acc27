//! `GET /debug/runtime`: how busy the worker threads are.

use super::{app::App, openapi::Gate, problem::Problem};
use crate::{
    report::{Parameters, number},
    telemetry::RuntimeState,
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use std::time::Duration;

/// For how many seconds is looked at most.
const SECONDS_MAX: u64 = 60;

/// How busy the threads are that requests run on, and what waits for them, over the next seconds
///
/// `long_polls` are stretches of a millisecond or more in which a request kept a thread to itself.
#[utoipa::path(
    get,
    path = "/debug/runtime",
    operation_id = "runtime",
    tag = "Operators",
    params(
        ("seconds" = Option<u64>, Query, minimum = 1, maximum = 60, description = "For how long; 1, unless it is said."),
    ),
    responses(
        (status = 200, description = "The runtime over that time.", body = RuntimeState),
        (status = 400, description = "`invalid_parameter`: `field` names it.",
            body = super::problem::Body, content_type = "application/problem+json"),
        Gate,
    )
)]
pub(super) async fn get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::parse(&query.unwrap_or_default())?;
    let seconds = parameters.take_as("seconds", number(1..=SECONDS_MAX))?;
    parameters.finish_known(&["seconds"])?;
    let duration = Duration::from_secs(seconds.unwrap_or(1));
    let state = RuntimeState::over(duration, app.polls()).await;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(state)).into_response())
}
