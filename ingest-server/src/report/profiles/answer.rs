//! The answer where the time of scripts goes, the functions with most of it first.

use super::{
    calls::{Called, Calls, Function, Stack},
    question::{Interactions, ProfilesQuestion},
};
use crate::{
    report::{Period, Question, Sampled, durations::rounded_ms as ms, share},
    store::sqlite::Filters,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Stacks of an answer: those with most time.
const STACKS_MAX: usize = 500;
/// Bytes of the names in them. Usual ones take a tenth.
const STACKS_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The answer of `GET /v1/sites/{site}/profiles`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProfilesReport {
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
    /// What the slowest interactions of all of them are with: the selector of an element.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub target: Option<String>,
    /// Within what samples are counted.
    pub interactions: Interactions,
    /// How many were profiled.
    pub page_views: u64,
    /// For how long scripts ran in all samples, in milliseconds.
    pub total_ms: f64,
    /// For how long stacks ran that were too many to be told apart, in milliseconds.
    pub dropped_ms: f64,
    /// How many functions there are; those that are no rows take least time.
    pub functions: u64,
    /// Functions, by the time in which they or what they called ran.
    pub rows: Vec<FunctionRow>,
    /// Stacks, by the time in which they were on top: at most 500, and fewer if their names take over 4 MiB.
    pub stacks: Vec<StackRow>,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FunctionRow {
    /// What it is called, in the source where a source map tells it; absent for no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Its file in the source where a source map tells it; otherwise the address of its script, with `*` for a
    /// hash of the content. Absent for what is the browser's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<String>,
    /// Its line in the source, from 1 on, in the release that was seen last; absent without a source map that
    /// knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<u32>,
    /// On how many page views it ran.
    pub page_views: u64,
    /// How long it ran itself, in milliseconds.
    pub self_ms: f64,
    /// Its share in all that ran.
    pub self_share: f64,
    /// How long it ran, or what it called, in milliseconds.
    pub total_ms: f64,
    /// Its share in all that ran.
    pub total_share: f64,
}

/// Functions of which each called the next.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct StackRow {
    /// The outermost first. A function without a name is called after its script.
    pub functions: Vec<String>,
    /// How long the last of them ran itself, in milliseconds.
    pub self_ms: f64,
}

/// Answers from what called what.
pub(crate) fn profiles(
    site: &str,
    asked: ProfilesQuestion,
    calls: &Calls,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> ProfilesReport {
    let ProfilesQuestion { question, target, interactions, limit } = asked;
    let Question { period, filters } = question;
    let all_us = calls.sampled_us;
    let mut ran = calls.functions.iter().filter(|it| it.total_us > 0).collect::<Vec<_>>();
    let functions = ran.len() as u64;
    let time = |it: &Called| (it.total_us, it.self_us);
    ran.sort_by(|a, b| time(b).cmp(&time(a)).then_with(|| a.function.cmp(&b.function)));
    let rows = ran.into_iter().take(limit).map(|called| row(called, all_us)).collect();
    ProfilesReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        target,
        interactions,
        page_views: calls.page_views,
        total_ms: ms(all_us),
        dropped_ms: ms(calls.dropped_us),
        functions,
        rows,
        stacks: stacks(calls),
    }
}

fn row(
    Called { function, line, page_views, self_us, total_us }: &Called,
    all_us: u64,
) -> FunctionRow {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    FunctionRow {
        name: known(&function.name),
        source: known(&function.source),
        line: *line,
        page_views: *page_views,
        self_ms: ms(*self_us),
        self_share: share(*self_us, all_us.max(1)),
        total_ms: ms(*total_us),
        total_share: share(*total_us, all_us.max(1)),
    }
}

fn stacks(calls: &Calls) -> Vec<StackRow> {
    let ran = (0..calls.stacks.len()).filter(|at| calls.stacks[*at].self_us > 0);
    let mut ran = ran.collect::<Vec<_>>();
    ran.sort_by_key(|at| (std::cmp::Reverse(calls.stacks[*at].self_us), *at));
    ran.truncate(STACKS_MAX);
    let stack = |at: usize| {
        let mut functions = Vec::new();
        let mut next = Some(at);
        while let Some(place) = next {
            let Stack { parent, function, .. } = calls.stacks[place];
            functions.push(called(&calls.functions[function].function));
            next = parent;
        }
        functions.reverse();
        StackRow { functions, self_ms: ms(calls.stacks[at].self_us) }
    };
    let mut bytes = 0;
    let has_room = |row: &StackRow| {
        bytes += row.functions.iter().map(String::len).sum::<usize>();
        bytes <= STACKS_BYTES_MAX
    };
    ran.into_iter().map(stack).take_while(has_room).collect()
}

fn called(Function { name, source, .. }: &Function) -> String {
    let file = source.rsplit('/').next().unwrap_or_default();
    match (name.is_empty(), file.is_empty()) {
        (false, _) => name.clone(),
        (true, false) => format!("(anonymous in {file})"),
        (true, true) => "(anonymous)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::profiles::Originals, store::sqlite::PagePlace};
    use beacon::{Profile, ProfiledFunction, ProfiledStack};

    #[test]
    fn functions_with_most_time_come_first_and_stacks_are_told_from_the_outermost_on() {
        let function = |name: &str, source| ProfiledFunction {
            name: name.to_owned(),
            source,
            line: 0,
            column: 0,
        };
        let stack =
            |parent, function, count| ProfiledStack { parent, function, count, slow_count: 0 };
        let mut calls = Calls::within(Interactions::All, Originals::default());
        let profile = Profile {
            interval_us: 10_000,
            sources: vec!["https://shop.example/app.js".to_owned()],
            functions: vec![function("onClick", 1), function("slowFilter", 1), function("", 1)],
            stacks: vec![stack(0, 0, 1), stack(1, 1, 20), stack(0, 2, 4)],
            dropped: 1,
        };
        calls.add(profile, PagePlace::on(""));
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = ProfilesQuestion::of(question, Interactions::All, None);
        let asked = ProfilesQuestion { limit: 2, ..asked };
        let answer = profiles("shop", asked, &calls, None, Timestamp::UNIX_EPOCH);
        assert_eq!((answer.functions, answer.rows.len()), (3, 2));
        let told =
            answer.rows.iter().map(|row| (row.name.as_deref(), row.self_share, row.total_share));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [(Some("onClick"), 0.04, 0.84), (Some("slowFilter"), 0.8, 0.8)]
        );
        assert_eq!([answer.total_ms, answer.dropped_ms].map(|ms| ms.to_string()), ["250", "10"]);
        assert_eq!(answer.stacks[0].functions, ["onClick", "slowFilter"]);
        assert_eq!(answer.stacks[1].functions, ["(anonymous in app.js)"]);
    }
}
