//! `GET /v1/sites`

use crate::http::{openapi::Gate, readable::Readable};
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// By name.
#[derive(Serialize, ToSchema)]
#[schema(as = Sites)]
pub(super) struct Answer {
    sites: Vec<Site>,
}

/// A site.
#[derive(Serialize, ToSchema)]
struct Site {
    /// By which it is asked about.
    name: String,
    /// The origins that may post to it; all may, when there is none.
    origins: Vec<String>,
}

/// All sites that one may read about
///
/// `rhumb site add` creates one.
#[utoipa::path(
    get,
    path = "/v1/sites",
    operation_id = "sites",
    tag = "Questions",
    responses(
        (status = 200, description = "The sites.", body = Answer,
            example = json!({
                "sites": [{ "name": "default", "origins": ["https://shop.example"] }]
            })),
        Gate,
    )
)]
pub(super) async fn get(readable: Readable) -> Json<Answer> {
    let site = |(name, site): (&str, &crate::store::sqlite::Site)| Site {
        name: name.to_owned(),
        origins: site.origins.clone(),
    };
    Json(Answer { sites: readable.sites().iter().map(site).collect() })
}
