//! What has become of a vital since the period before.

use super::{number, period::ReportPeriod};
use crate::report::{MetricSummary, Unit, Verdict};

/// A change as shape and words.
#[derive(Debug, PartialEq)]
pub(super) struct Trend {
    pub(super) class: &'static str,
    pub(super) shape: &'static str,
    /// As in "4 % slower than in the 28 days before (2.50 s)".
    pub(super) text: String,
}

impl Trend {
    /// Nothing where nothing can be said.
    pub(super) fn of(metric: &MetricSummary, period: ReportPeriod) -> Option<Self> {
        let previous = metric.previous.as_ref()?;
        let (now, before) = (metric.percentiles?.p75, previous.p75?);
        let [worse, better] = match metric.unit {
            Unit::Ms => ["slower", "faster"],
            Unit::Score => ["worse", "better"],
        };
        let by = percent(now, before);
        let then =
            format!("the {} before ({})", period.length(), number::value(before, metric.unit));
        let (class, shape, text) = match previous.verdict {
            Verdict::Regressed => ("worse", "↑", format!("{by}{worse} than in {then}")),
            Verdict::Improved => ("better", "↓", format!("{by}{better} than in {then}")),
            Verdict::NoDifference => ("same", "→", format!("No real difference from {then}")),
            Verdict::TooFewSamples => return None,
        };
        Some(Self { class, shape, text })
    }
}

/// `4 % ` or `0.4 % `: by what share it has changed. What was nothing has no share.
fn percent(now: f64, before: f64) -> String {
    let percent = (now - before).abs() / before * 100.0;
    match percent {
        _ if before <= 0.0 => "Now ".to_owned(),
        ..0.05 => "<\u{a0}0.1\u{a0}% ".to_owned(),
        ..0.95 => format!("{percent:.1}\u{a0}% "),
        _ => format!("{percent:.0}\u{a0}% "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dashboard::fixture::summary, report::Previous};
    use beacon::MetricName;

    fn trend(
        name: MetricName,
        now: u32,
        before: u32,
        count: u64,
        verdict: Verdict,
    ) -> Option<Trend> {
        let summary = summary(&[(name, now, count)]);
        let mut metric = summary.metrics.get(name).unwrap().clone();
        let p75 = Some(f64::from(before) / name.steps_per_unit());
        metric.previous = Some(Previous { count: 1204, p75, error: 0.0, verdict });
        Trend::of(&metric, ReportPeriod::FourWeeks)
    }

    #[test]
    fn a_change_is_told_with_its_size_its_direction_and_what_was_before() {
        let slower = trend(MetricName::Lcp, 2_600_000, 2_500_000, 100, Verdict::Regressed).unwrap();
        assert_eq!((slower.class, slower.shape), ("worse", "↑"));
        assert_eq!(slower.text, "4\u{a0}% slower than in the 28 days before (2.50\u{a0}s)");
        let faster = trend(MetricName::Inp, 100_000, 200_000, 100, Verdict::Improved).unwrap();
        assert_eq!(faster.text, "50\u{a0}% faster than in the 28 days before (200\u{a0}ms)");
        let shift = trend(MetricName::Cls, 200_000, 100_000, 100, Verdict::Regressed).unwrap();
        assert_eq!(shift.text, "100\u{a0}% worse than in the 28 days before (0.10)");
    }

    #[test]
    fn what_chance_explains_is_no_difference_and_too_few_say_nothing() {
        let same = trend(MetricName::Lcp, 2_600_000, 2_500_000, 100, Verdict::NoDifference);
        assert_eq!(same.unwrap().text, "No real difference from the 28 days before (2.50\u{a0}s)");
        let few = trend(MetricName::Lcp, 2_600_000, 2_500_000, 10, Verdict::TooFewSamples);
        assert_eq!(few, None);
        let summary = summary(&[(MetricName::Lcp, 2_600_000, 100)]);
        assert_eq!(Trend::of(&summary.metrics.lcp, ReportPeriod::Day), None);
    }

    #[test]
    fn what_was_nothing_has_not_grown_by_a_share() {
        let shift = trend(MetricName::Cls, 200_000, 0, 100, Verdict::Regressed).unwrap();
        assert_eq!(shift.text, "Now worse than in the 28 days before (0.00)");
        assert_eq!(percent(1000.2, 1000.0), "<\u{a0}0.1\u{a0}% ");
        assert_eq!(percent(1004.0, 1000.0), "0.4\u{a0}% ");
    }
}
