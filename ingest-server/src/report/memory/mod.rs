//! How much memory pages take, and which take more and more: `GET /v1/sites/{site}/memory`.

mod answer;
mod routes;
mod table;

pub(super) use answer::memory;
pub use answer::{Leak, MemoryReport, MemoryRow};
pub(super) use routes::Routes;
