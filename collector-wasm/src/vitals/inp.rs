//! Interaction to Next Paint: <https://web.dev/articles/inp>

use crate::entry::Event;

/// Interactions kept: enough for the 98th percentile of 500 interactions, as in web-vitals.
const LONGEST_MAX: usize = 10;
/// Events shorter than this are no latency that anybody notices; web-vitals has the same threshold.
/// The first input counts however short it was.
pub const EVENT_DURATION_MIN_MS: f64 = 40.0;
/// One outlier is forgiven for each so many interactions.
const INTERACTIONS_PER_OUTLIER: u64 = 50;

/// The longest interactions so far.
#[derive(Clone, Debug, Default)]
pub struct Inp {
    /// Longest first, at most [`LONGEST_MAX`].
    longest: Vec<Interaction>,
}

/// One tap, click or key press.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interaction {
    /// The browser's own id of it.
    pub id: u64,
    /// When its longest event began.
    pub start_ms: f64,
    /// The duration of its longest event.
    pub latency_ms: f64,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InpStep {
    /// It is no interaction, or none of the longest.
    Ignored,
    /// It is the longest event of its interaction.
    Longest,
    /// It began and ended with the longest event of its interaction.
    AsLong,
}

impl Inp {
    /// Takes an event; the longest event of an interaction is its latency. In `duration_min_ms`
    /// stands what the page asked for, [`EVENT_DURATION_MIN_MS`] by default.
    pub fn on_event(&mut self, event: &Event, duration_min_ms: f64) -> InpStep {
        let Event { interaction_id: id, start_ms, duration_ms: latency_ms, .. } = *event;
        if id == 0 || (latency_ms < duration_min_ms && !event.is_first_input) {
            return InpStep::Ignored;
        }
        if let Some(at) = self.longest.iter().position(|known| known.id == id) {
            let known = self.longest[at];
            if latency_ms <= known.latency_ms {
                let together = (latency_ms, start_ms) == (known.latency_ms, known.start_ms);
                return if together { InpStep::AsLong } else { InpStep::Ignored };
            }
            self.longest.remove(at);
        } else if self.longest.len() == LONGEST_MAX {
            if self.longest[LONGEST_MAX - 1].latency_ms >= latency_ms {
                return InpStep::Ignored;
            }
            self.longest.pop();
        }
        self.insert(Interaction { id, start_ms, latency_ms });
        InpStep::Longest
    }

    /// Longest first. So few, and sorted but for one, that nothing beats insertion; std's sort is a
    /// tenth of the collector's code.
    fn insert(&mut self, interaction: Interaction) {
        let mut at = self.longest.len();
        self.longest.push(interaction);
        while at > 0 && self.longest[at - 1].latency_ms < interaction.latency_ms {
            self.longest.swap(at - 1, at);
            at -= 1;
        }
    }

    /// The 98th percentile of so many interactions: the longest, leaving out one for each 50.
    pub fn p98(&self, interaction_count: u64) -> Option<Interaction> {
        let outliers = interaction_count / INTERACTIONS_PER_OUTLIER;
        let outliers = usize::try_from(outliers).unwrap_or(usize::MAX);
        let last = self.longest.len().checked_sub(1)?;
        Some(self.longest[outliers.min(last)])
    }

    /// Whether it is one of the longest.
    pub fn keeps(&self, id: u64) -> bool {
        self.longest.iter().any(|known| known.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn event(interaction_id: u64, duration_ms: f64) -> Event {
        Event {
            interaction_id,
            start_ms: 900.0,
            duration_ms,
            processing_start_ms: 901.0,
            processing_end_ms: 902.0,
            is_keyboard: false,
            target: String::new(),
            is_first_input: false,
        }
    }

    fn after(events: &[Event]) -> Inp {
        let mut inp = Inp::default();
        for event in events {
            inp.on_event(event, EVENT_DURATION_MIN_MS);
        }
        inp
    }

    fn value_ms(inp: &Inp, interaction_count: u64) -> Option<f64> {
        inp.p98(interaction_count).map(|interaction| interaction.latency_ms)
    }

    #[test]
    fn without_an_interaction_there_is_none() {
        assert_eq!(value_ms(&after(&[event(0, 900.0)]), 0), None);
    }

    #[test]
    fn the_longest_event_of_an_interaction_is_its_latency() {
        let inp = after(&[event(7, 40.0), event(7, 312.0), event(7, 64.0)]);
        assert_eq!(value_ms(&inp, 1), Some(312.0));
    }

    #[test]
    fn a_short_event_is_no_latency_unless_it_is_the_first_input() {
        let first = Event { is_first_input: true, ..event(7, 16.0) };
        assert_eq!(value_ms(&after(&[event(7, 39.0)]), 1), None);
        assert_eq!(value_ms(&after(&[event(7, 40.0)]), 1), Some(40.0));
        assert_eq!(value_ms(&after(&[first]), 1), Some(16.0));
    }

    #[test]
    fn one_outlier_is_forgiven_for_each_fifty_interactions() {
        let inp = after(&[event(7, 900.0), event(14, 300.0), event(21, 200.0)]);
        assert_eq!(value_ms(&inp, 49), Some(900.0));
        assert_eq!(value_ms(&inp, 50), Some(300.0));
        assert_eq!(value_ms(&inp, 100), Some(200.0));
        assert_eq!(value_ms(&inp, 5000), Some(200.0), "no more are known");
    }

    #[test]
    fn events_that_began_and_ended_together_are_told_from_others() {
        let mut inp = Inp::default();
        let mut step = |event| inp.on_event(&event, EVENT_DURATION_MIN_MS);
        assert_eq!(step(event(7, 64.0)), InpStep::Longest);
        assert_eq!(step(event(7, 64.0)), InpStep::AsLong);
        assert_eq!(step(Event { start_ms: 904.0, ..event(7, 64.0) }), InpStep::Ignored);
        assert_eq!(step(event(7, 72.0)), InpStep::Longest);
        assert_eq!(step(event(0, 900.0)), InpStep::Ignored);
    }

    #[test]
    fn the_shortest_of_ten_makes_room_for_a_longer_one() {
        let mut inp = after(&(1..=10).map(|id| event(id, 100.0)).collect::<Vec<_>>());
        assert_eq!(inp.on_event(&event(11, 100.0), EVENT_DURATION_MIN_MS), InpStep::Ignored);
        assert_eq!(inp.on_event(&event(12, 108.0), EVENT_DURATION_MIN_MS), InpStep::Longest);
        assert!(inp.keeps(12) && inp.keeps(9) && !inp.keeps(10) && !inp.keeps(11));
    }

    proptest! {
        #[test]
        fn the_value_is_that_of_all_interactions_sorted(
            events in proptest::collection::vec((1_u64..120, 40_u32..2000), 1..400)
        ) {
            let events = events.into_iter().map(|(id, ms)| event(id * 7, f64::from(ms)));
            let events = events.collect::<Vec<_>>();
            let mut latencies = BTreeMap::new();
            for event in &events {
                let latency = latencies.entry(event.interaction_id).or_insert(0.0_f64);
                *latency = latency.max(event.duration_ms);
            }
            let count = latencies.len();
            let mut sorted = latencies.into_values().collect::<Vec<_>>();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let inp = after(&events);
            prop_assert!(inp.longest.len() <= LONGEST_MAX);
            prop_assert_eq!(value_ms(&inp, count as u64), Some(sorted[count / 50]));
        }
    }
}
