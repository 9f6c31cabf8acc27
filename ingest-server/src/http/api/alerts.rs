//! `GET /v1/sites/{site}/alerts`

use crate::{
    alert::{self, AlertsAnswer},
    http::{
        app::App,
        etag,
        extract::Path,
        media::{Media, Named},
        openapi::{AsTable, OfQuestion, OfSite},
        problem::Problem,
        readable::Readable,
    },
    ingest::SiteId,
    report::Parameters,
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

/// What is watched, how it is, and what became of it
///
/// The rules of `rhumb.toml` for the site. As CSV with `Accept: text/csv`: a row for how each is, and one for
/// each thing that happened.
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/alerts",
    operation_id = "alerts",
    tag = "Questions",
    params(OfSite, AsTable),
    responses(
        (
            status = 200,
            description = "The alerts.",
            headers(("ETag" = String, description = "For `If-None-Match`.")),
            content(
                (AlertsAnswer = "application/json", example = json!({
                    "site": "default",
                    "alerts": [{
                        "name": "slow phones", "metric": "lcp", "filters": { "form_factor": "phone" },
                        "period": "24h", "condition": { "p75_above": 2500.0 },
                        "page_views_min": 100, "cool_down": "6h", "state": "quiet", "events": [],
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        OfQuestion,
    )
)]
pub(super) async fn get(
    State(app): State<App>,
    readable: Readable,
    Path(site): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let named = Named::of(&query.unwrap_or_default())?;
    Parameters::parse(&named.query)?.finish_none()?;
    let answer = ask(&app, (readable.site_id(&site)?, &site)).await?;
    let media = named.media(&headers);
    let tag = etag::of(&(tag(&answer), media));
    if etag::matches(&headers, &tag) {
        return Ok(Media::unchanged(tag));
    }
    let rendered = media.render(&named, &answer)?;
    Ok(named.answered(tag, rendered))
}

/// What it answers with, and the dashboard shows.
pub(in crate::http) async fn ask(
    app: &App,
    (id, site): (SiteId, &str),
) -> Result<AlertsAnswer, Problem> {
    let states = app.reader().alert_states().await?;
    let notices = app.reader().alert_notices(id).await?;
    Ok(alert::answer(site, id, app.alerts().iter(), &states, &notices))
}

/// Of what it says: alerts are looked at whether or not anything is written.
pub(in crate::http) fn tag(answer: &AlertsAnswer) -> String {
    etag::of(&serde_json::to_string(answer).unwrap_or_default())
}
