//! Page views that nobody made: for load tests and benchmarks.

mod connection;
mod plan;
mod questions;
mod run;
mod speed_up;
mod tally;
mod visitors;

pub use plan::{Plan, Target};
pub use run::run;
pub use speed_up::{SpeedUp, speed_up};
pub use tally::{Counts, Tally};
pub use visitors::Visitors;
