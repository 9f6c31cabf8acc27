//! The server from outside: its router in this process, or the program itself, on real files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod alerts;
mod attribution;
mod bare_metrics;
mod bundle;
mod cache;
mod check;
mod crash;
mod crux;
mod disk;
mod failing_disk;
mod former_databases;
mod health;
mod hostile_bodies;
mod ingest;
mod lifecycle;
mod load;
mod measured;
mod model;
mod openapi;
mod operations;
mod opportunities;
#[cfg(feature = "otlp")]
mod otlp;
mod overview;
mod page_views;
mod pages;
#[cfg(feature = "profiling")]
mod profiling;
mod prometheus;
mod queries;
mod query;
mod rates;
mod readiness;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "redis")]
mod redis_answers;
mod report;
mod retention;
mod routes;
mod runtime;
mod sampling;
mod scraped;
mod secrets;
mod sourcemap;
mod spans;
mod superseding;
mod support;
mod tokens;
#[cfg(feature = "otlp")]
mod traces;
mod transfer;
mod views;
