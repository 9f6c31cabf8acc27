//! Cumulative Layout Shift: <https://web.dev/articles/cls>

use crate::entry::LayoutShift;

/// A shift belongs to the session window when it comes within this time after the one before it…
const GAP_MS: f64 = 1000.0;
/// …and within this time after the window's first.
const WINDOW_MS: f64 = 5000.0;

/// The largest session window of layout shifts so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cls {
    window: Option<Window>,
    largest: f64,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    first_ms: f64,
    last_ms: f64,
    score: f64,
}

impl Window {
    fn takes(&self, shift: &LayoutShift) -> bool {
        shift.start_ms - self.last_ms < GAP_MS && shift.start_ms - self.first_ms < WINDOW_MS
    }
}

/// What has become of a shift that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shifted {
    /// Whether it began a session window, or continued one.
    pub begins: bool,
    /// Whether its session window is now the largest.
    pub is_largest: bool,
}

impl Cls {
    /// Adds a shift, unless somebody asked for it.
    pub fn on_shift(&mut self, shift: &LayoutShift) -> Option<Shifted> {
        if shift.had_recent_input {
            return None;
        }
        let continued = self.window.filter(|window| window.takes(shift));
        let (first_ms, score) =
            continued.map_or((shift.start_ms, 0.0), |window| (window.first_ms, window.score));
        let score = score + shift.score;
        self.window = Some(Window { first_ms, last_ms: shift.start_ms, score });
        let is_largest = score > self.largest;
        self.largest = self.largest.max(score);
        Some(Shifted { begins: continued.is_none(), is_largest })
    }

    /// The score of the largest session window; 0 when nothing has shifted.
    pub fn value(&self) -> f64 {
        self.largest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shift(start_ms: f64, score: f64) -> LayoutShift {
        LayoutShift {
            start_ms,
            score,
            had_recent_input: false,
            has_sources: false,
            target: String::new(),
        }
    }

    fn after(shifts: &[LayoutShift]) -> f64 {
        let mut cls = Cls::default();
        for shift in shifts {
            cls.on_shift(shift);
        }
        cls.value()
    }

    #[test]
    fn a_page_that_never_shifts_scores_zero() {
        assert!(after(&[]).abs() < f64::EPSILON);
    }

    #[test]
    fn shifts_less_than_a_second_apart_add_up() {
        assert!((after(&[shift(0.0, 0.1), shift(999.9, 0.2)]) - 0.3).abs() < 1e-9);
    }

    #[test]
    fn a_second_of_rest_begins_a_new_window() {
        assert!((after(&[shift(0.0, 0.1), shift(1000.0, 0.2)]) - 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_window_ends_after_five_seconds() {
        let every_900_ms = (0..7).map(|n| shift(f64::from(n) * 900.0, 0.1)).collect::<Vec<_>>();
        assert!((after(&every_900_ms) - 0.6).abs() < 1e-9, "the seventh comes at 5400 ms");
    }

    #[test]
    fn shifts_that_were_asked_for_do_not_count() {
        let asked = LayoutShift { had_recent_input: true, ..shift(10.0, 0.5) };
        assert!((after(&[shift(0.0, 0.1), asked]) - 0.1).abs() < 1e-9);
    }

    /// The definition, naively: cut the shifts into windows, add each up, take the largest.
    fn naive(shifts: &[LayoutShift]) -> f64 {
        let mut windows: Vec<Vec<LayoutShift>> = Vec::new();
        for shift in shifts.iter().filter(|shift| !shift.had_recent_input) {
            match windows.last_mut() {
                Some(window)
                    if shift.start_ms - window[window.len() - 1].start_ms < 1000.0
                        && shift.start_ms - window[0].start_ms < 5000.0 =>
                {
                    window.push(shift.clone());
                }
                _ => windows.push(vec![shift.clone()]),
            }
        }
        let scores = windows.iter().map(|window| window.iter().map(|shift| shift.score).sum());
        scores.fold(0.0, f64::max)
    }

    proptest! {
        #[test]
        fn the_value_is_that_of_the_naive_definition(
            steps in proptest::collection::vec((0.0_f64..1500.0, 0.001_f64..0.5, any::<bool>()), 0..60)
        ) {
            let mut start_ms = 0.0;
            let shifts = steps.into_iter().map(|(gap_ms, score, had_recent_input)| {
                start_ms += gap_ms;
                LayoutShift { had_recent_input, ..shift(start_ms, score) }
            });
            let shifts = shifts.collect::<Vec<_>>();
            prop_assert!((after(&shifts) - naive(&shifts)).abs() < 1e-9);
        }
    }
}
