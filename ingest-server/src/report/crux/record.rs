//! The answer of `records:queryRecord`.

use super::{
    metric::{self, Fraction, Metric, Quantity, Spread},
    period::CollectionPeriod,
    query::{Query, form_factor_word},
};
use crate::store::sqlite::{Address, Loads};
use beacon::MetricName;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A record, and what was done to the address to find it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::Answer)]
pub(crate) struct Answer<R> {
    pub(super) record: R,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) url_normalization_details: Option<UrlNormalization>,
}

/// What was asked for, and what was looked up.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::UrlNormalization)]
pub(super) struct UrlNormalization {
    original_url: String,
    normalized_url: String,
}

/// What page views of one period were like.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::Record)]
pub(crate) struct Record {
    key: Key,
    metrics: BTreeMap<&'static str, Told>,
    collection_period: CollectionPeriod,
}

/// What page views a record is of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::Key)]
pub(super) struct Key {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    form_factor: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    url: Option<String>,
}

/// What is told of a metric.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = crux::Metric)]
enum Told {
    Spread { histogram: [Bin; 3], percentiles: Percentiles },
    Fractions { fractions: BTreeMap<&'static str, Fraction> },
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = crux::Bin)]
struct Bin {
    start: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    end: Option<Quantity>,
    density: Fraction,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = crux::Percentiles)]
struct Percentiles {
    p75: Quantity,
}

/// The record of the page views of a period; nothing, when there is nothing to tell of them.
pub(crate) fn record(
    query: &Query,
    collection_period: CollectionPeriod,
    loads: &Loads,
) -> Option<Answer<Record>> {
    let told = |(name, metric)| Some((name, tell(metric, loads)?));
    let metrics = query.metrics().filter_map(told).collect::<BTreeMap<_, _>>();
    let record = Record { key: query.into(), metrics, collection_period };
    (!record.metrics.is_empty()).then(|| Answer::new(query, record))
}

fn tell(metric: Metric, loads: &Loads) -> Option<Told> {
    let fractions = |fractions: metric::Fractions| Told::Fractions {
        fractions: fractions.into_iter().collect(),
    };
    match metric {
        Metric::Vital(name) => metric::spread(loads.distribution(name)).map(|it| vital(name, it)),
        Metric::NavigationTypes => metric::navigation_types(loads).map(fractions),
        Metric::FormFactors => metric::form_factors(loads).map(fractions),
        Metric::Unknown => None,
    }
}

fn vital(name: MetricName, Spread { densities: [good, middle, poor], p75 }: Spread) -> Told {
    let [zero, first, second] = metric::edges(name);
    let histogram = [
        Bin { start: zero, end: Some(first.clone()), density: good },
        Bin { start: first, end: Some(second.clone()), density: middle },
        Bin { start: second, end: None, density: poor },
    ];
    Told::Spread { histogram, percentiles: Percentiles { p75 } }
}

impl<R> Answer<R> {
    pub(super) fn new(query: &Query, record: R) -> Self {
        let (Address::Origin(normalized) | Address::Url(normalized)) = &query.address;
        let is_other = *normalized != query.asked;
        let url_normalization_details = is_other.then(|| UrlNormalization {
            original_url: query.asked.clone(),
            normalized_url: normalized.clone(),
        });
        Self { record, url_normalization_details }
    }
}

impl From<&Query> for Key {
    fn from(query: &Query) -> Self {
        let form_factor = query.form_factor.map(form_factor_word);
        match query.address.clone() {
            Address::Origin(origin) => Self { form_factor, origin: Some(origin), url: None },
            Address::Url(url) => Self { form_factor, origin: None, url: Some(url) },
        }
    }
}
