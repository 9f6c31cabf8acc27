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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_explains_its_metric() {
        for name in MetricName::ALL {
            assert!(subparts(name).iter().all(|part| name.number_fields().contains(part)));
        }
    }
}
