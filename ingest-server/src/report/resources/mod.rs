//! What pages load: `GET /v1/sites/{site}/resources`.

mod answer;
mod files;
mod question;
mod table;

pub(super) use answer::resources;
pub use answer::{FileRow, KindRow, ResourcesReport, WeightOf};
pub(super) use files::Files;
pub use question::ResourcesQuestion;
