//! Runs of statements, as SQLite tells of them.
//!
//! It tells a function that knows nothing but the statement, on the thread that runs it. So what is to be
//! done with a run stands beside that thread, as long as one watches.

use super::{RequestStatements, StatementTally, UNNAMED, all, number, plan};
use rusqlite::{
    Connection,
    trace::{StmtRef, TraceEvent, TraceEventCodes},
};
use std::{
    cell::RefCell,
    sync::Arc,
    time::{Duration, Instant},
};

/// Slow runs that are told of after one watch; more of them are counted only.
const SLOW_MAX: usize = 8;

thread_local! {
    static SEEN: RefCell<Option<Seen>> = const { RefCell::new(None) };
}

/// What was seen of the statements of a thread.
struct Seen {
    tally: Arc<StatementTally>,
    /// Those that have begun and have not ended, the latest last.
    running: Vec<Running>,
    slow: Vec<(usize, Duration)>,
    /// All that were run.
    ran: RequestStatements,
    /// One that has no name.
    unnamed: Option<String>,
}

struct Running {
    /// Where its text is, which no other statement's is meanwhile.
    text: usize,
    number: usize,
    began: Instant,
    rows: u64,
}

/// Statements of a connection are watched, as long as it lives.
#[derive(Debug)]
pub(in crate::store::sqlite) struct Watching(Arc<StatementTally>);

impl Watching {
    /// From here on what is run on this thread is counted.
    pub(in crate::store::sqlite) fn begin(
        tally: &Arc<StatementTally>,
        connection: &Connection,
    ) -> Self {
        connection.trace_v2(
            TraceEventCodes::SQLITE_TRACE_STMT
                | TraceEventCodes::SQLITE_TRACE_ROW
                | TraceEventCodes::SQLITE_TRACE_PROFILE,
            Some(see),
        );
        let watching = Self(tally.clone());
        SEEN.set(Some(Seen {
            tally: tally.clone(),
            running: vec![],
            slow: vec![],
            ran: RequestStatements::default(),
            unnamed: None,
        }));
        watching
    }

    /// No longer. What was slow is told, and how SQLite went about it; what was run is handed back.
    ///
    /// # Panics
    /// In a debug build, if a statement has no name.
    pub(in crate::store::sqlite) fn end(self, connection: &Connection) -> RequestStatements {
        connection.trace_v2(TraceEventCodes::empty(), None);
        let Some(Seen { slow, ran, unnamed, .. }) = SEEN.take() else {
            return RequestStatements::default();
        };
        debug_assert_eq!(unnamed, None, "the statement is in no list STATEMENTS");
        for (number, duration) in slow {
            if self.0.is_news(number, duration) {
                tell(connection, number, duration);
            }
        }
        ran
    }
}

impl Drop for Watching {
    /// Whatever panics is not watched any more.
    fn drop(&mut self) {
        SEEN.set(None);
    }
}

/// Called by SQLite, which must not be asked anything from here.
fn see(event: TraceEvent<'_>) {
    let ended = SEEN.with_borrow_mut(|seen| match event {
        TraceEvent::Stmt(_, text) => seen.as_mut()?.began(text),
        TraceEvent::Row(_) => seen.as_mut()?.gave_a_row(),
        TraceEvent::Profile(statement, _) => seen.as_mut()?.ended(&statement),
        _ => None,
    });
    if let Some((number, duration, rows)) = ended {
        tracing::debug!(
            db.statement_name = name(number),
            duration_ms = duration.as_secs_f64() * 1e3,
            db.rows = rows,
            "a statement was run"
        );
    }
}

type Ended = (usize, Duration, u64);

impl Seen {
    fn began(&mut self, text: &str) -> Option<Ended> {
        let number = number(text);
        if number == all().len() {
            self.unnamed.get_or_insert_with(|| text.to_owned());
        }
        let text = text.as_ptr().addr();
        self.running.push(Running { text, number, began: Instant::now(), rows: 0 });
        None
    }

    /// Whoever reads a row of one statement and runs another meanwhile ends that before the next row.
    fn gave_a_row(&mut self) -> Option<Ended> {
        self.running.last_mut()?.rows += 1;
        None
    }

    /// What SQLite says of the time is in whole milliseconds.
    fn ended(&mut self, statement: &StmtRef<'_>) -> Option<Ended> {
        let Running { number, began, rows, .. } = match &self.running[..] {
            // To ask for the text is to have all of it looked at, every time. Only where the schema was changed by
            // another program does SQLite tell of an end twice, and the other run is counted too early.
            [_] => self.running.pop()?,
            several => {
                let text = statement.sql().as_ptr().addr();
                let at = several.iter().rposition(|it| it.text == text)?;
                self.running.remove(at)
            }
        };
        let duration = began.elapsed();
        self.ran.ran(number, duration, !self.running.is_empty());
        let is_slow = self.tally.count(number, duration, rows);
        if is_slow && self.slow.len() < SLOW_MAX {
            self.slow.push((number, duration));
        }
        Some((number, duration, rows))
    }
}

pub(super) fn name(number: usize) -> &'static str {
    all().get(number).map_or(UNNAMED, |it| it.name)
}

fn tell(connection: &Connection, number: usize, duration: Duration) {
    let plan = all().get(number).map(|it| plan::steps(connection, it));
    let plan = plan.and_then(Result::ok).unwrap_or_default();
    tracing::warn!(
        db.statement_name = name(number),
        duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
        plan = plan.join("; "),
        "a statement was slow"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Database;
    use rusqlite::Result;

    fn watched(run: impl FnOnce(&Connection) -> Result<()>) -> Vec<(&'static str, u64, u64)> {
        let folder = tempfile::tempdir().unwrap();
        let connection = Database::open(&folder.path().join("rhumb.db")).unwrap().connection;
        let tally = Arc::new(StatementTally::default());
        let watching = Watching::begin(&tally, &connection);
        run(&connection).unwrap();
        watching.end(&connection);
        let mut times =
            tally.times().iter().map(|it| (it.name, it.count, it.rows)).collect::<Vec<_>>();
        times.sort_unstable();
        times
    }

    fn sql(name: &str) -> &'static str {
        all().iter().find(|it| it.name == name).unwrap().sql
    }

    #[test]
    fn rows_are_those_of_the_statement_that_gave_them_whatever_runs_between_them() {
        let times = watched(|connection| {
            let names = "
                INSERT INTO sites (name) VALUES ('a'), ('b')
            ";
            let quiet = SEEN.take();
            connection.execute_batch(names)?;
            SEEN.set(quiet);
            let mut sites = connection.prepare(sql("sites.all"))?;
            let mut rows = sites.query([])?;
            while rows.next()?.is_some() {
                connection.query_row(sql("watermark.read"), [], |_| Ok(()))?;
            }
            Ok(())
        });
        assert_eq!(times, [("sites.all", 1, 3), ("watermark.read", 3, 3)]);
    }

    #[test]
    fn nothing_is_counted_that_is_run_while_nobody_watches() {
        let times = watched(|connection| {
            SEEN.set(None);
            connection.query_row(sql("watermark.read"), [], |_| Ok(()))
        });
        assert_eq!(times, []);
    }

    #[cfg(debug_assertions)]
    #[test]
    #[should_panic = "the statement is in no list STATEMENTS"]
    fn a_statement_without_a_name_ends_every_test_that_runs_it() {
        watched(|connection| connection.query_row("SELECT 1", [], |_| Ok(())));
    }
}
