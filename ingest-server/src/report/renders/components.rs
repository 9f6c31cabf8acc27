//! What components did on many page views, added up.

use crate::{
    report::{durations::DurationSum, told_apart::PageViews},
    store::sqlite::PagePlace,
};
use beacon::{Render, RenderPhase, Renders};
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
    pub(super) page_views: PageViews,
    /// In the order of [`RenderPhase::ALL`].
    pub(super) phases: [Commits; PHASES],
}

/// Commits of one phase.
#[derive(Clone, Debug, Default)]
pub(super) struct Commits {
    pub(super) durations: DurationSum,
    pub(super) slow_count: u64,
    pub(super) full_count: u64,
}

impl Components {
    /// Adds what a page view tells.
    pub(crate) fn add(&mut self, Renders { components, dropped }: Renders, _place: PagePlace<'_>) {
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
        self.page_views.see(page_view);
    }
}

impl Commits {
    fn add(&mut self, render: &Render) {
        let Render { count, actual_us, max_us, slow_count, full_count, bins, .. } = render;
        self.durations.add_parts(*count, *actual_us, *max_us, bins);
        self.slow_count += u64::from(*slow_count);
        self.full_count += u64::from(*full_count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(id: &str, count: u32) -> Render {
        Render {
            id: id.to_owned(),
            phase: RenderPhase::Update,
            count,
            actual_us: 1000,
            base_us: 0,
            max_us: 1000,
            slow_count: 0,
            full_count: 0,
            bins: Vec::new(),
        }
    }

    #[test]
    fn a_component_is_on_as_many_page_views_as_tell_of_it_in_whatever_phase() {
        let mut components = Components::default();
        let mount = Render { phase: RenderPhase::Mount, ..render("a", 1) };
        components.add(
            Renders { components: vec![mount, render("a", 1)], dropped: 2 },
            PagePlace::on(""),
        );
        components.add(Renders { components: vec![render("b", 1)], dropped: 1 }, PagePlace::on(""));
        assert_eq!((components.page_views, components.dropped), (2, 3));
        assert_eq!(components.by_id["a"].page_views.count, 1);
    }

    #[test]
    fn components_that_are_too_many_are_counted_as_dropped() {
        let mut components = Components::default();
        for number in 0..TOLD_APART_MAX + 5 {
            let render = render(&number.to_string(), 2);
            components.add(Renders { components: vec![render], dropped: 0 }, PagePlace::on(""));
        }
        assert_eq!((components.by_id.len(), components.dropped), (TOLD_APART_MAX, 10));
    }
}
