//! What a page claims to have timed → what is true enough to be stored.

use super::{Section, at_most, check, durations, without_queries, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Measure, Measures, limits};
use std::collections::HashSet;

const REASON: Reason = Reason::InvalidMeasures;

impl Section for Measures {
    const NAME: &'static str = "measures";

    fn check(mut self) -> Result<Self, Rejection> {
        let names = "measures.names";
        at_most(REASON, names, &self.names, limits::MEASURES_MAX, "measures.dropped")?;
        let mut seen = HashSet::new();
        for (index, Measure { kind, name, durations }) in self.names.iter().enumerate() {
            let field = |part: &str| format!("{names}[{index}].{part}");
            check::fit(name, limits::MEASURE_NAME_BYTES_MAX, || field("name"))?;
            if !seen.insert((kind, name)) {
                return wrong(REASON, &field("name"), "has two entries of its kind; add them up");
            }
            durations::check(durations, REASON, |part| field(&format!("durations.{part}")))?;
        }
        let Self { names, dropped } = &mut self;
        let mut seen = HashSet::new();
        names.retain_mut(|measure| {
            measure.name = without_queries(&measure.name);
            // What differed in query strings only is one too many.
            let is_new = seen.insert((measure.kind, measure.name.clone()));
            *dropped = dropped.saturating_add(if is_new { 0 } else { measure.durations.count });
            is_new
        });
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let measure =
            |it: &Measure| size_of_val(it) + it.name.len() + durations::heap_bytes(&it.durations);
        self.names.iter().map(measure).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::{Durations, MeasureKind};

    fn measure() -> Measure {
        let durations = Durations { count: 2, total_us: 800, max_us: 500, bins: vec![(-88, 2)] };
        Measure { kind: MeasureKind::Measure, name: "checkout".to_owned(), durations }
    }

    fn checked(names: Vec<Measure>) -> Result<Measures, Option<String>> {
        Measures { names, dropped: 1 }.check().map_err(|rejection| rejection.field)
    }

    #[test]
    fn names_have_no_query_strings_and_what_is_exported_can_be_imported() {
        let of = |name: &str| Measure { name: name.to_owned(), ..measure() };
        let names = ["fetch /api?q=jane", "fetch /api?q=ada", "GET https://a.example/x?t=1"];
        let taken = checked(names.map(of).into()).unwrap();
        let told = taken.names.iter().map(|it| &*it.name).collect::<Vec<_>>();
        assert_eq!((told, taken.dropped), (vec!["fetch /api", "GET https://a.example/x"], 3));
        assert_eq!(taken.clone().check(), Ok(taken));
    }

    #[test]
    fn a_name_may_be_there_once_of_each_kind() {
        let mark = Measure { kind: MeasureKind::Mark, ..measure() };
        assert!(checked(vec![measure(), mark]).is_ok());
        assert_eq!(
            checked(vec![measure(), measure()]),
            Err(Some("measures.names[1].name".to_owned()))
        );
    }

    #[test]
    fn every_error_names_its_field() {
        let many = (0..=limits::MEASURES_MAX)
            .map(|n| Measure { name: n.to_string(), ..measure() })
            .collect();
        assert_eq!(checked(many), Err(Some("measures.names".to_owned())));
        let long = Measure { name: "a".repeat(129), ..measure() };
        assert_eq!(checked(vec![long]), Err(Some("measures.names[0].name".to_owned())));
        let none = Measure { durations: Durations::default(), ..measure() };
        assert_eq!(checked(vec![none]), Err(Some("measures.names[0].durations.count".to_owned())));
    }
}
