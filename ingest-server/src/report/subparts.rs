//! What a value is made of: the parts that add up to it.

use beacon::{Attribution, MetricName, NumberField};

/// The parts of a metric, in the order of time. A layout shift score has but one that is known.
pub(super) const fn subparts(name: MetricName) -> &'static [NumberField] {
    use NumberField as F;
    match name {
        MetricName::Cls => &[F::LargestShiftValue],
        MetricName::Fcp => &[F::TimeToFirstByte, F::FirstByteToFcp],
        MetricName::Inp => &[F::InputDelay, F::ProcessingDuration, F::PresentationDelay],
        MetricName::Lcp => &[
            F::TimeToFirstByte,
            F::ResourceLoadDelay,
            F::ResourceLoadDuration,
            F::ElementRenderDelay,
        ],
        MetricName::Ttfb => &[
            F::WaitingDuration,
            F::CacheDuration,
            F::DnsDuration,
            F::ConnectionDuration,
            F::RequestDuration,
        ],
        MetricName::Fid => &[],
    }
}

/// A number of an attribution; none is less than nothing.
pub(super) fn number(attribution: &Attribution, field: NumberField) -> Option<f64> {
    let found = attribution.numbers.iter().find(|(known, _)| *known == field);
    found.map(|(_, number)| number.max(0.0))
}

/// The largest part of a value, the first of several; nothing, when none is known or all are 0.
pub(super) fn largest(name: MetricName, attribution: &Attribution) -> Option<(NumberField, f64)> {
    let known =
        subparts(name).iter().filter_map(|field| Some((*field, number(attribution, *field)?)));
    let larger = |a: (NumberField, f64), b: (NumberField, f64)| if b.1 > a.1 { b } else { a };
    known.reduce(larger).filter(|(_, number)| *number > 0.0)
}

/// A part in [steps](MetricName::steps_per_unit) of its metric.
pub(super) fn in_steps(name: MetricName, number: f64) -> u32 {
    // `as` saturates; a part that large is larger than any value.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let steps = (number * name.steps_per_unit()).round() as u32;
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_explains_its_metric() {
        for name in MetricName::ALL {
            assert!(subparts(name).iter().all(|part| name.number_fields().contains(part)));
        }
    }

    #[test]
    fn the_largest_part_is_the_first_of_those_that_are_as_large() {
        let mut attribution = Attribution::default();
        assert_eq!(largest(MetricName::Inp, &attribution), None);
        attribution.number(NumberField::InputDelay, 0.0);
        assert_eq!(largest(MetricName::Inp, &attribution), None);
        attribution.number(NumberField::PresentationDelay, 80.0);
        attribution.number(NumberField::ProcessingDuration, 80.0);
        let largest = largest(MetricName::Inp, &attribution);
        assert_eq!(largest, Some((NumberField::ProcessingDuration, 80.0)));
    }
}
