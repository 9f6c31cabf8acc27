//! `GET /v1/sites`

use crate::http::app::App;
use axum::{Json, extract::State};
use serde_json::{Value, json};

pub(super) async fn get(State(app): State<App>) -> Json<Value> {
    let sites = app.sites();
    let sites = sites.iter().map(|(name, site)| json!({ "name": name, "origins": site.origins }));
    Json(json!({ "sites": sites.collect::<Vec<_>>() }))
}
