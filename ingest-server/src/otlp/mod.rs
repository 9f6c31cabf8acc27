//! Web vitals are pushed to an OpenTelemetry collector, as events over OTLP/HTTP; and the server's own spans, as
//! traces.
//!
//! The standard environment variables say where to; all that touches the crates of OpenTelemetry is here,
//! for they change with every release.

mod event;
mod pusher;
mod traces;
mod variables;
mod vitals;

pub use pusher::Pusher;
pub use traces::{SpanCounts, TraceLayer, Traces};
pub use vitals::{Pushed, push_vitals};
