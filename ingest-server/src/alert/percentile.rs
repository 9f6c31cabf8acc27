//! Percentiles that a rule may be about.

use crate::report::Percentiles;

/// One of those that a summary has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentile {
    /// The median.
    P50,
    /// The one that is rated.
    P75,
    /// One visitor in ten waits longer.
    P90,
    /// One in twenty.
    P95,
    /// One in a hundred.
    P99,
}

impl Percentile {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::P50, Self::P75, Self::P90, Self::P95, Self::P99];

    /// As in `p75`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P50 => "p50",
            Self::P75 => "p75",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
        }
    }

    pub(super) const fn of(self, percentiles: &Percentiles) -> f64 {
        match self {
            Self::P50 => percentiles.p50,
            Self::P75 => percentiles.p75,
            Self::P90 => percentiles.p90,
            Self::P95 => percentiles.p95,
            Self::P99 => percentiles.p99,
        }
    }
}
