//! Why the values of a page view are what they are, in few bytes.
//!
//! A *shape* says which fields there are, which of them are what one would expect, and what the
//! few words are that some texts can be. There are few shapes, so a row names its by number
//! and has only the rest: how far the other numbers are from what one would expect, and the ids of
//! the other texts. All are varints.

use super::{
    row::MetricValue,
    why::{US_PER_STEP, Why},
};
use crate::varint::{Malformed, put, take};
use beacon::{MetricName, NumberField, TextField};

/// The metrics of a row, in the order of [`MetricName::ALL`].
type Metrics = [Option<MetricValue>; MetricName::ALL.len()];

/// What a shape says of a field. Of a text, what is larger is the id of a word, and that.
const ABSENT: u64 = 0;
const AS_EXPECTED: u64 = 1;
const IN_REST: u64 = 2;
const WORD: u64 = 3;

/// Texts of which there are few, so that they are part of the shape.
const WORDS: [TextField; 4] = [
    TextField::InteractionType,
    TextField::LoadState,
    TextField::LongestScriptSubpart,
    TextField::LongestScriptInvokerType,
];

/// What explains the values of a page view, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Details {
    /// To be named by number.
    pub(super) shape: Vec<u8>,
    pub(super) rest: Vec<u8>,
}

impl Details {
    /// Encodes what explains the values; nothing for nothing.
    pub(super) fn encode(metrics: &Metrics) -> Option<Self> {
        let mut details = Self { shape: Vec::with_capacity(48), rest: Vec::with_capacity(48) };
        put(&mut details.shape, &explained(metrics));
        for (name, value) in MetricName::ALL.into_iter().zip(metrics) {
            if let Some(value) = value.as_ref().filter(|value| value.why != Why::default()) {
                details
                    .put(name, &value.why, |field, before| expected(metrics, name, field, before));
            }
        }
        (explained(metrics) != 0).then_some(details)
    }

    fn put(
        &mut self,
        name: MetricName,
        why: &Why,
        expected: impl Fn(NumberField, &[(NumberField, i64)]) -> i64,
    ) {
        for field in name.number_fields() {
            let place = why.numbers.iter().position(|(known, _)| known == field);
            let Some(place) = place else {
                put(&mut self.shape, &ABSENT);
                continue;
            };
            let difference = why.numbers[place].1 - expected(*field, &why.numbers[..place]);
            let is_as_expected = difference == 0 && !is_rest_of_value(*field);
            put(&mut self.shape, &if is_as_expected { AS_EXPECTED } else { IN_REST });
            if !is_as_expected {
                put(&mut self.rest, &difference);
            }
        }
        for field in name.text_fields() {
            let text = why.texts.iter().find(|(known, _)| known == field);
            match text.map(|(_, id)| id.cast_unsigned()) {
                None => put(&mut self.shape, &ABSENT),
                Some(id) if WORDS.contains(field) => put(&mut self.shape, &WORD.saturating_add(id)),
                Some(id) => {
                    put(&mut self.shape, &IN_REST);
                    put(&mut self.rest, &id);
                }
            }
        }
    }

    /// Decodes what explains the values of these metrics, into them.
    pub(super) fn decode(&self, metrics: &mut Metrics) -> Result<(), Malformed> {
        let Self { shape, rest } = self;
        let (mut shape, mut rest) = (&shape[..], &rest[..]);
        let explained: u32 = take(&mut shape)?;
        for (index, name) in MetricName::ALL.into_iter().enumerate() {
            if explained >> index & 1 == 0 {
                continue;
            }
            let why = read(metrics, name, &mut shape, &mut rest)?;
            metrics[index].as_mut().ok_or(Malformed)?.why = why;
        }
        Ok(())
    }
}

fn read(
    metrics: &Metrics,
    name: MetricName,
    shape: &mut &[u8],
    rest: &mut &[u8],
) -> Result<Why, Malformed> {
    let mut why = Why::default();
    for field in name.number_fields() {
        let state: u64 = take(shape)?;
        if state != ABSENT {
            let difference = if state == AS_EXPECTED { 0 } else { take::<i64>(rest)? };
            let steps = difference.saturating_add(expected(metrics, name, *field, &why.numbers));
            why.numbers.push((*field, steps));
        }
    }
    for field in name.text_fields() {
        match take::<u64>(shape)? {
            ABSENT => {}
            IN_REST => why.texts.push((*field, take::<u64>(rest)?.cast_signed())),
            word => {
                let id = word.checked_sub(WORD).ok_or(Malformed)?;
                why.texts.push((*field, id.cast_signed()));
            }
        }
    }
    Ok(why)
}

/// Which metrics have anything that explains them, as a bit mask.
fn explained(metrics: &Metrics) -> u32 {
    let is_explained =
        |value: &Option<MetricValue>| value.as_ref().is_some_and(|it| it.why != Why::default());
    (0..).zip(metrics).map(|(index, value)| u32::from(is_explained(value)) << index).sum()
}

/// The last part of a value is what the others leave of it, give or take a step by which they are
/// rounded. As that differs from one to the next, it is never part of the shape.
fn is_rest_of_value(field: NumberField) -> bool {
    use NumberField as F;
    matches!(
        field,
        F::FirstByteToFcp
            | F::ElementRenderDelay
            | F::NextPaintTime
            | F::PresentationDelay
            | F::RequestDuration
    )
}

