//! Page views → groups. They are looked at twice: to find the groups that matter, and to count those.

use super::{
    by::{By, Group},
    parts::{MeanPart, Parts},
    question::AttributionQuestion,
};
use crate::{
    distribution::Distribution,
    ingest::Measurement,
    report::{
        Period, Question, Sampled, Unit,
        frequent::{Frequent, Score},
        metric_name::MetricWord,
        share,
        subparts::in_steps,
        summary::p75,
    },
    store::sqlite::{Explained, Filters},
};
use beacon::{MetricName, NumberField, Rating, TextField};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Groups that are remembered while those that matter are looked for.
const CANDIDATES_MAX: usize = 20_000;
/// All groups that are not told apart.
const OTHER: &str = "(other)";

/// Looks for the groups that matter.
#[derive(Debug)]
pub(in crate::report) struct Candidates {
    metric: MetricName,
    by: Vec<(By, Frequent<Group>)>,
    limit: usize,
}

/// Counts them.
#[derive(Debug)]
pub(in crate::report) struct Groups {
    metric: MetricName,
    all: Distribution,
    parts: Parts,
    by: Vec<Grouping>,
}

/// The groups of one way to explain a metric.
#[derive(Debug)]
struct Grouping {
    by: By,
    groups: HashMap<Group, Counted>,
    other: Counted,
}

/// The page views of a group.
#[derive(Debug)]
struct Counted {
    values: Distribution,
    part: Option<NumberField>,
    parts: Distribution,
}

/// The answer of `GET /v1/sites/{site}/attribution`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attributions)]
pub struct AttributionReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What they are alike in.
    pub filters: Filters,
    /// From when on every page view of the period is still there. Those before are not counted here.
    pub kept_from: Timestamp,
    /// Whether only some page views were looked at; every count is of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<Sampled>,
    /// The metric, in lower case.
    pub metric: MetricWord,
    /// What its values are.
    pub unit: Unit,
    /// On how many page views it was measured.
    pub count: u64,
    /// Of all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p75: Option<f64>,
    /// How many of them are poor.
    pub poor_count: u64,
    /// By how much a percentile may be off at most, as a share of it.
    pub error: f64,
    /// The numbers that there may be of a value, as web-vitals calls them.
    pub numbers: &'static [NumberField],
    /// The texts.
    pub texts: &'static [TextField],
    /// How a value divides on average, in the order of time, among page views of which all parts are known; empty
    /// where values have no parts.
    pub parts: Vec<MeanPart>,
    /// By what they were grouped.
    pub groups: Vec<Grouped>,
}

/// Page views, grouped by something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributionGroups)]
pub struct Grouped {
    /// By what.
    pub by: By,
    /// Of how many page views that is known.
    pub count: u64,
    /// Those with the most page views that are poor or need improvement first, and what is left as
    /// `(other)` last.
    pub rows: Vec<GroupRow>,
}

/// A group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttributionRow)]
pub struct GroupRow {
    /// What its page views have in common.
    #[serde(flatten)]
    pub group: Group,
    /// How many there are.
    pub count: u64,
    /// That as a share of those on which the metric was measured.
    pub share: f64,
    /// Of the metric among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p75: Option<f64>,
    /// That of the percentile.
    #[schema(required)]
    pub rating: Option<Rating>,
    /// How many are poor.
    pub poor_count: u64,
    /// The part of the value that the group is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub part: Option<Part>,
}

/// A part of values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Part {
    /// As web-vitals calls it.
    pub name: NumberField,
    /// Its 75th percentile, in the metric's unit.
    pub p75: f64,
}

impl Candidates {
    /// Of a question, without page views.
    pub(in crate::report) fn of(
        AttributionQuestion { metric, by, limit, .. }: &AttributionQuestion,
    ) -> Self {
        let by = by.iter().map(|by| (*by, Frequent::new(CANDIDATES_MAX))).collect();
        Self { metric: *metric, by, limit: *limit }
    }

    /// Looks at a page view.
    pub(in crate::report) fn add(&mut self, page_view: &Explained<'_>) {
        let Some(Measurement { steps, attribution }) =
            &page_view.measurements[self.metric as usize]
        else {
            return;
        };
        let slow = slowness(self.metric, *steps);
        for (by, frequent) in &mut self.by {
            if let Some(group) = by.group(self.metric, attribution) {
                frequent.add(group, [slow, 1]);
            }
        }
    }

