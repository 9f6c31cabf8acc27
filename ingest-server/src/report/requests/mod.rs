//! What scripts of pages ask servers for: `GET /v1/sites/{site}/requests`.

mod answer;
mod table;
mod urls;

pub(super) use answer::requests;
pub use answer::{ChainRow, ConcurrencyRow, RequestRow, RequestsReport, ServerTimingRow};
pub(super) use urls::Urls;