/// What a number is thought to be, in steps, by the values and the numbers before it.
fn expected(
    metrics: &Metrics,
    name: MetricName,
    field: NumberField,
    before: &[(NumberField, i64)],
) -> i64 {
    use NumberField as F;
    let value = |name: MetricName| metrics[name as usize].as_ref().map_or(0, |it| it.steps);
    let steps =
        |name: MetricName| i64::from(value(name).saturating_add(US_PER_STEP / 2) / US_PER_STEP);
    let sum = |fields: &[NumberField]| {
        let known = before.iter().filter(|(field, _)| fields.contains(field));
        known.fold(0_i64, |sum, (_, steps)| sum.saturating_add(*steps))
    };
    match field {
        F::TimeToFirstByte => steps(MetricName::Ttfb),
        F::FirstByteToFcp => steps(name).saturating_sub(sum(&[F::TimeToFirstByte])),
        F::ElementRenderDelay => steps(name).saturating_sub(sum(&[
            F::TimeToFirstByte,
            F::ResourceLoadDelay,
            F::ResourceLoadDuration,
        ])),
        F::NextPaintTime => steps(name).saturating_add(sum(&[F::InteractionTime])),
        F::PresentationDelay => {
            steps(name).saturating_sub(sum(&[F::InputDelay, F::ProcessingDuration]))
        }
        F::RequestDuration => {
            let earlier =
                [F::WaitingDuration, F::CacheDuration, F::DnsDuration, F::ConnectionDuration];
            steps(name).saturating_sub(sum(&earlier))
        }
        F::LargestShiftValue => i64::from(value(name)),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn explained_by(
        steps: u32,
        numbers: &[(NumberField, i64)],
        texts: &[(TextField, i64)],
    ) -> MetricValue {
        let why = Why { numbers: numbers.to_vec(), texts: texts.to_vec() };
        MetricValue { sequence: 0, steps, why }
    }

    fn bare(metrics: &Metrics) -> Metrics {
        metrics.clone().map(|value| value.map(|it| MetricValue { why: Why::default(), ..it }))
    }

    #[test]
    fn what_can_be_expected_takes_no_byte_and_what_others_leave_takes_one() {
        let mut metrics = [const { None }; 6];
        metrics[MetricName::Ttfb as usize] = Some(explained_by(320_100, &[], &[]));
        metrics[MetricName::Lcp as usize] = Some(explained_by(
            2_312_400,
            &[
                (NumberField::TimeToFirstByte, 3201),
                (NumberField::ResourceLoadDelay, 0),
                (NumberField::ResourceLoadDuration, 9000),
                (NumberField::ElementRenderDelay, 10_923),
            ],
            &[(TextField::Target, 5)],
        ));
        metrics[MetricName::Fcp as usize] =
            Some(explained_by(0, &[], &[(TextField::LoadState, 1_000_000)]));
        let details = Details::encode(&metrics).unwrap();
        assert_eq!(details.rest.len(), 3 + 1 + 1);
        let mut decoded = bare(&metrics);
        details.decode(&mut decoded).unwrap();
        assert_eq!(decoded, metrics);
    }

    #[test]
    fn nothing_is_stored_for_nothing() {
        assert_eq!(Details::encode(&[const { None }; 6]), None);
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        let mut metrics = [const { None }; 6];
        metrics[MetricName::Cls as usize] = Some(explained_by(0, &[], &[]));
        let details = Details { shape: vec![1, 2], rest: vec![] };
        assert_eq!(details.decode(&mut metrics), Err(Malformed));
    }

    fn why(name: MetricName) -> impl Strategy<Value = Why> {
        let numbers =
            prop::sample::subsequence(name.number_fields(), 0..=name.number_fields().len());
        let texts = prop::sample::subsequence(name.text_fields(), 0..=name.text_fields().len());
        let steps = prop_oneof![Just(0), -25_920_000_000_i64..=25_920_000_000];
        let steps = prop::collection::vec(steps, 10);
        let ids = prop::collection::vec(1_i64..1_000_000, 10);
        (numbers, texts, steps, ids).prop_map(|(numbers, texts, steps, ids)| Why {
            numbers: numbers.into_iter().zip(steps).collect(),
            texts: texts.into_iter().zip(ids).collect(),
        })
    }

    fn value(name: MetricName) -> impl Strategy<Value = Option<MetricValue>> {
        let value = (0_u32..=600_000_000, why(name));
        let value = value.prop_map(|(steps, why)| MetricValue { sequence: 0, steps, why });
        prop::option::of(value)
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(metrics in MetricName::ALL.map(value)) {
            let mut decoded = bare(&metrics);
            if let Some(details) = Details::encode(&metrics) {
                prop_assert_eq!(details.decode(&mut decoded), Ok(()));
            }
            prop_assert_eq!(decoded, metrics);
        }

        #[test]
        fn no_bytes_make_it_panic(
            shape in prop::collection::vec(any::<u8>(), 0..60),
            rest in prop::collection::vec(any::<u8>(), 0..60),
            mut metrics in MetricName::ALL.map(value),
        ) {
            let _ = Details { shape, rest }.decode(&mut metrics);
        }
    }
}
