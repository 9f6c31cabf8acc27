//! What a bundler has made, beside what visitors load of it: `rhumb bundle`.

mod answer;
mod esbuild;
mod stats;
mod table;
mod visualizer;
mod vite;
mod webpack;

pub use answer::{BundleReport, BundleRow, bundle};
pub use stats::{Bundle, BundleFile, Module, STATS_BYTES_MAX, StatsError};
