//! Which components of a page render often, long, and for nothing: `GET /v1/sites/{site}/renders`.

mod answer;
mod components;
mod table;

pub(super) use answer::renders;
pub use answer::{PhaseRow, RenderRow, RendersReport, Updates};
pub(super) use components::Components;
