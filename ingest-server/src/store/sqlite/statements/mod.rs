//! Every statement that is run while the server serves, by name.
//!
//! A statement stands beside the code that runs it, and so does its name, in the list `STATEMENTS` of that
//! file; [`all`] has the lists together. SQLite itself tells of each run ([`watch`]), so that no caller has
//! to. A statement without a name panics in a debug build, which is what tests are, and is counted as
//! [`UNNAMED`] otherwise.

mod of_request;
mod plan;
mod tally;
mod watch;

pub use of_request::{RequestStatements, StatementRuns, WithStatements};
pub use plan::Plan;
pub use tally::{StatementTally, StatementTimes};
pub(super) use {plan::plans, watch::Watching};

use super::{
    address, alerts, dictionary, doctor, ends, explained, export, facts, histograms,
    interaction_target, kept, list, log, migrations, page_views, prune, rebuild, recent, record,
    releases, roll_up, sample, sealed, sections, sites, source_maps, tokens, whole,
};
use foldhash::HashMap;
use std::sync::LazyLock;

/// What a statement is called that has no name.
const UNNAMED: &str = "unnamed";

/// A statement that is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    /// What it is called where it is counted and told of.
    name: &'static str,
    sql: &'static str,
    reads: Reads,
}

/// What a statement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// What it is about, which an index finds.
    Found,
    /// All of a table, and why that is right.
    All(&'static str),
    /// Nothing that could be found: it is about a transaction, or the file.
    Nothing,
}

impl Named {
    /// One that runs for a request, a beacon or a transaction, and must find what it is about.
    pub(super) const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, reads: Reads::Found }
    }

    /// One that reads all of a table, for that reason.
    pub(super) const fn of_all(
        name: &'static str,
        sql: &'static str,
        because: &'static str,
    ) -> Self {
        Self { name, sql, reads: Reads::All(because) }
    }

    /// One that is about a transaction or the file.
    pub(super) const fn control(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, reads: Reads::Nothing }
    }
}

/// What begins and ends transactions, as rusqlite writes it.
const TRANSACTIONS: [Named; 4] = [
    Named::control("transaction.begin", "BEGIN DEFERRED"),
    Named::control("transaction.begin_writing", "BEGIN IMMEDIATE"),
    Named::control("transaction.commit", "COMMIT"),
    Named::control("transaction.rollback", "ROLLBACK"),
];

/// All that there are. A statement's place in it is its number.
pub(super) fn all() -> &'static [Named] {
    static ALL: LazyLock<Vec<Named>> = LazyLock::new(|| {
        let lists: [&[Named]; 30] = [
            &TRANSACTIONS,
            &address::STATEMENTS,
            &alerts::CHANGES,
            &alerts::NOTICES,
            &alerts::STATES,
            &dictionary::STATEMENTS,
            &doctor::STATEMENTS,
            &ends::STATEMENTS,
            &explained::STATEMENTS,
            &export::STATEMENTS,
            &facts::STATEMENTS,
            &histograms::STATEMENTS,
            &interaction_target::STATEMENTS,
            &kept::STATEMENTS,
            &list::STATEMENTS,
            &log::STATEMENTS,
            &migrations::STATEMENTS,
            &page_views::STATEMENTS,
            &prune::STATEMENTS,
            &rebuild::STATEMENTS,
            &recent::STATEMENTS,
            &record::STATEMENTS,
            &releases::STATEMENTS,
            &roll_up::STATEMENTS,
            &sample::STATEMENTS,
            &sealed::STATEMENTS,
            &sites::STATEMENTS,
            &source_maps::STATEMENTS,
            &tokens::STATEMENTS,
            &whole::STATEMENTS,
        ];
        lists.concat().into_iter().chain(sections::named()).collect()
    });
    &ALL
}

/// The number of the statement with that text; that after the last, if none has a name for it.
fn number(sql: &str) -> usize {
    static NUMBERS: LazyLock<HashMap<&str, usize>> =
        LazyLock::new(|| all().iter().map(|it| it.sql.trim()).zip(0..).collect());
    NUMBERS.get(sql.trim()).copied().unwrap_or(all().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_statements_have_the_same_name_or_text() {
        let names = all().iter().map(|it| it.name).collect::<BTreeSet<_>>();
        assert_eq!(names.len(), all().len());
        for (at, statement) in all().iter().enumerate() {
            assert_eq!(number(statement.sql), at, "{}", statement.name);
        }
    }
}
