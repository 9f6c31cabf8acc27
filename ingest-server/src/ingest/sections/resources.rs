//! What a page claims to have loaded → what is true enough to be stored.

use super::{Section, at_most, check, durations, fit_or_empty, without_query, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Resource, ResourceKind, Resources, ResourcesOfKind, Weight, limits};
use std::collections::HashSet;

const REASON: Reason = Reason::InvalidResources;

impl Section for Resources {
    const NAME: &'static str = "resources";

    fn check(mut self) -> Result<Self, Rejection> {
        let (kinds, files) = ("resources.kinds", "resources.files");
        let kinds_max = ResourceKind::ALL.len();
        at_most(REASON, kinds, &self.kinds, kinds_max, "the kind `other`")?;
        at_most(REASON, files, &self.files, limits::RESOURCES_MAX, "resources.dropped")?;
        let mut seen = HashSet::new();
        for (index, ResourcesOfKind { kind, weight }) in self.kinds.iter().enumerate() {
            let field = |name: &str| format!("{kinds}[{index}].{name}");
            if !seen.insert(kind) {
                return wrong(REASON, &field("kind"), "has two entries; add them up");
            }
            check_weight(weight, |name| field(&format!("weight.{name}")))?;
        }
        check_files(&self.files, files)?;
        let Self { files, dropped, .. } = &mut self;
        let mut seen = HashSet::new();
        files.retain_mut(|file| {
            file.url = without_query(std::mem::take(&mut file.url));
            // What differed in query strings only is in the kinds.
            let is_new = !file.url.is_empty() && seen.insert((file.url.clone(), file.kind));
            *dropped = dropped.saturating_add(if is_new { 0 } else { file.weight.count });
            is_new
        });
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let file = |it: &Resource| {
            size_of_val(it)
                + it.url.len()
                + it.protocol.len()
                + durations::heap_bytes(&it.durations)
        };
        size_of_val(self.kinds.as_slice()) + self.files.iter().map(file).sum::<usize>()
    }
}

fn check_files(files: &[Resource], name_of_list: &str) -> Result<(), Rejection> {
    let mut seen = HashSet::new();
    for (index, file) in files.iter().enumerate() {
        let field = |name: &str| format!("{name_of_list}[{index}].{name}");
        let Resource { url, kind, protocol, weight, durations } = file;
        check::fit(url, limits::URL_BYTES_MAX, || field("url"))?;
        fit_or_empty(protocol, limits::PROTOCOL_BYTES_MAX, || field("protocol"))?;
        if !seen.insert((url, kind)) {
            return wrong(REASON, &field("url"), "has two entries of its kind; add them up");
        }
        check_weight(weight, |name| field(&format!("weight.{name}")))?;
        durations::check(durations, REASON, |name| field(&format!("durations.{name}")))?;
    }
    Ok(())
}

fn check_weight(weight: &Weight, field: impl Fn(&str) -> String) -> Result<(), Rejection> {
    let Weight { count, cached_count, opaque_count, blocking_count, .. } = *weight;
    if count == 0 {
        return wrong(REASON, &field("count"), "is 0; leave the entry out instead");
    }
    let parts = [
        ("cached_count", cached_count),
        ("opaque_count", opaque_count),
        ("blocking_count", blocking_count),
    ];
    match parts.into_iter().find(|(_, part)| *part > count) {
        Some((name, _)) => wrong(REASON, &field(name), "is more than count"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::Durations;

    const WEIGHT: Weight = Weight {
        count: 2,
        cached_count: 1,
        opaque_count: 0,
        blocking_count: 2,
        transfer_bytes: 300,
        encoded_bytes: 300,
        decoded_bytes: 900,
    };

    fn file() -> Resource {
        Resource {
            url: "https://shop.example/app-*.js?v=secret".to_owned(),
            kind: ResourceKind::Script,
            protocol: "h2".to_owned(),
            weight: WEIGHT,
            durations: Durations { count: 2, total_us: 8, max_us: 8, bins: Vec::new() },
        }
    }

    fn checked(kinds: Vec<ResourcesOfKind>, files: Vec<Resource>) -> Result<Resources, String> {
        let checked = Resources { kinds, files, dropped: 7 }.check();
        checked.map_err(|rejection| rejection.field.unwrap_or_default())
    }

    #[test]
    fn what_fits_together_is_taken_without_query_strings() {
        let of_kind = ResourcesOfKind { kind: ResourceKind::Script, weight: WEIGHT };
        let unknown = Resource { protocol: String::new(), kind: ResourceKind::Other, ..file() };
        let taken = checked(vec![of_kind], vec![file(), unknown]).unwrap();
        assert_eq!(taken.files[0].url, "https://shop.example/app-*.js");
    }

    #[test]
    fn what_differs_in_query_strings_only_is_one() {
        let other = Resource { url: "https://shop.example/app-*.js?v=2".to_owned(), ..file() };
        let taken = checked(Vec::new(), vec![file(), other]).unwrap();
        assert_eq!((taken.files.len(), taken.dropped), (1, 7 + 2));
    }

    #[test]
    fn every_error_names_its_field() {
        let many = (0..=limits::RESOURCES_MAX).map(|n| Resource { url: n.to_string(), ..file() });
        let weighing = |weight| Resource { weight, ..file() };
        for (files, field) in [
            (many.collect(), "resources.files"),
            (vec![file(), file()], "resources.files[1].url"),
            (vec![Resource { url: String::new(), ..file() }], "resources.files[0].url"),
            (vec![Resource { protocol: "x".repeat(17), ..file() }], "resources.files[0].protocol"),
            (vec![weighing(Weight { count: 0, ..WEIGHT })], "resources.files[0].weight.count"),
            (
                vec![weighing(Weight { opaque_count: 3, ..WEIGHT })],
                "resources.files[0].weight.opaque_count",
            ),
            (
                vec![Resource { durations: Durations::default(), ..file() }],
                "resources.files[0].durations.count",
            ),
        ] {
            assert_eq!(checked(Vec::new(), files), Err(field.to_owned()));
        }
        let of_kind = ResourcesOfKind { kind: ResourceKind::Script, weight: WEIGHT };
        let twice = checked(vec![of_kind, of_kind], Vec::new());
        assert_eq!(twice, Err("resources.kinds[1].kind".to_owned()));
    }
}
