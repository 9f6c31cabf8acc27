//! The largest shift of the session window that is the CLS.

use super::LoadTimes;
use crate::{entry::LayoutShift, vitals::Shifted};
use beacon::{Attribution, NumberField, TextField};

/// Follows the session windows.
#[derive(Clone, Debug, Default)]
pub struct Shifts {
    largest_of_window: Option<LayoutShift>,
    largest: Option<LayoutShift>,
}

impl Shifts {
    /// Takes a shift and what has become of it. Of two that are equal the later counts, as in
    /// web-vitals.
    pub fn on_shift(&mut self, shift: LayoutShift, shifted: Shifted) {
        let known = self.largest_of_window.as_ref().filter(|_| !shifted.begins);
        if known.is_none_or(|known| shift.score >= known.score) {
            self.largest_of_window = Some(shift);
        }
        if shifted.is_largest {
            self.largest.clone_from(&self.largest_of_window);
        }
    }

    /// Adds what there is to say; nothing if the browser does not say what has moved.
    pub fn explain(&self, load_times: &LoadTimes, attribution: &mut Attribution) {
        if let Some(shift) = &self.largest
            && shift.has_sources
        {
            attribution.number(NumberField::LargestShiftTime, shift.start_ms);
            attribution.number(NumberField::LargestShiftValue, shift.score);
            attribution.text(TextField::LargestShiftTarget, &shift.target);
            attribution.text(TextField::LoadState, load_times.state_at(shift.start_ms));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::Cls;

    fn shift(start_ms: f64, score: f64, target: &str) -> LayoutShift {
        LayoutShift {
            start_ms,
            score,
            had_recent_input: false,
            has_sources: true,
            target: target.to_owned(),
        }
    }

    fn target_after(list: &[LayoutShift]) -> Option<String> {
        let (mut cls, mut shifts) = (Cls::default(), Shifts::default());
        for shift in list {
            if let Some(shifted) = cls.on_shift(shift) {
                shifts.on_shift(shift.clone(), shifted);
            }
        }
        let mut attribution = Attribution::default();
        shifts.explain(&LoadTimes::default(), &mut attribution);
        let is_target = |(field, _): &(TextField, String)| *field == TextField::LargestShiftTarget;
        attribution.texts.into_iter().find(is_target).map(|(_, text)| text)
    }

    #[test]
    fn the_largest_shift_of_the_largest_window_is_it() {
        let list = [
            shift(0.0, 0.05, "#a"),
            shift(100.0, 0.2, "#b"),
            shift(200.0, 0.1, "#c"),
            shift(9000.0, 0.3, "#larger, in a smaller window"),
        ];
        assert_eq!(target_after(&list).as_deref(), Some("#b"));
        assert_eq!(target_after(&list[3..]).as_deref(), Some("#larger, in a smaller window"));
    }

    #[test]
    fn of_two_equal_shifts_the_later_is_it() {
        let list = [shift(0.0, 0.1, "#a"), shift(100.0, 0.1, "#b")];
        assert_eq!(target_after(&list).as_deref(), Some("#b"));
    }

    #[test]
    fn a_page_that_never_shifts_has_nothing_to_explain() {
        assert_eq!(target_after(&[]), None);
    }
}
