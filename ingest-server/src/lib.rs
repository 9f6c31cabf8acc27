//! The rhumb server: beacons in, answers out.
//!
//! `http` takes requests and hands them to `ingest` (which validates and writes them through
//! `store`) or to `report` (which reads them through `store` and answers). The binary's
//! subcommands are in `cli`.

pub mod alert;
pub mod cli;
pub mod dashboard;
pub mod distribution;
pub mod histogram;
pub mod http;
pub mod ingest;
pub mod load;
mod made_up;
mod new_file;
#[cfg(feature = "otlp")]
pub mod otlp;
pub mod redis;
pub mod report;
pub mod roll_up;
pub mod sample;
pub mod server;
pub mod store;
pub mod telemetry;
mod timed;
pub mod transfer;
mod trouble;
pub mod varint;
