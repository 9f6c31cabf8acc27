//! What goes wrong on pages: `GET /v1/sites/{site}/errors`.

mod answer;
mod groups;
mod original;
mod table;

pub(super) use answer::errors;
pub use answer::{Call, ErrorRow, ErrorsReport};
pub(super) use groups::ErrorGroups;
pub use original::{NoSourceMap, Original, without_sources};
