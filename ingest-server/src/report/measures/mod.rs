//! What pages timed themselves: `GET /v1/sites/{site}/measures`.

mod answer;
mod names;
mod table;

pub(super) use answer::measures;
pub use answer::{MeasureRow, MeasuresReport};
pub(super) use names::Names;
