//! The middle of many values.

use serde_json::{Value, json};

/// Half of the values lie between `p25` and `p75`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) p25: f64,
    pub(super) median: f64,
    pub(super) p75: f64,
}

impl Spread {
    /// Zero of none.
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.collect();
        values.sort_by(f64::total_cmp);
        let [p25, median, p75] = [1, 2, 3].map(|quarter| quantile(&values, quarter));
        Self { p25, median, p75 }
    }

    pub(super) fn as_json(&self) -> Value {
        let [p25, median, p75] = [self.p25, self.median, self.p75].map(rounded);
        json!({ "p25": p25, "median": median, "p75": p75 })
    }
}

/// Between the two values that it lies between, as spreadsheets do.
fn quantile(sorted: &[f64], quarters: usize) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let (index, rest) = (last * quarters / 4, [0.0, 0.25, 0.5, 0.75][last * quarters % 4]);
    let (low, high) = (sorted[index], sorted[last.min(index + 1)]);
    low + (high - low) * rest
}

/// To thousandths: a trace is not more exact.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_lie_between_values() {
        let spread = Spread::of([4.0, 1.0, 3.0, 2.0].into_iter());
        assert_eq!(spread, Spread { p25: 1.75, median: 2.5, p75: 3.25 });
    }

    #[test]
    fn one_value_is_all_quarters_and_none_is_zero() {
        let of = |values: &[f64]| Spread::of(values.iter().copied());
        assert_eq!(of(&[7.0]), Spread { p25: 7.0, median: 7.0, p75: 7.0 });
        assert_eq!(of(&[]), Spread { p25: 0.0, median: 0.0, p75: 0.0 });
    }
}
