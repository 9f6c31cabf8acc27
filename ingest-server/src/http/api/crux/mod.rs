//! The methods of the public CrUX API, about one's own visitors. Here alone the token may also be the
//! parameter `key`, and errors are those of Google's APIs, since this is what CrUX clients know.

mod access;
mod query_history_record;
mod query_record;
mod refused;

use crate::{
    http::{
        app::App,
        problem::{Problem, RETRY_AFTER},
        readable::Readable,
    },
    report::{
        Period,
        crux::{Api, Query, Refusal, candidates},
    },
    store::sqlite::{Filters, Loads, LoadsQuestion, ReadError, Selection},
};
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, rejection::BytesRejection},
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// A url of 2 KiB, every metric, and room to spare.
const BODY_BYTES_MAX: usize = 16 * 1024;

/// Every route of it.
pub(in crate::http) fn router(app: &App) -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(query_record::post))
        .routes(routes!(query_history_record::post))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(app.clone(), access::require))
}

/// Clients name any type of content, or none.
fn parse(body: Result<Bytes, BytesRejection>, api: Api) -> Result<Query, Refusal> {
    let body = body.map_err(|rejection| {
        let limit = format!("{}; at most {BODY_BYTES_MAX} bytes are taken.", rejection.body_text());
        Refusal::of_body(limit)
    })?;
    Query::parse(&body, api)
}

/// The answer of the first site that has one. `shape` makes it of the page views of the period, parted
/// into so many days each.
async fn answer<A>(
    (app, readable): (&App, &Readable),
    query: &Query,
    period: Period,
    days: u16,
    shape: impl Fn(&[Loads]) -> Option<A>,
) -> Result<Json<A>, Refusal> {
    let Period { from, to } = period;
    for (site, address) in candidates(readable.sites(), &query.address) {
        let filters = Filters { form_factor: query.form_factor, address, ..Filters::default() };
        let selection = Selection { site, from, to, filters };
        let navigation_types = query.wants_navigation_types();
        let question = LoadsQuestion { selection, days, navigation_types };
        let loads = app.reader().loads(question).await.map_err(unavailable)?;
        if let Some(answer) = shape(&loads) {
            return Ok(Json(answer));
        }
    }
    Err(Refusal::not_found())
}

fn unavailable(cause: ReadError) -> Refusal {
    let problem = Problem::from(cause);
    Refusal::unavailable(problem.detail)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        // Every code is one of HTTP.
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body())).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}
