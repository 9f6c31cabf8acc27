//! Whether something has become slower: the 75th percentiles of two sets of page views, and how sure
//! one can be that they differ.
//!
//! How far a percentile may lie from the true one is told by order statistics, which makes no
//! assumption about how values are spread: between which ranks the true one lies follows from the
//! binomial distribution (Hahn and Meeker, *Statistical Intervals*, 1991, section 5.2). Half the
//! distance of these two values is as good as 1.96 standard errors, and the squares of both sides'
//! errors add up (Price and Bonett, "Distribution-free confidence intervals for difference and ratio
//! of medians", *Journal of Statistical Computation and Simulation* 72, 2002).

use super::{Period, Shares, Unit, sides::RANGE};
use crate::distribution::Distribution;
use serde::Serialize;
use utoipa::ToSchema;

/// Page views on either side that a verdict takes.
pub const PAGE_VIEWS_MIN: u64 = 100;

/// The percentile that is compared.
const PERCENTILE: f64 = 0.75;
/// Of the normal distribution, for 95 %.
const Z: f64 = 1.959_964;

/// The answer to "is the candidate slower than the baseline?".
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// What the numbers are.
    pub unit: Unit,
    /// What is compared with.
    pub baseline: Side,
    /// What is compared.
    pub candidate: Side,
    /// Candidate less baseline; absent when a side has no values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub difference: Option<f64>,
    /// The difference as a share of the baseline's percentile; absent where that is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub relative: Option<f64>,
    /// Where the true difference lies, with a confidence of 95 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interval_95: Option<[f64; 2]>,
    /// What follows.
    pub verdict: Verdict,
}

/// One set of page views.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ComparedSide)]
pub struct Side {
    /// The release that they are of, where releases are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub release: Option<String>,
    /// When they began, where periods are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub period: Option<Period>,
    /// On how many page views the metric was measured.
    pub count: u64,
    /// Absent without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p75: Option<f64>,
    /// By how much it may be off for being read from a histogram, as a share of it.
    pub error: f64,
    /// How the page views are rated, one by one; absent without values.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shares: Option<Shares>,
}

/// What a comparison comes to. Larger values are worse for every metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The candidate is worse, and chance alone would rarely make it look so.
    Regressed,
    /// It is better.
    Improved,
    /// They may as well be the same.
    NoDifference,
    /// Nothing can be said: a side has fewer than 100 page views.
    TooFewSamples,
}

impl Side {
    /// As it is asked for: a release, or a period such as `2026-10-01T00:00:00Z..2026-10-15T00:00:00Z`.
    pub(crate) fn asked(&self) -> String {
        let range = |Period { from, to }: Period| format!("{from}{RANGE}{to}");
        self.release.clone().or_else(|| self.period.map(range)).unwrap_or_default()
    }
}

impl Verdict {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Regressed => "regressed",
            Self::Improved => "improved",
            Self::NoDifference => "no_difference",
            Self::TooFewSamples => "too_few_samples",
        }
    }
}

/// A percentile and how far it may be off.
#[derive(Clone, Copy, Debug)]
struct Estimate {
    value: f64,
    /// By chance: half the interval of 95 %.
    margin: f64,
    /// For being read from a histogram, at most.
    bin_error: f64,
}

/// Compares two sets of values of one metric.
pub fn compare(baseline: Distribution, candidate: Distribution) -> Comparison {
    let unit = Unit::of(baseline.name());
    let counts = [baseline.count(), candidate.count()];
    let errors = [baseline.error(), candidate.error()];
    let shares = [&baseline, &candidate].map(|it| (it.count() > 0).then(|| Shares::of(it)));
    let estimates = [estimate(baseline), estimate(candidate)];
    let side = |index: usize| Side {
        release: None,
        period: None,
        count: counts[index],
        p75: estimates[index].map(|it| unit.round(it.value)),
        error: errors[index],
        shares: shares[index],
    };
    let [Some(from), Some(to)] = estimates else {
        return Comparison {
            unit,
            baseline: side(0),
            candidate: side(1),
            difference: None,
            relative: None,
            interval_95: None,
            verdict: Verdict::TooFewSamples,
        };
    };
    let difference = to.value - from.value;
    let interval = interval(from, to);
    Comparison {
        unit,
        baseline: side(0),
        candidate: side(1),
        difference: Some(unit.round(difference)),
        relative: (from.value > 0.0).then(|| share(difference / from.value)),
        interval_95: Some(interval.map(|bound| unit.round(bound))),
        verdict: verdict(counts, interval),
    }
}

fn verdict(counts: [u64; 2], [low, high]: [f64; 2]) -> Verdict {
    if counts.into_iter().any(|count| count < PAGE_VIEWS_MIN) {
        Verdict::TooFewSamples
    } else if low > 0.0 {
        Verdict::Regressed
    } else if high < 0.0 {
        Verdict::Improved
    } else {
        Verdict::NoDifference
    }
}

