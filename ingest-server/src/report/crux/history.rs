//! The answer of `records:queryHistoryRecord`: each number of a record is a list of them, one for each
//! period.

use super::{
    metric::{self, Fraction, Fractions, Metric, Quantity, Spread},
    period::CollectionPeriod,
    query::Query,
    record::{Answer, Key},
};
use crate::store::sqlite::Loads;
use beacon::MetricName;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What page views of consecutive periods were like.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::HistoryRecord)]
pub(crate) struct HistoryRecord {
    key: Key,
    metrics: BTreeMap<&'static str, Told>,
    collection_periods: Vec<CollectionPeriod>,
}

/// What is told of a metric.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = crux::MetricHistory)]
enum Told {
    #[serde(rename_all = "camelCase")]
    Spread { histogram_timeseries: Vec<Bin>, percentiles_timeseries: Percentiles },
    #[serde(rename_all = "camelCase")]
    Fractions { fraction_timeseries: BTreeMap<&'static str, Labeled> },
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = crux::BinHistory)]
struct Bin {
    start: Quantity,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    end: Option<Quantity>,
    densities: Vec<Fraction>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = crux::PercentilesHistory)]
struct Percentiles {
    p75s: Vec<Option<Quantity>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = crux::FractionHistory)]
struct Labeled {
    fractions: Vec<Fraction>,
}

/// The record of periods that are each made of so many steps, and begin one step after the other.
/// Nothing, when there is nothing to tell of any.
pub(crate) fn history_record(
    query: &Query,
    collection_periods: Vec<CollectionPeriod>,
    steps: &[Loads],
) -> Option<Answer<HistoryRecord>> {
    let periods = steps.windows(CollectionPeriod::STEPS).map(together).collect::<Vec<_>>();
    let told = |(name, metric)| Some((name, tell(metric, &periods)?));
    let metrics = query.metrics().filter_map(told).collect::<BTreeMap<_, _>>();
    let record = HistoryRecord { key: query.into(), metrics, collection_periods };
    (!record.metrics.is_empty()).then(|| Answer::new(query, record))
}

fn together(steps: &[Loads]) -> Loads {
    let mut sum = Loads::default();
    for loads in steps {
        sum.extend(loads);
    }
    sum
}

fn tell(metric: Metric, periods: &[Loads]) -> Option<Told> {
    match metric {
        Metric::Vital(name) => vital(name, periods),
        Metric::NavigationTypes => fractions(periods, metric::navigation_types),
        Metric::FormFactors => fractions(periods, metric::form_factors),
        Metric::Unknown => None,
    }
}

fn vital(name: MetricName, periods: &[Loads]) -> Option<Told> {
    let spreads = periods.iter().map(|loads| metric::spread(loads.distribution(name)));
    let spreads = spreads.collect::<Vec<Option<Spread>>>();
    spreads.iter().any(Option::is_some).then(|| {
        let density = |spread: &Option<Spread>, index: usize| {
            spread.as_ref().map_or(Fraction::MISSING, |spread| spread.densities[index])
        };
        let densities =
            |index| spreads.iter().map(|spread| density(spread, index)).collect::<Vec<_>>();
        let [zero, first, second] = metric::edges(name);
        let histogram_timeseries = vec![
            Bin { start: zero, end: Some(first.clone()), densities: densities(0) },
            Bin { start: first, end: Some(second.clone()), densities: densities(1) },
            Bin { start: second, end: None, densities: densities(2) },
        ];
        let p75s = spreads.into_iter().map(|spread| spread.map(|it| it.p75)).collect();
        Told::Spread { histogram_timeseries, percentiles_timeseries: Percentiles { p75s } }
    })
}

fn fractions(periods: &[Loads], of: fn(&Loads) -> Option<Fractions>) -> Option<Told> {
    let periods = periods.iter().map(of).collect::<Vec<_>>();
    let labels = periods.iter().flatten().next()?.iter().map(|(label, _)| *label);
    let labeled = labels.enumerate().map(|(index, label)| {
        let fraction = |period: &Option<Fractions>| {
            period.as_ref().map_or(Fraction::MISSING, |fractions| fractions[index].1)
        };
        (label, Labeled { fractions: periods.iter().map(fraction).collect() })
    });
    Some(Told::Fractions { fraction_timeseries: labeled.collect() })
}
