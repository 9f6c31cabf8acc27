//! The query API: one route a file.

pub(super) mod alerts;
mod attribution;
mod breakdown;
mod compare;
pub(super) mod crux;
mod errors;
mod long_frames;
mod measures;
mod memory;
mod opportunities;
pub(super) mod page_view;
mod page_views;
mod profiles;
mod renders;
mod requests;
mod resources;
mod sites;
mod summary;
mod timeseries;

use super::app::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of it.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::default()
        .routes(routes!(sites::get))
        .routes(routes!(alerts::get))
        .routes(routes!(summary::get))
        .routes(routes!(breakdown::get))
        .routes(routes!(compare::get))
        .routes(routes!(timeseries::get))
        .routes(routes!(page_views::get))
        .routes(routes!(page_view::get))
        .routes(routes!(attribution::get))
        .routes(routes!(opportunities::get))
        .routes(routes!(renders::get))
        .routes(routes!(long_frames::get))
        .routes(routes!(measures::get))
        .routes(routes!(resources::get))
        .routes(routes!(errors::get))
        .routes(routes!(memory::get))
        .routes(routes!(requests::get))
        .routes(routes!(profiles::get))
}
