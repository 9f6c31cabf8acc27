//! Interaction to Next Paint: <https://web.dev/articles/inp>

use crate::entry::Event;

/// Interactions kept: enough for the 98th percentile of 500 interactions, as in web-vitals.
const LONGEST_MAX: usize = 10;
/// Events shorter than this are no latency that anybody notices; web-vitals has the same threshold.
/// The first input counts however short it was.
pub const EVENT_DURATION_MIN_MS: f64 = 40.0;
/// One outlier is forgiven for each so many interactions.
const INTERACTIONS_PER_OUTLIER: u64 = 50;
/// Chromium raises the interaction id by this much for each interaction.
const INTERACTION_ID_STEP: u64 = 7;

/// The longest interactions so far.
#[derive(Clone, Debug, Default)]
pub struct Inp {
    /// Longest first, at most [`LONGEST_MAX`].
    longest: Vec<Interaction>,
    /// Lowest and highest interaction id seen, to estimate how many there were.
    ids: Option<(u64, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Interaction {
    id: u64,
    latency_ms: f64,
}

impl Inp {
    /// Takes an event; the longest event of an interaction is its latency.
    pub fn on_event(&mut self, event: &Event) {
        self.on_interaction_id(event.interaction_id);
        let new = Interaction { id: event.interaction_id, latency_ms: event.duration_ms };
        if new.id == 0 || (new.latency_ms < EVENT_DURATION_MIN_MS && !event.is_first_input) {
            return;
        }
        if let Some(known) = self.longest.iter_mut().find(|known| known.id == new.id) {
            known.latency_ms = known.latency_ms.max(new.latency_ms);
        } else if self.longest.len() < LONGEST_MAX {
            self.longest.push(new);
        } else if let Some(shortest) = self.longest.last_mut()
            && new.latency_ms > shortest.latency_ms
        {
            *shortest = new;
        }
        self.sort();
    }

    /// Longest first. So few, and sorted but for one, that nothing beats insertion; std's sort is
    /// a tenth of the collector's code.
    fn sort(&mut self) {
        for end in 1..self.longest.len() {
            let mut at = end;
            while at > 0 && self.longest[at - 1].latency_ms < self.longest[at].latency_ms {
                self.longest.swap(at - 1, at);
                at -= 1;
            }
        }
    }

    fn on_interaction_id(&mut self, id: u64) {
        if id != 0 {
            let (lowest, highest) = self.ids.unwrap_or((id, id));
            self.ids = Some((lowest.min(id), highest.max(id)));
        }
    }

    /// The 98th percentile of all interactions: the longest, leaving out one for each 50.
    ///
    /// `interaction_count` is `performance.interactionCount`, where the browser has it; elsewhere
    /// the number is estimated from the ids.
    pub fn value_ms(&self, interaction_count: Option<u64>) -> Option<f64> {
        let count = interaction_count.unwrap_or_else(|| self.estimated_count());
        let outliers = usize::try_from(count / INTERACTIONS_PER_OUTLIER).unwrap_or(usize::MAX);
        let last = self.longest.len().checked_sub(1)?;
        Some(self.longest[outliers.min(last)].latency_ms)
    }

    fn estimated_count(&self) -> u64 {
        self.ids.map_or(0, |(lowest, highest)| (highest - lowest) / INTERACTION_ID_STEP + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn event(interaction_id: u64, duration_ms: f64) -> Event {
        Event { interaction_id, duration_ms, is_first_input: false }
    }

    fn after(events: &[Event]) -> Inp {
        let mut inp = Inp::default();
        for event in events {
            inp.on_event(event);
        }
        inp
    }

    #[test]
    fn without_an_interaction_there_is_none() {
        assert_eq!(after(&[event(0, 900.0)]).value_ms(Some(0)), None);
    }

    #[test]
    fn the_longest_event_of_an_interaction_is_its_latency() {
        let inp = after(&[event(7, 40.0), event(7, 312.0), event(7, 64.0)]);
        assert_eq!(inp.value_ms(Some(1)), Some(312.0));
    }

    #[test]
    fn a_short_event_is_no_latency_unless_it_is_the_first_input() {
        let first = Event { is_first_input: true, ..event(7, 16.0) };
        assert_eq!(after(&[event(7, 39.0)]).value_ms(Some(1)), None);
        assert_eq!(after(&[event(7, 40.0)]).value_ms(Some(1)), Some(40.0));
        assert_eq!(after(&[first]).value_ms(Some(1)), Some(16.0));
    }

    #[test]
    fn one_outlier_is_forgiven_for_each_fifty_interactions() {
        let inp = after(&[event(7, 900.0), event(14, 300.0), event(21, 200.0)]);
        assert_eq!(inp.value_ms(Some(49)), Some(900.0));
        assert_eq!(inp.value_ms(Some(50)), Some(300.0));
        assert_eq!(inp.value_ms(Some(100)), Some(200.0));
        assert_eq!(inp.value_ms(Some(5000)), Some(200.0), "no more are known");
    }

    #[test]
    fn the_count_is_estimated_from_the_ids_where_the_browser_does_not_tell() {
        let mut inp = after(&[event(7, 900.0), event(14, 300.0)]);
        assert_eq!(inp.value_ms(None), Some(900.0));
        inp.on_event(&event(7 + 49 * 7, 16.0));
        assert_eq!(inp.value_ms(None), Some(300.0), "short ones are counted too");
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
            prop_assert_eq!(inp.value_ms(Some(count as u64)), Some(sorted[count / 50]));
        }
    }
}
