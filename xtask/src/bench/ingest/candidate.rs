//! What was measured of a server, and how people read it.

use serde::{Deserialize, Serialize};

/// What `rhumb load` says.
#[derive(Deserialize, Serialize)]
pub(in crate::bench) struct Load {
    sent: u64,
    pub(in crate::bench) acknowledged: u64,
    refused: u64,
    failed: u64,
    pub(in crate::bench) seconds: u64,
    latency_ms: Latency,
}

#[derive(Deserialize, Serialize)]
struct Latency {
    p50: f64,
    p99: f64,
    max: f64,
}

/// The loads of a server in all rounds.
#[derive(Serialize)]
pub(super) struct Candidate {
    name: &'static str,
    loads: Vec<Load>,
    memory_mb: Vec<u64>,
}

impl Candidate {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, loads: Vec::new(), memory_mb: Vec::new() }
    }

    pub(super) fn add(&mut self, load: Load, memory_mb: Option<u64>) {
        self.loads.push(load);
        self.memory_mb.extend(memory_mb);
    }

    /// Page views that were acknowledged in a second; the median of the rounds.
    pub(super) fn a_second(&self) -> u64 {
        median(self.loads.iter().map(|load| load.acknowledged / load.seconds))
    }

    /// The headings of [`line`](Self::line).
    pub(super) fn headings() -> String {
        format!(
            "  {:<28} {:>12} {:>9} {:>9} {:>9} {:>10} {:>6}",
            "", "page views/s", "", "p50 ms", "p99 ms", "refused", "MB"
        )
    }

    /// Medians, the rate beside that of a yardstick.
    pub(super) fn line(&self, yardstick: u64) -> String {
        // Microseconds, so that there is an order.
        let ms = |ms: fn(&Latency) -> f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let us = median(self.loads.iter().map(|load| (ms(&load.latency_ms) * 1e3) as u64));
            format!("{}.{:02}", us / 1000, us % 1000 / 10)
        };
        let refused = self.loads.iter().map(|load| load.refused + load.failed).sum::<u64>();
        let percent = 100 * self.a_second() / yardstick.max(1);
        let memory = self.memory_mb.iter().max().copied().unwrap_or_default();
        format!(
            "  {:<28} {:>12} {:>7} % {:>9} {:>9} {refused:>10} {memory:>6}",
            self.name,
            self.a_second(),
            percent,
            ms(|it| it.p50),
            ms(|it| it.p99),
        )
    }
}

/// Of an even number of values the upper one.
pub(super) fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values = values.collect::<Vec<_>>();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_the_rounds_in_whatever_order() {
        assert_eq!(median([3, 1, 2].into_iter()), 2);
        assert_eq!(median([].into_iter()), 0);
    }
}
