//! The answer what goes wrong, what touches most page views first.

use super::groups::{ErrorGroups, Group, Key};
use crate::{
    report::{
        Period, Question, RankedQuestion, Sampled,
        original::{Original, originals},
    },
    store::sqlite::Filters,
};
use beacon::{ErrorKind, StackFrame};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Routes of an error that are told.
const ROUTES_MAX: usize = 5;

/// The answer of `GET /v1/sites/{site}/errors`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ErrorsReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// From when on page views are still there.
    #[schema(value_type = String, format = DateTime)]
    pub kept_from: Timestamp,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sampled: Option<Sampled>,
    /// On how many something went wrong.
    pub page_views: u64,
    /// How many errors are told apart; those that are no rows touch fewest page views.
    pub errors: u64,
    /// How often something went wrong that was one too many to be told apart.
    pub dropped: u64,
    /// Errors, the one that touches most page views first.
    pub rows: Vec<ErrorRow>,
}

/// Errors that say the same, but for digits, and happened at the same place.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ErrorRow {
    /// How they came to light.
    pub kind: ErrorKind,
    /// What one of them says.
    pub message: String,
    /// On how many page views they happened.
    pub page_views: u64,
    /// How often.
    pub count: u64,
    /// Where one of them happened, the innermost function first.
    pub stack: Vec<Call>,
    /// On which routes, that of most page views first: at most 5.
    pub routes: Vec<String>,
}

/// A call that had not returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Call {
    /// As the browser tells it.
    #[serde(flatten)]
    pub frame: StackFrame,
    /// Where that is in the source; absent without a source map that knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub original: Option<Original>,
}

impl ErrorsReport {
    /// The addresses of scripts that occur in stacks, each once.
    pub(crate) fn sources(&self) -> BTreeSet<String> {
        let calls = self.rows.iter().flat_map(|row| &row.stack);
        let known = calls.map(|call| &call.frame.source).filter(|source| !source.is_empty());
        known.cloned().collect()
    }

    /// Says of the calls of a script where they are in the source.
    pub(crate) fn explain(&mut self, source: &str, map: &[u8]) {
        let calls = self.rows.iter_mut().flat_map(|row| &mut row.stack);
        let mut calls = calls.filter(|call| call.frame.source == source).collect::<Vec<_>>();
        let place = |call: &&mut Call| (call.frame.line, call.frame.column);
        let places = calls.iter().map(place).collect::<Vec<_>>();
        for (call, original) in calls.iter_mut().zip(originals(map, &places)) {
            call.original = original;
        }
    }
}

/// Answers from what went wrong.
pub(crate) fn errors(
    site: &str,
    RankedQuestion { question: Question { period, filters }, limit }: RankedQuestion,
    ErrorGroups { page_views, dropped, by_key }: ErrorGroups,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> ErrorsReport {
    let errors = by_key.len() as u64;
    let mut groups = by_key.into_iter().collect::<Vec<_>>();
    let often = |group: &Group| (group.page_views.count, group.count);
    groups.sort_by(|(a_key, a), (b_key, b)| often(b).cmp(&often(a)).then_with(|| a_key.cmp(b_key)));
    groups.truncate(limit);
    let rows = groups.into_iter().map(|(key, group)| row(&key, group)).collect();
    ErrorsReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        errors,
        dropped,
        rows,
    }
}

fn row(key: &Key, Group { message, stack, count, page_views, routes, .. }: Group) -> ErrorRow {
    let mut routes = routes.into_iter().collect::<Vec<_>>();
    routes.sort_by_key(|(_, page_views)| std::cmp::Reverse(*page_views));
    routes.truncate(ROUTES_MAX);
    let routes = routes.into_iter().map(|(route, _)| route).collect();
    let stack = stack.into_iter().map(|frame| Call { frame, original: None }).collect();
    ErrorRow { kind: key.kind, message, page_views: page_views.count, count, stack, routes }
}
