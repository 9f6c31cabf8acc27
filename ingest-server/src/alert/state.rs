//! `quiet → firing → resolved → quiet`, and when it is told.

use super::reading::Finding;
use jiff::{SignedDuration, Timestamp};

/// How a rule is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Nothing is wrong, as far as is known.
    #[default]
    Quiet,
    /// It has been broken since then.
    Firing {
        /// When it fired.
        since: Timestamp,
    },
    /// It was broken, and is kept again; it does not fire before its cool-down is over.
    Resolved {
        /// When it last fired.
        fired_at: Timestamp,
        /// When it was found to be kept.
        since: Timestamp,
    },
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is broken.
    Fired,
    /// It is kept again.
    Resolved,
}

impl State {
    /// The state after a finding, and what is to be told of it. Too few page views say nothing: what
    /// fires goes on firing.
    #[must_use]
    pub fn next(
        self,
        finding: Finding,
        cool_down: SignedDuration,
        now: Timestamp,
    ) -> (Self, Option<Change>) {
        match (self, finding) {
            (Self::Quiet, Finding::Breached) => (Self::Firing { since: now }, Some(Change::Fired)),
            (Self::Firing { since }, Finding::Kept) => {
                (Self::Resolved { fired_at: since, since: now }, Some(Change::Resolved))
            }
            (Self::Resolved { fired_at, .. }, _) if now.duration_since(fired_at) >= cool_down => {
                Self::Quiet.next(finding, cool_down, now)
            }
            _ => (self, None),
        }
    }

    /// The word in answers and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Firing { .. } => "firing",
            Self::Resolved { .. } => "resolved",
        }
    }

    /// Since when it is so, where that is known.
    pub const fn since(self) -> Option<Timestamp> {
        match self {
            Self::Quiet => None,
            Self::Firing { since } | Self::Resolved { since, .. } => Some(since),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Finding::{Breached, Kept, TooFew};
    use proptest::prelude::*;

    const COOL_DOWN: SignedDuration = SignedDuration::from_mins(10);

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(60 * minute).unwrap()
    }

    fn firing(since: i64) -> State {
        State::Firing { since: minute(since) }
    }

    fn resolved(fired_at: i64, since: i64) -> State {
        State::Resolved { fired_at: minute(fired_at), since: minute(since) }
    }

    #[test]
    fn every_state_and_finding_has_one_outcome() {
        for (state, finding, now, next, told) in [
            (State::Quiet, Kept, 1, State::Quiet, None),
            (State::Quiet, TooFew, 1, State::Quiet, None),
            (State::Quiet, Breached, 1, firing(1), Some(Change::Fired)),
            (firing(1), Breached, 99, firing(1), None),
            (firing(1), TooFew, 99, firing(1), None),
            (firing(1), Kept, 2, resolved(1, 2), Some(Change::Resolved)),
            (resolved(1, 2), Kept, 3, resolved(1, 2), None),
            (resolved(1, 2), Breached, 10, resolved(1, 2), None),
            (resolved(1, 2), Breached, 11, firing(11), Some(Change::Fired)),
            (resolved(1, 2), Kept, 11, State::Quiet, None),
            (resolved(1, 2), TooFew, 11, State::Quiet, None),
            // The clock was set back.
            (resolved(5, 6), Breached, 1, resolved(5, 6), None),
        ] {
            let outcome = state.next(finding, COOL_DOWN, minute(now));
            assert_eq!(outcome, (next, told), "{state:?}, {finding:?}, {now}");
        }
    }

    proptest! {
        #[test]
        fn notices_take_turns_and_what_fires_does_not_fire_again_too_soon(
            steps in proptest::collection::vec(
                (prop::sample::select(&[Breached, Kept, TooFew][..]), 0_i64..8), 1..200,
            ),
        ) {
            let (mut state, mut now) = (State::default(), 0);
            let mut told = Vec::new();
            for (finding, minutes) in steps {
                now += minutes;
                let (next, change) = state.next(finding, COOL_DOWN, minute(now));
                prop_assert_eq!(
                    matches!(next, State::Firing { .. }),
                    match change {
                        Some(change) => change == Change::Fired,
                        None => matches!(state, State::Firing { .. }),
                    },
                    "it fires from the one notice to the other"
                );
                if finding == TooFew {
                    prop_assert_eq!(change, None, "nothing is told of too little");
                }
                told.extend(change.map(|change| (change, now)));
                state = next;
            }
            for pair in told.windows(2) {
                prop_assert_ne!(pair[0].0, pair[1].0, "they take turns");
            }
            let fired = told.iter().filter(|(change, _)| *change == Change::Fired);
            let fired = fired.map(|(_, at)| *at).collect::<Vec<_>>();
            for pair in fired.windows(2) {
                prop_assert!(pair[1] - pair[0] >= 10, "cooled down: {:?}", fired);
            }
            prop_assert_eq!(told.first().map_or(Change::Fired, |(change, _)| *change), Change::Fired);
        }
    }
}
