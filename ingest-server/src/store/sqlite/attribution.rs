//! Why a value is what it is, in few bytes: which numbers there are as a bit mask, the numbers, which
//! texts there are as a bit mask, the ids of the texts. All are varints.
//!
//! Numbers are in tenths of a millisecond, which is what answers show, and what a number is thought
//! to be is taken off it: the last part of a value is known once the others are. Mostly nothing is
//! left of it then.

use crate::varint::{put, take};
use anyhow::Result;
use beacon::{Attribution, MetricName, NumberField};

/// Encodes what explains a value; nothing for nothing. `id_of` is asked for the id of each text.
pub(super) fn encode<E>(
    name: MetricName,
    value: u32,
    attribution: &Attribution,
    mut id_of: impl FnMut(&str) -> Result<i64, E>,
) -> Result<Option<Vec<u8>>, E> {
    if *attribution == Attribution::default() {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(48);
    let number = |field| find(&attribution.numbers, field).map(|number| steps(field, *number));
    let numbers = name.number_fields().iter().map(|field| number(*field)).collect::<Vec<_>>();
    put(&mut bytes, &mask(&numbers));
    for (index, field) in name.number_fields().iter().enumerate() {
        if let Some(steps) = numbers[index] {
            put(&mut bytes, &(steps - expected(name, value, *field, &numbers[..index])));
        }
    }
    let texts = name.text_fields().iter().map(|field| find(&attribution.texts, *field));
    let texts = texts.collect::<Vec<_>>();
    put(&mut bytes, &mask(&texts));
    for text in texts.into_iter().flatten() {
        put(&mut bytes, &id_of(text)?.cast_unsigned());
    }
    Ok(Some(bytes))
}

/// Decodes what explains a value. `text_of` is asked for the text of each id; a text that is gone is
/// left out.
#[cfg_attr(not(test), expect(dead_code, reason = "nothing asks for it yet"))]
pub(super) fn decode(
    name: MetricName,
    value: u32,
    mut bytes: &[u8],
    mut text_of: impl FnMut(i64) -> Result<Option<String>>,
) -> Result<Attribution> {
    let mut attribution = Attribution::default();
    let present: u32 = take(&mut bytes)?;
    let mut numbers = Vec::with_capacity(name.number_fields().len());
    for (index, field) in name.number_fields().iter().enumerate() {
        if present >> index & 1 == 0 {
            numbers.push(None);
            continue;
        }
        let steps =
            take::<i64>(&mut bytes)?.saturating_add(expected(name, value, *field, &numbers));
        numbers.push(Some(steps));
        attribution.number(*field, units(*field, steps));
    }
    let present: u32 = take(&mut bytes)?;
    for (index, field) in name.text_fields().iter().enumerate() {
        if present >> index & 1 == 1
            && let Some(text) = text_of(take::<u64>(&mut bytes)?.cast_signed())?
        {
            attribution.text(*field, &text);
        }
    }
    Ok(attribution)
}

/// What a number is thought to be, in steps, from the value and the numbers before it.
fn expected(name: MetricName, value: u32, field: NumberField, before: &[Option<i64>]) -> i64 {
    use NumberField as F;
    let value_steps = i64::from(value) / VALUE_STEPS;
    let sum = |fields: &[NumberField]| {
        let of = |field: &NumberField| {
            let index = name.number_fields().iter().position(|known| known == field)?;
            before.get(index).copied().flatten()
        };
        fields.iter().filter_map(of).fold(0, i64::saturating_add)
    };
    match field {
        F::FirstByteToFcp => value_steps.saturating_sub(sum(&[F::TimeToFirstByte])),
        F::ElementRenderDelay => value_steps.saturating_sub(sum(&[
            F::TimeToFirstByte,
            F::ResourceLoadDelay,
            F::ResourceLoadDuration,
        ])),
        F::NextPaintTime => value_steps.saturating_add(sum(&[F::InteractionTime])),
        F::PresentationDelay => {
            value_steps.saturating_sub(sum(&[F::InputDelay, F::ProcessingDuration]))
        }
        F::RequestDuration => {
            let earlier =
                [F::WaitingDuration, F::CacheDuration, F::DnsDuration, F::ConnectionDuration];
            value_steps.saturating_sub(sum(&earlier))
        }
        F::LargestShiftValue => i64::from(value),
        _ => 0,
    }
}

/// Microseconds in a step of a number.
const VALUE_STEPS: i64 = 100;

fn steps_per_unit(field: NumberField) -> f64 {
    match field {
        NumberField::LargestShiftValue => 1e6,
        _ => 10.0,
    }
}

fn steps(field: NumberField, number: f64) -> i64 {
    // Numbers within the limits are below 2^35 steps.
    #[expect(clippy::cast_possible_truncation)]
    let steps = (number * steps_per_unit(field)).round() as i64;
    steps
}

fn units(field: NumberField, steps: i64) -> f64 {
    // Exact, as a sum of two numbers within the limits is below 2^53 steps.
    #[expect(clippy::cast_precision_loss)]
    let steps = steps as f64;
    steps / steps_per_unit(field)
}

fn find<K: Copy + PartialEq, V>(fields: &[(K, V)], field: K) -> Option<&V> {
    fields.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
}

fn mask<T>(present: &[Option<T>]) -> u32 {
    (0..).zip(present).map(|(index, value)| u32::from(value.is_some()) << index).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::TextField;
    use proptest::prelude::*;
    use std::convert::Infallible;

    fn round_trip(name: MetricName, value: u32, attribution: &Attribution) -> (Attribution, usize) {
        let mut texts = Vec::new();
        let id_of = |text: &str| {
            texts.push(text.to_owned());
            Ok::<_, Infallible>(i64::try_from(texts.len()).unwrap())
        };
        let Some(bytes) = encode(name, value, attribution, id_of).unwrap() else {
            return (Attribution::default(), 0);
        };
        let text_of = |id: i64| Ok(texts.get(usize::try_from(id)? - 1).cloned());
        (decode(name, value, &bytes, text_of).unwrap(), bytes.len())
    }

    #[test]
    fn the_part_of_a_value_that_the_others_leave_takes_one_byte() {
        let mut attribution = Attribution::default();
        attribution.number(NumberField::TimeToFirstByte, 320.1);
        attribution.number(NumberField::ResourceLoadDelay, 80.2);
        attribution.number(NumberField::ResourceLoadDuration, 900.0);
        attribution.number(NumberField::ElementRenderDelay, 1012.1);
        attribution.text(TextField::Target, "main>img.hero");
        let (decoded, bytes) = round_trip(MetricName::Lcp, 2_312_400, &attribution);
        assert_eq!(decoded, attribution);
        assert_eq!(bytes, 1 + 2 + 2 + 3 + 1 + 1 + 1);
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        assert!(decode(MetricName::Lcp, 0, &[1], |_| Ok(None)).is_err());
    }

    fn any_attribution(name: MetricName) -> impl Strategy<Value = Attribution> {
        let numbers =
            prop::sample::subsequence(name.number_fields(), 0..=name.number_fields().len());
        let texts = prop::sample::subsequence(name.text_fields(), 0..=name.text_fields().len());
        let tenths = prop::collection::vec(-25_920_000_000_i64..=25_920_000_000, 10);
        (numbers, texts, tenths).prop_map(|(numbers, texts, tenths)| Attribution {
            numbers: numbers.into_iter().zip(tenths).map(|(f, t)| (f, units(f, t))).collect(),
            texts: texts.into_iter().map(|field| (field, format!("{field:?}"))).collect(),
        })
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            (name, attribution) in prop::sample::select(&MetricName::ALL)
                .prop_flat_map(|name| (Just(name), any_attribution(name))),
            value in 0_u32..=600_000_000,
        ) {
            prop_assert_eq!(round_trip(name, value, &attribution).0, attribution);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            for name in MetricName::ALL {
                let _ = decode(name, 0, &bytes, |_| Ok(None));
            }
        }
    }
}
