//! How often statements were run, and how long that took.

use super::{all, watch::name};
use hdrhistogram::Histogram;
use std::{
    iter,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Significant digits of a time.
const DIGITS: u8 = 2;

/// Counts of each named statement.
#[derive(Debug)]
pub struct StatementTally {
    slow_after: Duration,
    /// By number; the last is of those without a name.
    counts: Vec<Mutex<Count>>,
}

#[derive(Debug)]
struct Count {
    total: Duration,
    rows: u64,
    /// The longest that the log was told of.
    told: Option<Duration>,
    times_us: Histogram<u64>,
}

/// How a statement fares, since the server was started.
#[derive(Clone, Debug)]
pub struct StatementTimes {
    /// What it is called.
    pub name: &'static str,
    /// Runs that were watched.
    pub count: u64,
    /// All of them together.
    pub total: Duration,
    /// How long it takes on average …
    pub mean: Duration,
    /// … and how long nineteen of twenty take at most.
    pub p95: Duration,
    /// The longest of all.
    pub max: Duration,
    /// Rows that it gave.
    pub rows: u64,
}

impl StatementTally {
    /// From how many milliseconds on a statement is slow, unless it is said otherwise.
    pub const SLOW_AFTER_MS_DEFAULT: u64 = 250;

    /// Of nothing yet. What takes so long is slow.
    pub fn new(slow_after: Duration) -> Self {
        let counts = iter::repeat_with(Mutex::default).take(all().len() + 1).collect();
        Self { slow_after, counts }
    }

    /// From which time on a statement is slow.
    pub fn slow_after(&self) -> Duration {
        self.slow_after
    }

    /// Counts a run; whether it was slow.
    pub(super) fn count(&self, number: usize, duration: Duration, rows: u64) -> bool {
        if let Some(count) = self.counts.get(number) {
            count.lock().unwrap_or_else(PoisonError::into_inner).add(duration, rows);
        }
        duration >= self.slow_after
    }

    /// Whether the log was not told yet that the statement takes that long: it is told again of what takes
    /// twice as long, so that it has one line of each slow statement and not one of each run.
    pub(super) fn is_news(&self, number: usize, duration: Duration) -> bool {
        let Some(count) = self.counts.get(number) else { return false };
        let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = count.told.is_none_or(|told| duration >= 2 * told && duration > told);
        if is_news {
            count.told = Some(duration);
        }
        is_news
    }

    /// Those that were run, by how long all runs of each took, the longest first.
    pub fn times(&self) -> Vec<StatementTimes> {
        let mut times = Vec::new();
        for (number, count) in self.counts.iter().enumerate() {
            let count = count.lock().unwrap_or_else(PoisonError::into_inner);
            times.extend(count.times(name(number)));
        }
        times.sort_by(|a, b| (b.total, a.name).cmp(&(a.total, b.name)));
        times
    }
}

impl Default for StatementTally {
    fn default() -> Self {
        Self::new(Duration::from_millis(Self::SLOW_AFTER_MS_DEFAULT))
    }
}

impl Default for Count {
    fn default() -> Self {
        // It makes room for longer times by itself; the digits are ones that there may be.
        let times_us = Histogram::new(DIGITS).expect("two digits are between none and five");
        Self { total: Duration::ZERO, rows: 0, told: None, times_us }
    }
}

impl Count {
    fn add(&mut self, duration: Duration, rows: u64) {
        self.total += duration;
        self.rows += rows;
        // What does not fit are more microseconds than there are bytes of memory.
        let _ = self.times_us.record(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX));
    }

    fn times(&self, name: &'static str) -> Option<StatementTimes> {
        let count = self.times_us.len();
        let us = Duration::from_micros;
        (count > 0).then(|| StatementTimes {
            name,
            count,
            total: self.total,
            mean: self.total / u32::try_from(count).unwrap_or(u32::MAX),
            p95: us(self.times_us.value_at_quantile(0.95)),
            max: us(self.times_us.max()),
            rows: self.rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_statement_is_told_by_how_often_it_ran_and_how_long_that_took() {
        let tally = StatementTally::new(100 * MS);
        let slow = (1..=100).filter(|ms| tally.count(3, *ms * MS, 2)).count();
        assert_eq!(slow, 1, "what takes as long as the threshold is slow");
        tally.count(0, 10_000 * MS, 0);
        let times = tally.times();
        assert_eq!(times.iter().map(|it| it.name).collect::<Vec<_>>(), [name(0), name(3)]);
        let StatementTimes { count, total, mean, p95, max, rows, .. } = times[1];
        assert_eq!((count, total, rows), (100, 5050 * MS, 200));
        assert_eq!(mean.as_micros(), 50_500);
        assert!(p95.abs_diff(95 * MS) < MS && max.abs_diff(100 * MS) < MS, "{p95:?} {max:?}");
    }

    #[test]
    fn the_log_is_told_again_of_what_takes_twice_as_long_and_of_nothing_else() {
        let tally = StatementTally::default();
        let told = [300, 301, 599, 600, 700, 1200].map(|ms| tally.is_news(1, ms * MS));
        assert_eq!(told, [true, false, false, true, false, true]);
        assert!(tally.is_news(2, 300 * MS), "another statement is another one");
    }
}
