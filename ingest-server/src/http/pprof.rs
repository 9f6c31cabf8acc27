//! `GET /debug/pprof/…`: where the server's own time and memory go.

use super::{
    app::App,
    openapi::Gate,
    problem::{self, Problem},
};
use crate::{
    report::{Parameters, QuestionError, number},
    telemetry::profile::{
        CpuTop, HeapTop, Profile, ProfileError, SECONDS_DEFAULT, SECONDS_MAX, Since,
    },
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::time::Duration;
use tracing::error;

/// How a profile is written.
#[derive(Clone, Copy, Debug)]
enum Format {
    Pprof,
    FlameGraph,
    Top,
}

impl Format {
    const ALL: [Self; 3] = [Self::Pprof, Self::FlameGraph, Self::Top];

    fn as_str(self) -> &'static str {
        match self {
            Self::Pprof => "pprof",
            Self::FlameGraph => "flamegraph",
            Self::Top => "top",
        }
    }
}

/// Where time goes: the processors are looked at for the next seconds
///
/// Only one profile is taken at a time. What runs is counted for the function that has called it last; time
/// in which nothing runs is not there.
#[utoipa::path(
    get,
    path = "/debug/pprof/profile",
    operation_id = "cpu_profile",
    tag = "Operators",
    params(
        ("seconds" = Option<u64>, Query, minimum = 1, maximum = 60, description = "For how long; 10, unless it is said."),
        ("format" = Option<&str>, Query, description = "`pprof`, unless it is said: gzip'd protobuf, for `go tool pprof` and others; `flamegraph`: SVG; `top`: JSON."),
    ),
    responses(
        (status = 200, description = "The profile.",
            content(("application/octet-stream"), (String = "image/svg+xml"), (CpuTop = "application/json"))),
        (status = 400, description = "`invalid_parameter`: `field` names it.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "`nothing_sampled`: nothing ran.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 409, description = "`busy`: another profile is being taken.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 500, description = "`internal`: the system does not let it.",
            body = problem::Body, content_type = "application/problem+json"),
        Gate,
    )
)]
pub(super) async fn profile(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::parse(&query.unwrap_or_default())?;
    let seconds = parameters.take_as("seconds", number(1..=SECONDS_MAX))?;
    let format = format(&mut parameters)?;
    parameters.finish_known(&["seconds", "format"])?;
    let duration = Duration::from_secs(seconds.unwrap_or(SECONDS_DEFAULT));
    let profile = app.profiler().cpu(duration).await?;
    match format {
        Format::Top => Ok(json(&profile.cpu_top(duration).await?)),
        format => written(profile, format, "cpu").await,
    }
}

/// Where memory is, or what has grown: sampled from the first time on that this is asked
///
/// Of every 512 KiB that the program asks for, one stack is noted. What SQLite asks for is not among it.
#[utoipa::path(
    get,
    path = "/debug/pprof/heap",
    operation_id = "heap_profile",
    tag = "Operators",
    params(
        ("since" = Option<&str>, Query, description = "`previous`: by how much each stack has grown since this was asked before."),
        ("format" = Option<&str>, Query, description = "`pprof`, unless it is said: gzip'd protobuf, for `go tool pprof` and others; `flamegraph`: SVG; `top`: JSON."),
    ),
    responses(
        (status = 200, description = "The profile.",
            content(("application/octet-stream"), (String = "image/svg+xml"), (HeapTop = "application/json"))),
        (status = 400, description = "`invalid_parameter`: `field` names it.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "`nothing_sampled`: nothing has come into memory since.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 409, description = "`busy`: another profile is being taken; `no_previous`: there is nothing to compare with.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 500, description = "`internal`: the system does not let it.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 501, description = "`no_sampling`: the allocator of this program cannot tell.",
            body = problem::Body, content_type = "application/problem+json"),
        Gate,
    )
)]
pub(super) async fn heap(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::parse(&query.unwrap_or_default())?;
    let since = parameters.one_of("since", &[Since::Previous], |_| "previous")?;
    let format = format(&mut parameters)?;
    parameters.finish_known(&["since", "format"])?;
    let (profile, growth) = app.profiler().heap(since.unwrap_or(Since::Sampling)).await?;
    match format {
        Format::Top => Ok(json(&profile.heap_top(growth).await?)),
        format => written(profile, format, "heap").await,
    }
}

fn format(parameters: &mut Parameters) -> Result<Format, QuestionError> {
    let format = parameters.one_of("format", &Format::ALL, Format::as_str)?;
    Ok(format.unwrap_or(Format::Pprof))
}

/// Of a moment that does not come again.
const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");
/// A flame graph is searched and enlarged by its own script, and loads nothing.
const PICTURE_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

fn json(top: &impl serde::Serialize) -> Response {
    ([NO_STORE], Json(top)).into_response()
}

async fn written(profile: Profile, format: Format, name: &str) -> Result<Response, Problem> {
    if matches!(format, Format::FlameGraph) {
        let picture = profile.flame_graph().await?.ok_or_else(nothing_sampled)?;
        let about = [
            (header::CONTENT_TYPE, "image/svg+xml"),
            (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY),
            NO_STORE,
        ];
        return Ok((about, picture).into_response());
    }
    let file = format!("attachment; filename=\"rhumb-{name}.pb.gz\"");
    let about = [(header::CONTENT_TYPE, "application/octet-stream"), NO_STORE];
    let named = [(header::CONTENT_DISPOSITION, file)];
    Ok((about, named, profile.pprof().await?).into_response())
}

fn nothing_sampled() -> Problem {
    let detail = "nothing was sampled, for the server had nothing to do; ask while it works, of the processors \
                  for more seconds, of memory again later";
    Problem::new(StatusCode::NOT_FOUND, "nothing_sampled", detail)
}

impl From<ProfileError> for Problem {
    fn from(cause: ProfileError) -> Self {
        let (status, reason, what_to_do) = match &cause {
            ProfileError::Busy => {
                let detail =
                    format!("; ask again when it has ended, in {SECONDS_MAX} seconds at most");
                (StatusCode::CONFLICT, "busy", detail)
            }
            ProfileError::NoPrevious => {
                let detail = "; ask without since=previous first, and once more with it later";
                let (status, reason) = (StatusCode::CONFLICT, "no_previous");
                return Self::new(status, reason, format!("{cause}{detail}")).about("since");
            }
            ProfileError::NoSampling => {
                let detail = "; start it with _RJEM_MALLOC_CONF=prof:true,prof_active:false";
                (StatusCode::NOT_IMPLEMENTED, "no_sampling", detail.to_owned())
            }
            ProfileError::Failed(error) => {
                error!(error = format!("{error:#}"), "cannot take a profile");
                let detail = "the profile cannot be taken; the log of the server says why";
                return Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail);
            }
        };
        Self::new(status, reason, format!("{cause}{what_to_do}"))
    }
}
