//! The query API: one route a file.

pub(super) mod alerts;
mod attribution;
mod breakdown;
mod compare;
pub(super) mod crux;
mod opportunities;
mod page_view;
mod page_views;
mod sites;
pub(super) mod summary;
mod timeseries;

use super::app::App;
use axum::{Router, routing::get};

/// Every route of it.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/v1/sites", get(sites::get))
        .route("/v1/sites/{site}/alerts", get(alerts::get))
        .route("/v1/sites/{site}/summary", get(summary::get))
        .route("/v1/sites/{site}/breakdown", get(breakdown::get))
        .route("/v1/sites/{site}/compare", get(compare::get))
        .route("/v1/sites/{site}/timeseries", get(timeseries::get))
        .route("/v1/sites/{site}/page-views", get(page_views::get))
        .route("/v1/sites/{site}/page-views/{id}", get(page_view::get))
        .route("/v1/sites/{site}/attribution", get(attribution::get))
        .route("/v1/sites/{site}/opportunities", get(opportunities::get))
}
