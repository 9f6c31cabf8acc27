//! What kept pages from painting: `GET /v1/sites/{site}/long-frames`.

mod answer;
mod scripts;
mod table;

pub(super) use answer::long_frames;
pub use answer::{LongFramesReport, OriginRow, ScriptCost, ScriptRow};
pub(super) use scripts::Scripts;
