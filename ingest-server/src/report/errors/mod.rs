//! What goes wrong on pages: `GET /v1/sites/{site}/errors`.

mod answer;
mod groups;
mod table;

pub(super) use answer::errors;
pub use answer::{Call, ErrorRow, ErrorsReport};
pub(super) use groups::ErrorGroups;
