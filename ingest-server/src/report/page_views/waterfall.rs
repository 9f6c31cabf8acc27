//! When what a value is made of began, and how long it took: what a waterfall is drawn from.

use crate::{
    report::{
        Unit,
        metric_name::MetricWord,
        subparts::{number, subparts},
    },
    transfer::MetricRecord,
};
use beacon::{Attribution, MetricName, NavigationType, NumberField};
use serde::Serialize;
use utoipa::ToSchema;

/// In the order of time. A shift stands after the paints, an interaction comes last.
const ORDER: [MetricName; 5] =
    [MetricName::Ttfb, MetricName::Fcp, MetricName::Lcp, MetricName::Cls, MetricName::Inp];

/// A part of a value, in milliseconds since the navigation began.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = WaterfallSpan)]
pub struct Span {
    /// What it is part of, in lower case.
    pub metric: MetricWord,
    /// The part, as web-vitals calls it.
    pub name: NumberField,
    /// When it began.
    pub start: f64,
    /// How long it took; absent for a moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub duration: Option<f64>,
}

/// The parts that are known, those of 0 too. As in web-vitals, shifts and interactions have the time of the document;
/// where the page view began later than that, when they were is not known.
pub(super) fn spans(
    metrics: &[Option<MetricRecord>; MetricName::ALL.len()],
    navigation_type: Option<NavigationType>,
) -> Vec<Span> {
    use NavigationType as N;
    let is_later =
        matches!(navigation_type, Some(N::BackForwardCache | N::Prerender | N::SoftNavigation));
    let mut spans = Vec::new();
    for name in ORDER {
        let Some(metric) = &metrics[name as usize] else { continue };
        if is_later && matches!(name, MetricName::Cls | MetricName::Inp) {
            continue;
        }
        add(name, &metric.measurement.attribution, &mut spans);
    }
    spans
}

fn add(name: MetricName, attribution: &Attribution, spans: &mut Vec<Span>) {
    let metric = MetricWord(name);
    let known = |field| number(attribution, field);
    let start = match name {
        MetricName::Cls => {
            let shifted = known(NumberField::LargestShiftTime).map(|ms| Unit::Ms.round(ms));
            spans.extend(shifted.map(|start| Span {
                metric,
                name: NumberField::LargestShiftTime,
                start,
                duration: None,
            }));
            return;
        }
        MetricName::Inp => match known(NumberField::InteractionTime) {
            Some(time) => time,
            None => return,
        },
        _ => 0.0,
    };
    spans.extend(parts(name, attribution, start));
}

/// The known parts of a value, which follow each other from a time on.
pub(super) fn parts(name: MetricName, attribution: &Attribution, from_ms: f64) -> Vec<Span> {
    let (mut start, mut parts) = (from_ms, Vec::new());
    for field in subparts(name) {
        let Some(duration) = number(attribution, *field) else { continue };
        parts.push(Span {
            metric: MetricWord(name),
            name: *field,
            start: Unit::Ms.round(start),
            duration: Some(Unit::Ms.round(duration)),
        });
        start += duration;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Measurement;

    fn metric(numbers: &[(NumberField, f64)]) -> MetricRecord {
        let attribution = Attribution { numbers: numbers.to_vec(), texts: Vec::new() };
        MetricRecord { sequence: 0, measurement: Measurement { steps: 0, attribution } }
    }

    #[test]
    fn parts_follow_each_other_and_an_interaction_begins_when_it_came() {
        let mut metrics = [const { None }; 6];
        metrics[MetricName::Inp as usize] = Some(metric(&[
            (NumberField::InteractionTime, 5000.0),
            (NumberField::InputDelay, 0.1),
            (NumberField::ProcessingDuration, 300.2),
        ]));
        metrics[MetricName::Lcp as usize] = Some(metric(&[
            (NumberField::TimeToFirstByte, 320.1),
            (NumberField::ResourceLoadDelay, 0.0),
            (NumberField::ResourceLoadDuration, 900.0),
        ]));
        metrics[MetricName::Cls as usize] =
            Some(metric(&[(NumberField::LargestShiftTime, 1600.0)]));
        let later = spans(&metrics, Some(NavigationType::SoftNavigation));
        assert!(later.iter().all(|it| it.metric.0 == MetricName::Lcp) && !later.is_empty());
        let spans = spans(&metrics, Some(NavigationType::Navigate));
        let spans = spans.iter().map(|it| (it.metric.0, it.name, it.start, it.duration));
        assert_eq!(
            spans.collect::<Vec<_>>(),
            [
                (MetricName::Lcp, NumberField::TimeToFirstByte, 0.0, Some(320.1)),
                (MetricName::Lcp, NumberField::ResourceLoadDelay, 320.1, Some(0.0)),
                (MetricName::Lcp, NumberField::ResourceLoadDuration, 320.1, Some(900.0)),
                (MetricName::Cls, NumberField::LargestShiftTime, 1600.0, None),
                (MetricName::Inp, NumberField::InputDelay, 5000.0, Some(0.1)),
                (MetricName::Inp, NumberField::ProcessingDuration, 5000.1, Some(300.2)),
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_not_drawn() {
        let mut metrics = [const { None }; 6];
        metrics[MetricName::Inp as usize] = Some(metric(&[(NumberField::InputDelay, 4.0)]));
        metrics[MetricName::Cls as usize] = Some(metric(&[]));
        assert_eq!(spans(&metrics, None), []);
    }
}
