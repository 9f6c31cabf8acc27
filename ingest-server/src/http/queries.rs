//! `GET /debug/queries`: how the statements fare that the database is asked.

use super::{
    app::App,
    media::{Named, varied},
    openapi::{AsTable, Gate},
    problem::{self, Problem},
};
use crate::{
    report::{Parameters, QuestionError, Table, figures::field},
    store::sqlite::{Database, Plan, StatementTimes},
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::{collections::HashMap, time::Duration};
use utoipa::ToSchema;

/// How the statements fare that the database is asked, since the server was started.
#[derive(Serialize, ToSchema)]
#[schema(as = Queries)]
pub(super) struct Answer {
    /// From how many milliseconds on a statement is slow, and the log is told.
    slow_after_ms: u64,
    /// Of so many transactions of the one that writes, one is watched: its counts are of those.
    writer_one_in: u32,
    /// By the time that all runs of each took, the longest first.
    queries: Vec<Query>,
}

/// A statement and its runs. A run lasts from its first step to its last, with what the server does with
/// each row meanwhile.
#[derive(Default, Serialize, ToSchema)]
struct Query {
    /// What it is called.
    name: &'static str,
    /// Runs.
    count: u64,
    /// Of all of them.
    total_ms: f64,
    /// On average.
    mean_ms: f64,
    /// Nineteen of twenty take no longer.
    p95_ms: f64,
    /// The longest.
    max_ms: f64,
    /// Rows that they gave.
    rows: u64,
    /// How SQLite goes about it, if that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    plan: Option<Steps>,
}

/// How SQLite goes about a statement.
#[derive(Serialize, ToSchema)]
#[schema(as = QueryPlan)]
struct Steps {
    /// `EXPLAIN QUERY PLAN`, a step a line.
    steps: Vec<String>,
    /// Tables that are large some day and that all is read of.
    full_scans: Vec<String>,
    /// Why that is right; absent where it is a fault, or nothing is read all of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    because: Option<&'static str>,
}

/// How the statements fare that the database is asked
///
/// Of each, how often it was run and how long that took. With `explain=1` every statement there is, and how
/// SQLite goes about it. As CSV with `Accept: text/csv`: a row for each.
#[utoipa::path(
    get,
    path = "/debug/queries",
    operation_id = "queries",
    tag = "Operators",
    params(
        ("explain" = Option<String>, Query, pattern = "^[01]$",
            description = "`1`: how SQLite goes about each.", example = "1"),
        AsTable,
    ),
    responses(
        (
            status = 200,
            description = "The statements.",
            content(
                (Answer = "application/json", example = json!({
                    "slow_after_ms": 250, "writer_one_in": 16,
                    "queries": [{
                        "name": "histograms.of_value", "count": 812, "total_ms": 1380.4, "mean_ms": 1.7,
                        "p95_ms": 3.1, "max_ms": 12.4, "rows": 136_416,
                        "plan": {
                            "steps": ["SEARCH histograms USING INDEX sqlite_autoindex_histograms_1 (site_id=? \
                                       AND dimension=? AND value=? AND hours=? AND first_hour>? AND \
                                       first_hour<?)"],
                            "full_scans": [],
                        },
                    }],
                })),
                (String = "text/csv"),
            ),
        ),
        (status = 400, description = "`invalid_parameter`: `field` names it.",
            body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`: the database cannot be read now.",
            body = problem::Body, content_type = "application/problem+json"),
        Gate,
    )
)]
pub(super) async fn queries(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let named = Named::of(&query.unwrap_or_default())?;
    let is_explained = is_explained(&named.query)?;
    let plans = if is_explained { app.reader().plans().await? } else { Vec::new() };
    let tally = app.reader().statements();
    let queries = queries_of(tally.times(), plans);
    let slow_after_ms = u64::try_from(tally.slow_after().as_millis()).unwrap_or(u64::MAX);
    let answer = Answer { slow_after_ms, writer_one_in: Database::WATCHED_ONE_IN, queries };
    let rendered = named.media(&headers).render(&named, &answer)?;
    Ok(varied((named.file(), rendered).into_response()))
}

impl Table for Answer {
    fn columns(&self) -> Vec<&'static str> {
        let times = ["total_ms", "mean_ms", "p95_ms", "max_ms"];
        [&["name", "count"][..], &times, &["rows", "full_scans", "steps"]].concat()
    }

    fn rows(&self) -> Vec<Vec<String>> {
        self.queries.iter().map(fields).collect()
    }
}

fn fields(query: &Query) -> Vec<String> {
    let Query { name, count, total_ms, mean_ms, p95_ms, max_ms, rows, plan } = query;
    let of_plan = |of: fn(&Steps) -> String| field(plan.as_ref().map(of));
    vec![
        (*name).to_owned(),
        count.to_string(),
        total_ms.to_string(),
        mean_ms.to_string(),
        p95_ms.to_string(),
        max_ms.to_string(),
        rows.to_string(),
        of_plan(|it| it.full_scans.join(" ")),
        of_plan(|it| it.steps.join("\n")),
    ]
}

fn is_explained(query: &str) -> Result<bool, QuestionError> {
    let mut parameters = Parameters::parse(query)?;
    let explain = parameters.one_of("explain", &[false, true], |it| if it { "1" } else { "0" })?;
    parameters.finish_known(&["explain"])?;
    Ok(explain.unwrap_or_default())
}

/// Those that were run, and then those that were not but have a plan.
fn queries_of(times: Vec<StatementTimes>, plans: Vec<Plan>) -> Vec<Query> {
    let mut steps = HashMap::new();
    let mut names = Vec::with_capacity(plans.len());
    for Plan { name, steps: lines, full_scans, scans_because: because } in plans {
        names.push(name);
        steps.insert(name, Steps { steps: lines, full_scans, because });
    }
    let mut queries = times.into_iter().map(query).collect::<Vec<_>>();
    for query in &mut queries {
        query.plan = steps.remove(query.name);
    }
    for name in names {
        let plan = steps.remove(name);
        queries.extend(plan.map(|plan| Query { name, plan: Some(plan), ..Query::default() }));
    }
    queries
}

fn query(StatementTimes { name, count, total, mean, p95, max, rows }: StatementTimes) -> Query {
    let [total_ms, mean_ms, p95_ms, max_ms] = [total, mean, p95, max].map(ms);
    Query { name, count, total_ms, mean_ms, p95_ms, max_ms, rows, plan: None }
}

/// To the microsecond.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
