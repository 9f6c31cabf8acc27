//! Which fields explain which metric.

use crate::{MetricName, NumberField, TextField};

impl MetricName {
    /// The numbers that explain it, in the order of the enum.
    pub const fn number_fields(self) -> &'static [NumberField] {
        use NumberField as F;
        match self {
            Self::Cls => &[F::LargestShiftTime, F::LargestShiftValue],
            Self::Fcp => &[F::TimeToFirstByte, F::FirstByteToFcp],
            Self::Inp => &[
                F::InteractionTime,
                F::NextPaintTime,
                F::InputDelay,
                F::ProcessingDuration,
                F::PresentationDelay,
                F::LongestScriptDuration,
                F::TotalScriptDuration,
                F::TotalStyleAndLayoutDuration,
                F::TotalPaintDuration,
                F::TotalUnattributedDuration,
            ],
            Self::Lcp => &[
                F::TimeToFirstByte,
                F::ResourceLoadDelay,
                F::ResourceLoadDuration,
                F::ElementRenderDelay,
            ],
            Self::Ttfb => &[
                F::WaitingDuration,
                F::CacheDuration,
                F::DnsDuration,
                F::ConnectionDuration,
                F::RequestDuration,
            ],
            Self::Fid => &[],
        }
    }

    /// The texts that explain it, in the order of the enum.
    pub const fn text_fields(self) -> &'static [TextField] {
        use TextField as F;
        match self {
            Self::Cls => &[F::LargestShiftTarget, F::LoadState],
            Self::Fcp => &[F::LoadState],
            Self::Inp => &[
                F::InteractionTarget,
                F::InteractionType,
                F::LoadState,
                F::LongestScriptSubpart,
                F::LongestScriptInvoker,
                F::LongestScriptInvokerType,
                F::LongestScriptUrl,
                F::LongestScriptFunction,
            ],
            Self::Lcp => &[F::Target, F::Url],
            Self::Ttfb | Self::Fid => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_explains_a_metric_and_fields_stand_in_order() {
        let numbers = MetricName::ALL.map(MetricName::number_fields);
        let texts = MetricName::ALL.map(MetricName::text_fields);
        assert!(numbers.iter().all(|fields| fields.is_sorted()));
        assert!(texts.iter().all(|fields| fields.is_sorted()));
        assert!(NumberField::ALL.iter().all(|field| numbers.concat().contains(field)));
        assert!(TextField::ALL.iter().all(|field| texts.concat().contains(field)));
    }
}
