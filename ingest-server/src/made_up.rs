//! What page views have that nobody made.

use beacon::{Attribution, Metric, MetricName};
use fastrand::Rng;
use std::f64::consts::TAU;

/// The longest, in milliseconds.
const TIMING_MS_MAX: f64 = 60_000.0;

/// A timing as in the field, log-normal: half of all are below the median.
pub(crate) fn timing(random: &mut Rng, median: f64, sigma: f64) -> f64 {
    // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
    let (radius, angle) = (random.f64().max(f64::MIN_POSITIVE), random.f64());
    let normal = (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos();
    (median * (sigma * normal).exp()).min(TIMING_MS_MAX)
}

/// A metric, and why it is what it is.
pub(crate) fn explained(
    name: MetricName,
    value: f64,
    explain: impl FnOnce(&mut Attribution),
) -> Metric {
    let mut metric = Metric::new(name, value);
    explain(&mut metric.attribution);
    metric
}
