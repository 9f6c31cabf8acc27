//! How far off a percentile may be.

/// `± 0.55 %`; nothing, where it is exact.
pub(super) fn of(error: Option<f64>) -> Option<String> {
    let error = error.filter(|error| *error > 0.0)?;
    Some(format!("± {:.2} %", error * 100.0))
}
