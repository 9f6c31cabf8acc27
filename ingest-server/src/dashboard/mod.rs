//! Pages for people: a summary → what the templates print → HTML.
//!
//! Everything is formatted here, so that the templates in `dashboard/templates` only place it.

mod alerts;
mod bars;
mod blame;
mod breakdown;
mod broken_off;
mod chart;
mod compare;
mod docs;
mod error;
pub(crate) mod errors;
mod facet;
mod find;
mod first_fixes;
mod first_minute;
mod fix;
#[cfg(test)]
mod fixture;
mod flames;
mod frame;
mod histogram;
pub(crate) mod long_frames;
pub(crate) mod measures;
pub(crate) mod memory;
mod moment;
pub(crate) mod number;
mod opportunities;
mod overview;
mod page_view;
mod page_views;
mod part;
mod period;
pub(crate) mod profiles;
mod rated;
pub(crate) mod renders;
pub(crate) mod requests;
pub(crate) mod resources;
mod routes;
mod scope;
mod score_card;
mod script_map;
mod server;
mod settings;
mod spark;
mod told;
mod traffic;
mod treemap;
mod trend;
mod vital;
mod vitals;

pub use alerts::alerts_page;
pub(crate) use breakdown::ROWS as BREAKDOWN_ROWS;
pub(crate) use broken_off::broken_off;
pub use compare::{CompareParts, compare_page};
pub use docs::docs_page;
pub use error::error_page;
pub use errors::errors_page;
pub(crate) use find::FIND_BYTES_MAX;
pub use find::Find;
pub use first_fixes::FirstFixes;
pub use flames::FrameKey;
pub use long_frames::long_frames_page;
pub use measures::measures_page;
pub use memory::memory_page;
pub use opportunities::opportunities_page;
pub use overview::{Course, Overviewed, page, page_rest};
pub use page_view::page_view_page;
pub use page_views::page_views_page;
pub use period::ReportPeriod;
pub use profiles::{flame_graph, profiles_page};
pub use renders::renders_page;
pub use requests::requests_page;
pub use resources::resources_page;
pub use routes::{routes_page, routes_page_rest};
pub use scope::Scope;
pub(crate) use score_card::{Badge, PAGE_VIEWS_MIN};
pub(crate) use script_map::WITHIN_BYTES_MAX;
pub use server::server_page;
pub use settings::{Settings, settings_page};
pub use vitals::{VitalAsked, VitalCauses, VitalFigures, vitals_page, vitals_page_rest};

/// What a page shows besides the summary.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The names of all sites that the reader may read about.
    pub sites: Vec<String>,
    /// Whether the reader may also see how the server fares.
    pub is_operator: bool,
    /// What is shown.
    pub scope: Scope,
    /// The address of this server as its reader sees it, such as `http://127.0.0.1:8787`.
    pub origin: String,
}

/// Prints a template. It can only fail if memory cannot be written to.
fn print(template: &impl askama::Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "cannot print the page");
        String::new()
    })
}
