//! What a record tells of one metric.

use crate::{
    distribution::Distribution,
    report::{share, summary::percentile},
    store::sqlite::Loads,
};
use beacon::{FormFactor, MetricName, NavigationType, Thresholds};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, Type},
};

/// Something that a record tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    /// How a vital is spread.
    Vital(MetricName),
    /// How page views came about.
    NavigationTypes,
    /// On what devices they were.
    FormFactors,
    /// Known to the public API, but nothing that is kept here.
    Unknown,
}

impl Metric {
    /// All that the public API has, by name.
    pub(super) const ALL: [(&str, Self); 13] = [
        ("cumulative_layout_shift", Self::Vital(MetricName::Cls)),
        ("experimental_time_to_first_byte", Self::Vital(MetricName::Ttfb)),
        ("first_contentful_paint", Self::Vital(MetricName::Fcp)),
        ("form_factors", Self::FormFactors),
        ("interaction_to_next_paint", Self::Vital(MetricName::Inp)),
        ("largest_contentful_paint", Self::Vital(MetricName::Lcp)),
        ("largest_contentful_paint_image_element_render_delay", Self::Unknown),
        ("largest_contentful_paint_image_resource_load_delay", Self::Unknown),
        ("largest_contentful_paint_image_resource_load_duration", Self::Unknown),
        ("largest_contentful_paint_image_time_to_first_byte", Self::Unknown),
        ("largest_contentful_paint_resource_type", Self::Unknown),
        ("navigation_types", Self::NavigationTypes),
        ("round_trip_time", Self::Unknown),
    ];
}

/// A value: milliseconds are whole numbers, and a score is a text of two decimals.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = crux::Value)]
pub(super) enum Quantity {
    Ms(u64),
    Score(String),
}

impl Quantity {
    fn of(name: MetricName, value: f64) -> Self {
        if name == MetricName::Cls {
            return Self::Score(format!("{value:.2}"));
        }
        // Values are positive, and `as` saturates.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let ms = value.round() as u64;
        Self::Ms(ms)
    }
}

/// Where the bins begin, which is where those before them end.
pub(super) fn edges(name: MetricName) -> [Quantity; 3] {
    let Thresholds { good, needs_improvement } = name.thresholds();
    [0.0, good, needs_improvement].map(|edge| Quantity::of(name, edge))
}

/// How a vital is spread: the share of page views in each bin, and the 75th percentile.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) densities: [Fraction; 3],
    pub(super) p75: Quantity,
}

/// Nothing, without values.
pub(super) fn spread(distribution: &Distribution) -> Option<Spread> {
    let (name, count) = (distribution.name(), distribution.count());
    if count == 0 {
        return None;
    }
    let densities = distribution.ratings().map(|part| Fraction::of(part, count));
    let values = distribution.clone().into_ascending();
    Some(Spread { densities, p75: Quantity::of(name, percentile(&values, count, 75)) })
}

/// A share with four decimals; `"NaN"` where there is nothing to be a share of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fraction(Option<f64>);

impl Fraction {
    /// Of nothing.
    pub(super) const MISSING: Self = Self(None);

    fn of(part: u64, whole: u64) -> Self {
        Self((whole > 0).then(|| (share(part, whole) * 1e4).round() / 1e4))
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(share) => serializer.serialize_f64(share),
            None => serializer.serialize_str("NaN"),
        }
    }
}

impl PartialSchema for Fraction {
    fn schema() -> RefOr<Schema> {
        let share =
            ObjectBuilder::new().schema_type(Type::Number).minimum(Some(0)).maximum(Some(1));
        let missing = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["NaN"]));
        OneOfBuilder::new().item(share).item(missing).into()
    }
}

impl ToSchema for Fraction {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("crux.Fraction")
    }
}

/// Shares by label.
pub(super) type Fractions = Vec<(&'static str, Fraction)>;

/// How page views came about, of those of which it is known. A new route in the same document counts
/// as `navigate`; whether a page came out of the HTTP cache is not known.
pub(super) fn navigation_types(loads: &Loads) -> Option<Fractions> {
    let count = |navigation_type| loads.came_about(navigation_type);
    let navigate = count(NavigationType::Navigate) + count(NavigationType::SoftNavigation);
    fractions(&[
        ("back_forward", count(NavigationType::BackForward)),
        ("back_forward_cache", count(NavigationType::BackForwardCache)),
        ("navigate", navigate),
        ("navigate_cache", 0),
        ("prerender", count(NavigationType::Prerender)),
        ("reload", count(NavigationType::Reload)),
        ("restore", count(NavigationType::Restore)),
    ])
}

/// On what devices page views were, of those of which it is known.
pub(super) fn form_factors(loads: &Loads) -> Option<Fractions> {
    fractions(&[
        ("desktop", loads.on(FormFactor::Desktop)),
        ("phone", loads.on(FormFactor::Phone)),
        ("tablet", loads.on(FormFactor::Tablet)),
    ])
}

/// Nothing, without page views.
fn fractions(counts: &[(&'static str, u64)]) -> Option<Fractions> {
    let whole = counts.iter().map(|(_, count)| count).sum();
    let fraction = |(label, part): &(&'static str, u64)| (*label, Fraction::of(*part, whole));
    (whole > 0).then(|| counts.iter().map(fraction).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: MetricName, values: &[u32]) -> Distribution {
        let mut distribution = Distribution::new(name);
        for value in values {
            distribution.add(*value);
        }
        distribution
    }

    fn densities(distribution: &Distribution) -> [String; 3] {
        spread(distribution).unwrap().densities.map(|it| serde_json::to_string(&it).unwrap())
    }

    #[test]
    fn densities_are_the_exact_shares_of_ratings_with_four_decimals() {
        let distribution = of(MetricName::Lcp, &[2_500_000, 2_500_100, 4_000_100]);
        assert_eq!(densities(&distribution), ["0.3333"; 3]);
        let binned = of(MetricName::Lcp, &vec![2_500_100; 20_000]);
        assert!(binned.error() > 0.0);
        assert_eq!(densities(&binned), ["0.0", "1.0", "0.0"]);
    }

    #[test]
    fn timings_are_whole_milliseconds_and_scores_are_texts() {
        let p75 = |name, steps| spread(&of(name, &[steps])).unwrap().p75;
        assert_eq!(p75(MetricName::Inp, 63_500), Quantity::Ms(64));
        assert_eq!(p75(MetricName::Cls, 0), Quantity::Score("0.00".to_owned()));
        assert_eq!(p75(MetricName::Cls, 126_000), Quantity::Score("0.13".to_owned()));
    }

    #[test]
    fn bins_begin_where_those_of_the_public_api_do() {
        let ms = |edges: [u64; 3]| edges.map(Quantity::Ms);
        assert_eq!(edges(MetricName::Lcp), ms([0, 2500, 4000]));
        assert_eq!(edges(MetricName::Inp), ms([0, 200, 500]));
        assert_eq!(edges(MetricName::Fcp), ms([0, 1800, 3000]));
        assert_eq!(edges(MetricName::Ttfb), ms([0, 800, 1800]));
        let scores = ["0.00", "0.10", "0.25"].map(|edge| Quantity::Score(edge.to_owned()));
        assert_eq!(edges(MetricName::Cls), scores);
    }

    #[test]
    fn without_values_there_is_nothing_to_say() {
        assert_eq!(spread(&of(MetricName::Lcp, &[])), None);
        assert_eq!(navigation_types(&Loads::default()), None);
        assert_eq!(form_factors(&Loads::default()), None);
    }
}
