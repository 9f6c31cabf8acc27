//! What the one that writes does, and how much of it is watched.

use super::{Database, StatementTally, statements::Watching};
use std::{cell::Cell, sync::Arc};

/// Of so many transactions for a duty one is watched, the first included. To be told of each run makes a
/// statement that takes a microsecond half as long again.
const WATCHED_ONE_IN: u32 = 16;

/// What a transaction is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Duty {
    Write,
    RollUp,
    Prune,
    Rebuild,
    Alerts,
    Import,
    Log,
}

impl Duty {
    const COUNT: usize = Self::Log as usize + 1;
}

/// Where statements are counted, if they are.
#[derive(Debug, Default)]
pub(super) struct Watch {
    tally: Option<Arc<StatementTally>>,
    /// How many transactions there were for each duty.
    turns: [Cell<u32>; Duty::COUNT],
}

impl Watch {
    fn is_due(&self, duty: Duty) -> bool {
        let turns = &self.turns[duty as usize];
        let turn = turns.get();
        turns.set(turn.wrapping_add(1));
        turn.is_multiple_of(WATCHED_ONE_IN)
    }
}

impl Database {
    /// The same, counting some of its statements there.
    #[must_use]
    pub fn with_tally(self, tally: Arc<StatementTally>) -> Self {
        Self { watch: Watch { tally: Some(tally), ..Watch::default() }, ..self }
    }

    /// Of how many transactions one is watched.
    pub const WATCHED_ONE_IN: u32 = WATCHED_ONE_IN;

    /// To be called before statements are run for a duty …
    pub(super) fn watch(&self, duty: Duty) -> Option<Watching> {
        let tally = self.watch.tally.as_ref().filter(|_| self.watch.is_due(duty))?;
        Some(Watching::begin(tally, &self.connection))
    }

    /// … and after.
    pub(super) fn watched(&self, watching: Option<Watching>) {
        if let Some(watching) = watching {
            // A transaction is of many requests, so what it ran is of none.
            let _ = watching.end(&self.connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_transaction_for_each_duty_is_watched_and_one_of_so_many() {
        let watch = Watch::default();
        let watched = (0..33).filter(|_| watch.is_due(Duty::Write)).count();
        assert_eq!(watched, 3);
        assert!(watch.is_due(Duty::RollUp) && !watch.is_due(Duty::RollUp));
    }
}
