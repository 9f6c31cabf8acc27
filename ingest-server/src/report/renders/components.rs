//! What components did on many page views, added up.

use beacon::{DURATION_BINS, DURATION_BINS_PER_DOUBLING, Render, RenderPhase, Renders};
use std::collections::HashMap;

/// Components that are told apart; a page has at most 100. They take some 12 MB at most.
const TOLD_APART_MAX: usize = 2000;
/// The phases, in the order of [`RenderPhase::ALL`].
const PHASES: usize = 3;
const _: () = assert!(RenderPhase::ALL.len() == PHASES);

/// Components by id.
#[derive(Debug, Default)]
pub(crate) struct Components {
    pub(super) page_views: u64,
    /// Commits of components that were one too many, in a page view or here.
    pub(super) dropped: u64,
    pub(super) by_id: HashMap<String, Component>,
}

/// What one component did.
#[derive(Clone, Debug, Default)]
pub(super) struct Component {
    pub(super) page_views: u64,
    /// The number of the last of them.
    last_on: u64,
    /// In the order of [`RenderPhase::ALL`].
    pub(super) phases: [Commits; PHASES],
}

/// Commits of one phase.
#[derive(Clone, Debug, Default)]
pub(super) struct Commits {
    pub(super) count: u64,
    pub(super) actual_us: u64,
    pub(super) max_us: u32,
    pub(super) slow_count: u64,
    pub(super) full_count: u64,
    /// By number, from the first of [`DURATION_BINS`] on; none, as long as all are empty.
    bins: Vec<u64>,
}

impl Components {
    /// Adds what a page view tells.
    pub(crate) fn add(&mut self, Renders { components, dropped }: Renders) {
        self.page_views += 1;
        self.dropped += u64::from(dropped);
        for render in components {
            if let Some(component) = self.by_id.get_mut(&render.id) {
                component.add(&render, self.page_views);
            } else if self.by_id.len() < TOLD_APART_MAX {
                let mut component = Component::default();
                component.add(&render, self.page_views);
                self.by_id.insert(render.id, component);
            } else {
                self.dropped += u64::from(render.count);
            }
        }
    }
}

impl Component {
    /// Adds what it did in one phase of a page view, which may have others.
    fn add(&mut self, render: &Render, page_view: u64) {
        self.phases[render.phase as usize].add(render);
        if self.last_on != page_view {
            self.last_on = page_view;
            self.page_views += 1;
        }
    }
}

impl Commits {
    fn add(&mut self, render: &Render) {
        let Render { count, actual_us, max_us, slow_count, full_count, bins, .. } = render;
        self.count += u64::from(*count);
        self.actual_us += u64::from(*actual_us);
        self.max_us = self.max_us.max(*max_us);
        self.slow_count += u64::from(*slow_count);
        self.full_count += u64::from(*full_count);
        if !bins.is_empty() {
            self.bins.resize(DURATION_BINS.len(), 0);
        }
        for (bin, count) in bins {
            let place = usize::try_from(bin - DURATION_BINS.start).ok();
            if let Some(binned) = place.and_then(|place| self.bins.get_mut(place)) {
                *binned += u64::from(*count);
            }
        }
    }

    /// The duration in milliseconds that three quarters of the commits do not exceed: the middle of
    /// its bin, which is off by [`ERROR`](super::answer::ERROR) at most. 0 where it is too short to be
    /// measured; nothing of none.
    pub(super) fn p75_ms(&self) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let binned = self.bins.iter().sum::<u64>();
        let rank = (self.count * 3).div_ceil(4);
        let mut below = self.count.saturating_sub(binned);
        if rank <= below {
            return Some(0.0);
        }
        let bin = DURATION_BINS.zip(&self.bins).find(|(_, count)| {
            below += **count;
            rank <= below
        });
        let max_ms = f64::from(self.max_us) / 1000.0;
        bin.map(|(bin, _)| middle_ms(bin).min(max_ms))
    }
}

fn middle_ms(bin: i16) -> f64 {
    1000.0 * ((f64::from(bin) + 0.5) / f64::from(DURATION_BINS_PER_DOUBLING)).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::duration_bin;
    use proptest::{collection::vec, prelude::*};
    use std::collections::BTreeMap;

    fn render(id: &str, durations_ms: &[f64]) -> Render {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few seconds"
        )]
        let us = |ms: f64| (ms * 1000.0).round() as u32;
        let mut bins = BTreeMap::<i16, u32>::new();
        for bin in durations_ms.iter().filter_map(|ms| duration_bin(*ms)) {
            *bins.entry(bin).or_default() += 1;
        }
        Render {
            id: id.to_owned(),
            phase: RenderPhase::Update,
            count: durations_ms.len().try_into().unwrap(),
            actual_us: durations_ms.iter().copied().map(us).sum(),
            base_us: 0,
            max_us: durations_ms.iter().copied().map(us).max().unwrap_or_default(),
            slow_count: 0,
            full_count: 0,
            bins: bins.into_iter().collect(),
        }
    }

    fn p75(components: &Components, id: &str) -> Option<f64> {
        components.by_id[id].phases[RenderPhase::Update as usize].p75_ms()
    }

    #[test]
    fn commits_that_took_no_time_are_below_all_others() {
        let mut components = Components::default();
        let durations = [0.0, 0.0, 0.0, 9.0];
        components.add(Renders { components: vec![render("a", &durations)], dropped: 0 });
        assert_eq!(p75(&components, "a"), Some(0.0));
    }

    #[test]
    fn a_component_is_on_as_many_page_views_as_tell_of_it_in_whatever_phase() {
        let mut components = Components::default();
        let mount = Render { phase: RenderPhase::Mount, ..render("a", &[1.0]) };
        components.add(Renders { components: vec![mount, render("a", &[1.0])], dropped: 2 });
        components.add(Renders { components: vec![render("b", &[1.0])], dropped: 1 });
        assert_eq!((components.page_views, components.dropped), (2, 3));
        assert_eq!(components.by_id["a"].page_views, 1);
    }

    #[test]
    fn components_that_are_too_many_are_counted_as_dropped() {
        let mut components = Components::default();
        for number in 0..TOLD_APART_MAX + 5 {
            let render = render(&number.to_string(), &[1.0, 2.0]);
            components.add(Renders { components: vec![render], dropped: 0 });
        }
        assert_eq!((components.by_id.len(), components.dropped), (TOLD_APART_MAX, 10));
    }

    proptest! {
        #[test]
        fn the_percentile_is_as_near_to_that_of_the_durations_as_is_said(
            pages in vec(vec(0.1_f64..2000.0, 1..9), 1..20)
        ) {
            let mut components = Components::default();
            for durations in &pages {
                components.add(Renders { components: vec![render("a", durations)], dropped: 0 });
            }
            let mut all = pages.concat();
            all.sort_by(f64::total_cmp);
            let exact = all[(all.len() * 3).div_ceil(4) - 1];
            let found = p75(&components, "a").unwrap();
            let error = crate::report::renders::answer::ERROR;
            prop_assert!((found - exact).abs() <= exact * error + 0.001, "{found}, {exact}");
        }
    }
}
