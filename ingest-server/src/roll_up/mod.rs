//! Page views → histograms: what is counted, by what, and how counts are put together. Pure; the
//! store reads and writes them.

mod cell;
mod dimension;
mod facet;
mod fold;
mod route_on_host;
mod tally;

pub use cell::Cell;
pub use dimension::Dimension;
pub use facet::Facet;
pub use fold::{Fact, Fold, Hours, MS_PER_HOUR, Place};
pub use route_on_host::RouteOnHost;
pub use tally::{Observed, STEPS_PER_BIN_UNIT, Tally};
