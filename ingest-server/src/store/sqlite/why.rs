//! Why a value is what it is, as the writer has it in hand: whole numbers, and texts by id.

use beacon::{Attribution, MetricName, NumberField, TextField};

/// Microseconds in a step of a number: tenths of a millisecond are what answers show.
pub(super) const US_PER_STEP: u32 = 100;

/// What explains a value. Fields stand in the order of the metric's.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Why {
    /// In steps: tenths of a millisecond, or millionths of a score.
    pub(super) numbers: Vec<(NumberField, i64)>,
    /// Keys of `texts`.
    pub(super) texts: Vec<(TextField, i64)>,
}

impl Why {
    /// `id_of` is asked for the id of each text. Fields that explain other metrics are left out.
    pub(super) fn from_attribution<E>(
        name: MetricName,
        attribution: &Attribution,
        mut id_of: impl FnMut(&str) -> Result<i64, E>,
    ) -> Result<Self, E> {
        let mut why = Self::default();
        for field in name.number_fields() {
            let number = attribution.numbers.iter().find(|(known, _)| known == field);
            why.numbers.extend(number.map(|(_, number)| (*field, steps(*field, *number))));
        }
        for field in name.text_fields() {
            if let Some((_, text)) = attribution.texts.iter().find(|(known, _)| known == field) {
                why.texts.push((*field, id_of(text)?));
            }
        }
        Ok(why)
    }

    /// `text_of` is asked for the text of each id; a text that is gone is left out.
    pub(super) fn into_attribution<E>(
        self,
        mut text_of: impl FnMut(i64) -> Result<Option<String>, E>,
    ) -> Result<Attribution, E> {
        let mut attribution = Attribution::default();
        for (field, steps) in self.numbers {
            attribution.number(field, units(field, steps));
        }
        for (field, id) in self.texts {
            if let Some(text) = text_of(id)? {
                attribution.text(field, &text);
            }
        }
        Ok(attribution)
    }
}

fn steps_per_unit(field: NumberField) -> f64 {
    match field {
        NumberField::LargestShiftValue => 1e6,
        _ => 1e3 / f64::from(US_PER_STEP),
    }
}

fn steps(field: NumberField, number: f64) -> i64 {
    // Numbers within the limits are below 2^35 steps.
    #[expect(clippy::cast_possible_truncation)]
    let steps = (number * steps_per_unit(field)).round() as i64;
    steps
}

fn units(field: NumberField, steps: i64) -> f64 {
    // Exact, as a number within the limits is below 2^53 steps.
    #[expect(clippy::cast_precision_loss)]
    let steps = steps as f64;
    steps / steps_per_unit(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn what_explains_a_value_comes_back_as_answers_show_it() {
        let mut attribution = Attribution::default();
        attribution.number(NumberField::TimeToFirstByte, 320.149);
        attribution.text(TextField::Target, "main>img.hero");
        let id_of = |_: &str| Ok::<_, Infallible>(7);
        let why = Why::from_attribution(MetricName::Lcp, &attribution, id_of).unwrap();
        assert_eq!(why.numbers, [(NumberField::TimeToFirstByte, 3201)]);
        let text_of = |id| Ok::<_, Infallible>((id == 7).then(|| "main>img.hero".to_owned()));
        attribution.numbers[0].1 = 320.1;
        assert_eq!(why.into_attribution(text_of).unwrap(), attribution);
    }

    #[test]
    fn what_explains_another_metric_is_left_out() {
        let mut attribution = Attribution::default();
        attribution.number(NumberField::LargestShiftValue, 0.1);
        attribution.text(TextField::InteractionTarget, "button");
        let id_of = |_: &str| Ok::<_, Infallible>(7);
        let why = Why::from_attribution(MetricName::Lcp, &attribution, id_of).unwrap();
        assert_eq!(why, Why::default());
    }
}
