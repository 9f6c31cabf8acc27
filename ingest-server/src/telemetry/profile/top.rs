//! What stands out in a profile, as JSON.

use super::{
    Growth,
    places::{Place, Places},
};
use jemalloc_pprof::StackProfile;
use serde::Serialize;
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use utoipa::ToSchema;

/// Rows that are told.
const ROWS: usize = 10;
/// What the names of this program's own functions begin with.
const OWN: [&str; 4] = ["ingest_server::", "<ingest_server::", "beacon::", "<beacon::"];

/// Where time goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct CpuTop {
    /// How long was sampled.
    seconds: u64,
    /// Time of all processors together.
    cpu_ms: f64,
    /// The ten functions that are on the stack for the longest, with all that they call.
    functions: Vec<Row>,
    /// The ten of these that are this program's own.
    of_rhumb: Vec<Row>,
}

/// Where memory is.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeapTop {
    /// For how long the allocator has sampled; what is older is not told.
    sampled_seconds: f64,
    /// Bytes of all stacks when it was asked for before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    before_bytes: Option<f64>,
    /// Bytes of all stacks now.
    after_bytes: f64,
    /// The ten places with the most of them or, with `since=previous`, whose bytes have grown the most.
    sites: Vec<Row>,
}

/// A function, or a line of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Row {
    function: String,
    /// File and line, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    line: Option<String>,
    /// Milliseconds, or bytes.
    value: f64,
    /// Of all.
    percent: f64,
}

impl CpuTop {
    pub(super) fn of(stacks: &StackProfile, duration: Duration) -> Self {
        let mut places = Places::default();
        let mut by_function = HashMap::<String, f64>::new();
        let mut total_ms = 0.0;
        for (stack, _) in stacks.iter() {
            let ms = stack.weight / 1e6;
            total_ms += ms;
            // A function that calls itself is there once.
            let functions = places.of(&stack.addrs).into_iter().map(|place| place.function);
            for function in functions.collect::<HashSet<_>>() {
                *by_function.entry(function).or_default() += ms;
            }
        }
        let own = by_function.iter().filter(|(name, _)| begins(name, &OWN));
        let own = own.map(|(name, ms)| (name.clone(), *ms)).collect::<Vec<_>>();
        let rows = |values: Vec<(String, f64)>| {
            largest(
                values
                    .into_iter()
                    .map(|(function, ms)| (Place { function, line: None, is_plumbing: false }, ms)),
                total_ms,
            )
        };
        Self {
            seconds: duration.as_secs(),
            cpu_ms: tenths(total_ms),
            of_rhumb: rows(own),
            functions: rows(by_function.into_iter().collect()),
        }
    }
}

impl HeapTop {
    pub(super) fn of(stacks: &StackProfile, growth: Growth) -> Self {
        let mut places = Places::default();
        let mut by_site = HashMap::<Place, f64>::new();
        for (stack, _) in stacks.iter() {
            if let Some(site) = site(places.of(&stack.addrs)) {
                *by_site.entry(site).or_default() += stack.weight;
            }
        }
        by_site.retain(|_, bytes| *bytes > 0.0);
        Self {
            sampled_seconds: growth.sampled.as_secs_f64(),
            before_bytes: growth.before.map(tenths),
            after_bytes: tenths(growth.after),
            sites: largest(by_site.into_iter(), growth.after),
        }
    }
}

/// The innermost place that is there for more than memory.
fn site(places: Vec<Place>) -> Option<Place> {
    places.into_iter().find(|place| !place.is_plumbing)
}

fn begins(name: &str, with: &[&str]) -> bool {
    with.iter().any(|start| name.starts_with(start))
}

fn largest(values: impl Iterator<Item = (Place, f64)>, total: f64) -> Vec<Row> {
    let mut values = values.collect::<Vec<_>>();
    values.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.function.cmp(&b.function)));
    values.truncate(ROWS);
    let row = |(place, value): (Place, f64)| Row {
        function: place.function,
        line: place.line,
        value: tenths(value),
        percent: tenths(if total > 0.0 { 100.0 * value / total } else { 0.0 }),
    };
    values.into_iter().map(row).collect()
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(function: &str) -> Place {
        let is_plumbing = function.starts_with("alloc::");
        Place { function: function.to_owned(), line: None, is_plumbing }
    }

    #[test]
    fn a_site_is_the_innermost_function_that_is_there_for_more_than_memory() {
        let stack = ["alloc::alloc::alloc", "alloc::vec::Vec<T>::push", "rusqlite::x", "main"];
        assert_eq!(site(stack.map(place).into()), Some(place("rusqlite::x")));
        assert_eq!(site(vec![place("alloc::x")]), None);
    }

    #[test]
    fn of_many_the_ten_largest_are_told_with_their_share() {
        let values = (1..=20_u8).map(|n| (place(&format!("f{n:02}")), f64::from(n)));
        let rows = largest(values, 200.0);
        assert_eq!(rows.len(), 10);
        assert_eq!((&*rows[0].function, rows[0].percent), ("f20", 10.0));
    }
}
