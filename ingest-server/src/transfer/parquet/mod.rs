//! Parquet, without arrow.

mod read;
mod write;

pub(super) use read::rows;
pub(super) use write::Writer;
