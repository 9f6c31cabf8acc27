//! What a page claims its components did → what is true enough to be stored.

use super::{Section, at_most, check, durations, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Render, Renders, limits};
use std::collections::HashSet;

const REASON: Reason = Reason::InvalidRenders;

impl Section for Renders {
    const NAME: &'static str = "renders";

    fn check(self) -> Result<Self, Rejection> {
        let components = "renders.components";
        at_most(REASON, components, &self.components, limits::RENDERS_MAX, "renders.dropped")?;
        let mut seen = HashSet::new();
        for (index, render) in self.components.iter().enumerate() {
            let field = |name: &str| format!("{components}[{index}].{name}");
            check::fit(&render.id, limits::RENDER_ID_BYTES_MAX, || field("id"))?;
            if !seen.insert((&render.id, render.phase)) {
                return wrong(REASON, &field("phase"), "has two entries for its id; add them up");
            }
            numbers(render, field)?;
        }
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let render = |it: &Render| size_of_val(it) + it.id.len() + size_of_val(it.bins.as_slice());
        self.components.iter().map(render).sum()
    }
}

fn numbers(render: &Render, field: impl Fn(&str) -> String) -> Result<(), Rejection> {
    let &Render { count, actual_us, max_us, slow_count, full_count, ref bins, .. } = render;
    let wrong = |name: &str, detail: &str| wrong(REASON, &field(name), detail);
    if count == 0 {
        return wrong("count", "is 0; leave the entry out instead");
    }
    if max_us > actual_us {
        return wrong("max_us", "is more than actual_us, the sum");
    }
    if slow_count > count {
        return wrong("slow_count", "is more than count");
    }
    if full_count > count {
        return wrong("full_count", "is more than count");
    }
    durations::check_bins(bins, count, REASON, || field("bins"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::RenderPhase;

    fn render() -> Render {
        Render {
            id: "TripList".to_owned(),
            phase: RenderPhase::Update,
            count: 2,
            actual_us: 30_000,
            base_us: 30_000,
            max_us: 20_000,
            slow_count: 1,
            full_count: 2,
            bins: vec![(-50, 1), (-45, 1)],
        }
    }

    fn checked(components: Vec<Render>) -> Result<Renders, Option<String>> {
        Renders { components, dropped: 7 }.check().map_err(|rejection| rejection.field)
    }

    #[test]
    fn what_fits_together_is_taken_as_it_is() {
        let mount = Render { phase: RenderPhase::Mount, bins: Vec::new(), ..render() };
        let components = vec![render(), mount];
        let renders = Renders { components: components.clone(), dropped: 7 };
        assert_eq!(checked(components), Ok(renders));
        let many = (0..limits::RENDERS_MAX).map(|n| Render { id: n.to_string(), ..render() });
        assert!(checked(many.collect()).is_ok());
    }

    #[test]
    fn every_error_names_its_field() {
        let many = (0..=limits::RENDERS_MAX).map(|n| Render { id: n.to_string(), ..render() });
        for (components, field) in [
            (many.collect(), "renders.components"),
            (vec![render(), render()], "renders.components[1].phase"),
            (vec![Render { id: String::new(), ..render() }], "renders.components[0].id"),
            (vec![Render { id: "a".repeat(129), ..render() }], "renders.components[0].id"),
            (vec![Render { count: 0, ..render() }], "renders.components[0].count"),
            (vec![Render { max_us: 30_001, ..render() }], "renders.components[0].max_us"),
            (vec![Render { slow_count: 3, ..render() }], "renders.components[0].slow_count"),
            (vec![Render { full_count: 3, ..render() }], "renders.components[0].full_count"),
            (vec![Render { bins: vec![(80, 1)], ..render() }], "renders.components[0].bins"),
            (vec![Render { bins: vec![(0, 3)], ..render() }], "renders.components[0].bins"),
        ] {
            assert_eq!(checked(components), Err(Some(field.to_owned())));
        }
    }
}
