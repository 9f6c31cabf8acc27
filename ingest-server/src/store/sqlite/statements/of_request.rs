//! The statements that were run for one request.
//!
//! What a request reads is run by a thread of the pool, which knows of no requests. It hands back what it ran
//! with what it read, and whoever waits for both adds it to the request that it belongs to: nothing is shared,
//! so requests at the same time cannot be mixed up.

use super::watch::name;
use std::{cell::RefCell, pin::pin, time::Duration};
use tokio::task::futures::TaskLocalFuture;

tokio::task_local! {
    static STATEMENTS: RefCell<RequestStatements>;
}

/// A request, with its statements.
pub type WithStatements<F> = TaskLocalFuture<RefCell<RequestStatements>, F>;

/// What the database did for a request. It changes places twice for each poll, so it is small.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestStatements {
    commit: Option<Duration>,
    /// Absent for none, as of beacons: theirs are of a transaction that they share with others.
    ran: Option<Box<Ran>>,
}

/// All that were run.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ran {
    runs: u32,
    total: Duration,
    /// Each statement once, so no more than have a name, and one for those without.
    by_statement: Vec<(usize, StatementRuns)>,
}

/// A statement that was run for a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StatementRuns {
    /// How often.
    pub count: u32,
    /// All runs together, with those of other statements between their rows.
    pub total: Duration,
}

impl RequestStatements {
    /// A request that counts its statements; [`TaskLocalFuture::take_value`] has them when it is answered.
    pub fn counted<F: Future>(request: F) -> WithStatements<F> {
        STATEMENTS.scope(RefCell::default(), request)
    }

    /// What a task of its own reads for a request, which may go on without it.
    pub async fn apart<T>(task: impl Future<Output = T>) -> (T, Self) {
        let mut task = pin!(Self::counted(task));
        let answer = task.as_mut().await;
        (answer, task.take_value().unwrap_or_default().into_inner())
    }

    /// Adds these to those of the request that is being answered, if this is done for one.
    pub fn count_for_request(self) {
        if self != Self::default() {
            // Without a request nobody asks.
            let _ = STATEMENTS.try_with(|all| all.borrow_mut().add(self));
        }
    }

    /// The request has waited so long until what it has sent was on disk.
    pub fn count_commit(waited: Duration) {
        let commit = Self { commit: Some(waited), ..Self::default() };
        commit.count_for_request();
    }

    /// How often statements were run.
    pub fn runs(&self) -> u32 {
        self.ran.as_ref().map_or(0, |it| it.runs)
    }

    /// How long that took: all runs together, but for those between the rows of another one.
    pub fn total(&self) -> Duration {
        self.ran.as_ref().map_or(Duration::ZERO, |it| it.total)
    }

    /// How long the request waited until what it has sent was on disk, by a transaction that it shares with
    /// others.
    pub fn commit(&self) -> Option<Duration> {
        self.commit
    }

    /// Those that took longest, by name.
    pub fn slowest(&self, max: usize) -> Vec<(&'static str, StatementRuns)> {
        let all = self.ran.iter().flat_map(|it| &it.by_statement);
        let named = all.map(|(number, runs)| (name(*number), *runs));
        let mut slowest = named.collect::<Vec<_>>();
        slowest.sort_unstable_by_key(|(name, runs)| (std::cmp::Reverse(runs.total), *name));
        slowest.truncate(max);
        slowest
    }

    /// Counts a run, which may be between the rows of another one.
    pub(super) fn ran(&mut self, number: usize, duration: Duration, is_between_rows: bool) {
        let ran = self.ran.get_or_insert_default();
        ran.runs = ran.runs.saturating_add(1);
        if !is_between_rows {
            ran.total += duration;
        }
        ran.add_runs(number, StatementRuns { count: 1, total: duration });
    }

    fn add(&mut self, more: Self) {
        self.commit = self.commit.max(more.commit);
        if let Some(more) = more.ran {
            self.ran.get_or_insert_default().add(*more);
        }
    }
}

impl Ran {
    fn add(&mut self, more: Self) {
        self.runs = self.runs.saturating_add(more.runs);
        self.total += more.total;
        for (number, runs) in more.by_statement {
            self.add_runs(number, runs);
        }
    }

    fn add_runs(&mut self, number: usize, runs: StatementRuns) {
        // A request has few different ones.
        match self.by_statement.iter_mut().find(|it| it.0 == number) {
            Some((_, known)) => {
                known.count = known.count.saturating_add(runs.count);
                known.total += runs.total;
            }
            None => self.by_statement.push((number, runs)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::statements::all;

    const MS: Duration = Duration::from_millis(1);

    fn ran(runs: &[(usize, u32)]) -> RequestStatements {
        let mut statements = RequestStatements::default();
        for (number, ms) in runs {
            statements.ran(*number, *ms * MS, false);
        }
        statements
    }

    #[tokio::test]
    async fn requests_at_the_same_time_have_their_own_statements() {
        let request = |number, runs| async move {
            for _ in 0..runs {
                ran(&[(number, 2)]).count_for_request();
                tokio::task::yield_now().await;
            }
        };
        let (one, other) =
            (RequestStatements::apart(request(3, 5)), RequestStatements::apart(request(4, 9)));
        let (((), one), ((), other)) = tokio::join!(one, other);
        assert_eq!((one.runs(), one.total()), (5, 10 * MS));
        let nine = StatementRuns { count: 9, total: 18 * MS };
        assert_eq!(other.slowest(2), [(name(4), nine)]);
    }

    #[tokio::test]
    async fn what_is_read_for_nobody_is_nobodys() {
        ran(&[(3, 2)]).count_for_request();
        let ((), statements) = RequestStatements::apart(async {}).await;
        assert_eq!(statements, RequestStatements::default());
    }

    #[test]
    fn a_run_between_the_rows_of_another_is_not_time_twice() {
        let mut statements = RequestStatements::default();
        statements.ran(2, 3 * MS, true);
        statements.ran(1, 5 * MS, false);
        assert_eq!((statements.runs(), statements.total()), (2, 5 * MS));
        let slowest = statements.slowest(9).into_iter().map(|(name, runs)| (name, runs.total));
        assert_eq!(slowest.collect::<Vec<_>>(), [(name(1), 5 * MS), (name(2), 3 * MS)]);
        assert_eq!(statements.slowest(1).len(), 1);
    }

    /// <https://www.rfc-editor.org/rfc/rfc9110#name-tokens>
    #[test]
    fn every_name_can_stand_in_a_header_as_it_is() {
        for statement in all() {
            let is_token = |byte: u8| byte.is_ascii_lowercase() || b"._".contains(&byte);
            assert!(statement.name.bytes().all(is_token), "{}", statement.name);
        }
    }
}
