//! The second look: what each culprit costs, counted.

use super::{
    advice::advice,
    benefit,
    blame::{Blame, blame},
    culprit::{Culprit, Key, Sources},
};
use crate::{
    distribution::Distribution,
    ingest::Measurement,
    report::{
        Part, Unit,
        metric_name::{IN_ORDER, MetricWord},
        share,
        summary::p75,
    },
    store::sqlite::{Explained, PageViewKey},
};
use beacon::{MetricName, Rating};
use serde::Serialize;
use std::{cmp::Reverse, collections::HashMap};
use utoipa::ToSchema;

/// Opportunities of an answer, unless it is asked for more or fewer.
pub const OPPORTUNITIES_DEFAULT: usize = 10;
/// The most that one answer has.
pub const OPPORTUNITIES_MAX: usize = 50;
/// Page views that are named as examples.
const EVIDENCE_MAX: usize = 3;

/// Counts what certain culprits cost.
#[derive(Debug, Default)]
pub(in crate::report) struct Recount {
    page_views: u64,
    /// By route, in the order of [`MetricName::ALL`].
    routes: [HashMap<String, Route>; MetricName::ALL.len()],
}

/// A metric on a route, and what is blamed for it there.
#[derive(Debug)]
struct Route {
    now: Distribution,
    suspects: Vec<Suspect>,
}

#[derive(Debug)]
struct Suspect {
    key: Key,
    /// All values of the route, as they were without this culprit.
    without: Distribution,
    /// What it takes of those that are blamed on it.
    parts: Distribution,
    improved: u64,
    benefit: u64,
    sources: Sources,
    /// The largest values that would be better, and whose they are.
    evidence: Vec<(u32, PageViewKey)>,
}

/// Something to fix.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Opportunity {
    /// The metric, in lower case.
    pub metric: MetricWord,
    /// Where; absent for page views without a route.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub route: Option<String>,
    /// What.
    pub culprit: Culprit,
    /// How many page views of the route it is the culprit of.
    pub page_views: u64,
    /// On how many page views of the route the metric was measured, which the percentiles are of.
    pub measured: u64,
    /// How many of these it is the culprit of, as a share.
    pub share: f64,
    /// How many page views would be rated better without it.
    pub improved: u64,
    /// What they are ranked by: how many ratings better these would be in all, twice for LCP, INP and
    /// CLS.
    pub benefit: u64,
    /// What the values are.
    pub unit: Unit,
    /// The route's 75th percentile.
    pub p75: f64,
    /// What it would be if the culprit's part shrank to nothing.
    pub p75_without: f64,
    /// That of the percentile.
    pub rating: Rating,
    /// What that would be.
    pub rating_without: Rating,
    /// By how much a percentile may be off at most, as a share of it.
    pub error: f64,
    /// The part of the value that it is the culprit of.
    pub part: Part,
    /// Page views to look at, the worst first.
    pub evidence: Vec<PageViewKey>,
    /// What to do.
    pub advice: String,
}

impl Recount {
    pub(super) fn of(culprits: Vec<Key>) -> Self {
        let mut recount = Self::default();
        for key in culprits {
            let metric = key.metric;
            let new = || Route { now: Distribution::new(metric), suspects: Vec::new() };
            let routes = &mut recount.routes[metric as usize];
            let route = routes.entry(key.route.clone()).or_insert_with(new);
            route.suspects.push(Suspect::new(key));
        }
        recount
    }

    /// Counts a page view.
    pub(in crate::report) fn add(&mut self, page_view: &Explained<'_>) {
        self.page_views += 1;
        for (routes, measurement) in self.routes.iter_mut().zip(&page_view.measurements) {
            if let (Some(route), Some(measurement)) = (routes.get_mut(page_view.route), measurement)
            {
                route.add(page_view, measurement);
            }
        }
    }

    /// How many page views were counted.
    pub(super) fn page_views(&self) -> u64 {
        self.page_views
    }

    /// The greatest benefit first.
    pub(super) fn into_ranking(self) -> Vec<Opportunity> {
        let routes = self.routes.into_iter().flat_map(HashMap::into_values);
        let mut found = routes.flat_map(Route::into_opportunities).collect::<Vec<_>>();
        // Of what is as much worth, the metric of which people are told first comes first.
        let order = |key: &Key| IN_ORDER.iter().position(|name| *name == key.metric);
        found.sort_by(|(a_key, a), (b_key, b)| {
            let rank = |it: &Opportunity| Reverse((it.benefit, it.improved));
            (rank(a), order(a_key), a_key).cmp(&(rank(b), order(b_key), b_key))
        });
        found.into_iter().map(|(_, opportunity)| opportunity).collect()
    }
}

impl Route {
    fn add(&mut self, page_view: &Explained<'_>, measurement: &Measurement) {
        let Self { now, suspects } = self;
        now.add(measurement.steps);
        let blame = blame(now.name(), page_view, measurement);
        for suspect in suspects {
            match &blame {
                Some(blame) if blame.culprit == suspect.key => {
                    suspect.add(page_view.key, measurement.steps, blame);
                }
                _ => suspect.without.add(measurement.steps),
            }
        }
    }

    fn into_opportunities(self) -> impl Iterator<Item = (Key, Opportunity)> {
        let Self { now, suspects } = self;
        let (measured, error, p75) = (now.count(), now.error(), p75(now));
        let opportunity = move |suspect: Suspect| suspect.into_opportunity(measured, error, p75?);
        suspects.into_iter().filter_map(opportunity)
    }
}

impl Suspect {
    fn new(key: Key) -> Self {
        let metric = key.metric;
        Self {
            key,
            without: Distribution::new(metric),
            parts: Distribution::new(metric),
            improved: 0,
            benefit: 0,
            sources: Sources::default(),
            evidence: Vec::with_capacity(EVIDENCE_MAX + 1),
        }
    }

    /// Counts a page view that it is the culprit of.
    fn add(&mut self, page_view: PageViewKey, steps: u32, blame: &Blame) {
        self.without.add(blame.without);
        self.parts.add(blame.part);
        self.sources.add(&blame.source);
        let benefit = benefit(self.key.metric, steps, blame.without);
        self.benefit += benefit;
        if benefit > 0 {
            self.improved += 1;
            self.evidence.push((steps, page_view));
            self.evidence.sort_unstable_by_key(|known| Reverse(*known));
            self.evidence.truncate(EVIDENCE_MAX);
        }
    }

    /// Nothing, if nothing would be better without it.
    fn into_opportunity(
        self,
        measured: u64,
        error: f64,
        p75_now: f64,
    ) -> Option<(Key, Opportunity)> {
        let Self { key, without, parts, improved, benefit, sources, evidence } = self;
        if benefit == 0 {
            return None;
        }
        let (metric, page_views) = (key.metric, parts.count());
        let (p75_of_part, p75_without) = (p75(parts)?, p75(without)?);
        let unit = Unit::of(metric);
        let culprit = Culprit::of(&key, sources.into_text());
        let opportunity = Opportunity {
            metric: MetricWord(metric),
            route: (!key.route.is_empty()).then(|| key.route.clone()),
            page_views,
            measured,
            share: share(page_views, measured),
            improved,
            benefit,
            unit,
            p75: unit.round(p75_now),
            p75_without: unit.round(p75_without),
            rating: metric.rate(p75_now),
            rating_without: metric.rate(p75_without),
            error,
            part: Part { name: key.part, p75: unit.round(p75_of_part) },
            evidence: evidence.into_iter().map(|(_, page_view)| page_view).collect(),
            advice: advice(key.part, &culprit),
            culprit,
        };
        Some((key, opportunity))
    }
}