    /// The groups that are told apart, to be counted.
    pub(in crate::report) fn into_groups(self) -> Groups {
        let Self { metric, by, limit } = self;
        let grouping = |(by, frequent): (By, Frequent<Group>)| {
            let groups = frequent.into_best(limit).into_iter();
            let groups = groups.map(|group| (group, Counted::new(metric))).collect();
            Grouping { by, groups, other: Counted::new(metric) }
        };
        let by = by.into_iter().map(grouping).collect();
        Groups { metric, all: Distribution::new(metric), parts: Parts::of(metric), by }
    }
}

/// What a page view adds to the rank of its group.
fn slowness(metric: MetricName, steps: u32) -> u64 {
    metric.rate_steps(steps) as u64
}

impl Groups {
    /// Counts a page view.
    pub(in crate::report) fn add(&mut self, page_view: &Explained<'_>) {
        let metric = self.metric;
        let Some(Measurement { steps, attribution }) = &page_view.measurements[metric as usize]
        else {
            return;
        };
        self.all.add(*steps);
        self.parts.add(attribution);
        for Grouping { by, groups, other } in &mut self.by {
            let Some(group) = by.group(metric, attribution) else { continue };
            let counted = groups.get_mut(&group).unwrap_or(other);
            counted.values.add(*steps);
            if let Some((field, number)) = by.part(metric, attribution) {
                // Page views of `(other)` may be about several parts.
                counted.part = Some(field);
                counted.parts.add(in_steps(metric, number));
            }
        }
    }
}

/// Answers with what was counted.
pub(in crate::report) fn explain(
    site: &str,
    asked: AttributionQuestion,
    groups: Groups,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> AttributionReport {
    let Question { period, filters } = asked.question;
    let Groups { metric, all, parts, by } = groups;
    let (unit, count, [.., poor_count]) = (Unit::of(metric), all.count(), all.ratings());
    // Of the groups none has more values, so none is less exact.
    let error = all.error();
    AttributionReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        metric: MetricWord(metric),
        unit,
        count,
        p75: p75(all).map(|p75| unit.round(p75)),
        poor_count,
        error,
        numbers: metric.number_fields(),
        texts: metric.text_fields(),
        parts: parts.into_answer(),
        groups: by.into_iter().map(|grouping| grouping.into_answer(count)).collect(),
    }
}

impl Grouping {
    fn into_answer(self, measured: u64) -> Grouped {
        let Self { by, groups, other } = self;
        let mut groups = groups.into_iter().collect::<Vec<_>>();
        groups.sort_unstable_by(|(a, a_counted), (b, b_counted)| {
            b_counted.score().cmp(&a_counted.score()).then(a.cmp(b))
        });
        let rest = Group { value: OTHER.to_owned(), source: None };
        // Parts of several kinds have no percentile in common.
        let other = if by == By::Subpart { Counted { part: None, ..other } } else { other };
        groups.extend((other.values.count() > 0).then_some((rest, other)));
        let count = groups.iter().map(|(_, counted)| counted.values.count()).sum();
        let rows = groups.into_iter().map(|(group, counted)| counted.into_row(group, measured));
        Grouped { by, count, rows: rows.collect() }
    }
}

impl Counted {
    fn new(metric: MetricName) -> Self {
        let (values, parts) = (Distribution::new(metric), Distribution::new(metric));
        Self { values, part: None, parts }
    }

    fn score(&self) -> Score {
        let [_, needs_improvement, poor] = self.values.ratings();
        [needs_improvement + 2 * poor, self.values.count()]
    }

    fn into_row(self, group: Group, measured: u64) -> GroupRow {
        let Self { values, part, parts } = self;
        let (metric, count, [.., poor_count]) = (values.name(), values.count(), values.ratings());
        let unit = Unit::of(metric);
        let p75_of_part = part.zip(p75(parts));
        let p75 = p75(values);
        GroupRow {
            group,
            count,
            share: share(count, measured),
            p75: p75.map(|p75| unit.round(p75)),
            rating: p75.map(|p75| metric.rate(p75)),
            poor_count,
            part: p75_of_part.map(|(name, p75)| Part { name, p75: unit.round(p75) }),
        }
    }
}