/// Where the difference lies. What is read from histograms is not off by chance: both errors may
/// add up.
fn interval(from: Estimate, to: Estimate) -> [f64; 2] {
    let difference = to.value - from.value;
    let margin = from.margin.hypot(to.margin) + from.bin_error + to.bin_error;
    [difference - margin, difference + margin]
}

/// Nothing without values.
fn estimate(distribution: Distribution) -> Option<Estimate> {
    let (count, error) = (distribution.count(), distribution.error());
    let values = distribution.into_ascending();
    let [low, rank, high] = ranks(count).map(|rank| at_rank(&values, rank));
    let (low, value, high) = (low?, rank?, high?);
    Some(Estimate { value, margin: (high - low) / 2.0, bin_error: value * error })
}

/// The ranks of the percentile and of its bounds, from 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts are far below 2^52, and ranks are kept within them"
)]
fn ranks(count: u64) -> [u64; 3] {
    let n = count as f64;
    let (mean, deviation) = (n * PERCENTILE, (n * PERCENTILE * (1.0 - PERCENTILE)).sqrt());
    let ranks = [(mean - Z * deviation).round(), mean.ceil(), (mean + Z * deviation).round()];
    ranks.map(|rank| rank.clamp(1.0, n.max(1.0)) as u64)
}

fn at_rank(values: &[(f64, u64)], rank: u64) -> Option<f64> {
    let mut seen = 0;
    let reached = |(_, count): &&(f64, u64)| {
        seen += count;
        seen >= rank
    };
    values.iter().find(reached).or(values.last()).map(|(value, _)| *value)
}

/// Four digits of a share are enough.
fn share(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::MetricName;
    use fastrand::Rng;
    use std::f64::consts::TAU;

    /// LCPs of made-up visitors: log-normal, as they are in the field.
    fn lcps(random: &mut Rng, count: usize, factor: f64) -> Distribution {
        let mut distribution = Distribution::new(MetricName::Lcp);
        for _ in 0..count {
            let (radius, angle) = (random.f64().max(f64::MIN_POSITIVE), random.f64());
            let normal = (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            distribution.add((1.8e6 * factor * (0.6 * normal).exp()) as u32);
        }
        distribution
    }

    fn verdicts(trials: u32, page_views: usize, factor: f64) -> impl Iterator<Item = Verdict> {
        let mut random = Rng::with_seed(1);
        (0..trials).map(move |_| {
            let baseline = lcps(&mut random, page_views, 1.0);
            compare(baseline, lcps(&mut random, page_views, factor)).verdict
        })
    }

    /// Of releases that do not differ, one in twenty looks as if it did.
    #[test]
    fn false_alarms_are_as_rare_as_promised() {
        const TRIALS: u32 = 2000;
        let alarms = verdicts(TRIALS, 1000, 1.0).filter(|it| *it != Verdict::NoDifference).count();
        println!("{alarms} false alarms in {TRIALS} trials");
        assert!((70..=130).contains(&alarms), "{alarms} false alarms in {TRIALS} trials");
    }

    #[test]
    fn a_tenth_more_is_noticed_with_5000_page_views() {
        const TRIALS: u32 = 200;
        let found = verdicts(TRIALS, 5000, 1.1).filter(|it| *it == Verdict::Regressed).count();
        println!("{found} of {TRIALS} regressions found");
        assert!(found > 180, "{found} of {TRIALS} regressions found");
    }

    #[test]
    fn few_page_views_and_none_are_not_judged() {
        let mut random = Rng::with_seed(1);
        let comparison = compare(lcps(&mut random, 99, 1.0), lcps(&mut random, 5000, 9.0));
        assert_eq!(comparison.verdict, Verdict::TooFewSamples);
        assert!(comparison.difference.is_some_and(|difference| difference > 0.0));
        let nothing = compare(lcps(&mut random, 0, 1.0), lcps(&mut random, 5000, 1.0));
        assert_eq!((nothing.verdict, nothing.difference), (Verdict::TooFewSamples, None));
    }

    #[test]
    fn a_comparison_is_turned_round_when_its_sides_are() {
        let mut random = Rng::with_seed(3);
        let (a, b) = (lcps(&mut random, 2000, 1.0), lcps(&mut random, 2000, 1.3));
        let (there, back) = (compare(a.clone(), b.clone()), compare(b, a));
        assert_eq!((there.verdict, back.verdict), (Verdict::Regressed, Verdict::Improved));
        let [low, high] = there.interval_95.unwrap();
        assert_eq!(back.interval_95, Some([-high, -low]));
    }

    #[test]
    fn values_of_a_histogram_that_differ_by_less_than_its_error_do_not_differ() {
        let of = |us: u32| {
            let mut distribution = Distribution::new(MetricName::Lcp);
            for _ in 0..20_000 {
                distribution.add(us);
            }
            distribution
        };
        assert_eq!(compare(of(2_000_000), of(2_010_000)).verdict, Verdict::NoDifference);
        assert_eq!(compare(of(2_000_000), of(2_060_000)).verdict, Verdict::Regressed);
    }
}
