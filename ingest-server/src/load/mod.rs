//! Page views that nobody made: for load tests and benchmarks.

mod run;
mod visitors;

pub use run::{Plan, Tally, run};
pub use visitors::Visitors;
