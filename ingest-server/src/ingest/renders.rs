//! What a page claims its components did → what is true enough to be stored.

use super::{
    check,
    outcome::{Reason, Rejection},
};
use beacon::{DURATION_BINS, Render, Renders, limits};
use std::{collections::HashSet, ops::Range};

/// Checks what components did.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn check(renders: Renders) -> Result<Renders, Rejection> {
    let Renders { components, .. } = &renders;
    if components.len() > limits::RENDERS_MAX {
        let detail = format!(
            "renders.components has {} entries, at most {} are taken; count the others in \
             renders.dropped",
            components.len(),
            limits::RENDERS_MAX
        );
        return Err(invalid("renders.components", detail).limit(limits::RENDERS_MAX));
    }
    let mut seen = HashSet::new();
    for (index, render) in components.iter().enumerate() {
        let field = |name: &str| format!("renders.components[{index}].{name}");
        check::fit(&render.id, limits::RENDER_ID_BYTES_MAX, || field("id"))?;
        if !seen.insert((&render.id, render.phase)) {
            let (id, phase) = (&render.id, render.phase.as_str());
            let detail = format!("{id} has two entries for {phase}; add them up");
            return Err(invalid(&field("phase"), detail));
        }
        numbers(render, field)?;
    }
    Ok(renders)
}

fn numbers(render: &Render, field: impl Fn(&str) -> String) -> Result<(), Rejection> {
    let &Render { count, actual_us, max_us, slow_count, full_count, ref bins, .. } = render;
    let wrong = |name: &str, detail: &str| {
        let name = field(name);
        Err(invalid(&name, format!("{name} {detail}")))
    };
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
    if bins.len() > limits::DURATION_BINS_MAX
        || bins.iter().any(|(bin, _)| !DURATION_BINS.contains(bin))
    {
        let Range { start, end } = DURATION_BINS;
        let detail = format!("has bins that are not {start} to {}, or too many of them", end - 1);
        return wrong("bins", &detail);
    }
    let binned = bins.iter().fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
    if binned > count {
        return wrong("bins", "has more commits than count");
    }
    Ok(())
}

fn invalid(field: &str, detail: impl Into<String>) -> Rejection {
    Rejection::of(Reason::InvalidRenders, field, detail)
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
        check(Renders { components, dropped: 7 }).map_err(|rejection| rejection.field)
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
