//! The manifest of Vite: <https://vite.dev/guide/backend-integration>. It says which files there are; how
//! large they are, they say themselves.

use super::stats::BundleFile;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
struct Entry {
    file: String,
    #[serde(default)]
    css: Vec<String>,
}

/// Nothing, if it is something else. A file that is not there is left out.
pub(super) fn files(
    stats: Value,
    size_of: impl Fn(&str) -> Option<u64>,
) -> Option<Vec<BundleFile>> {
    let manifest = serde_json::from_value::<BTreeMap<String, Entry>>(stats).ok()?;
    let names = manifest.into_values().flat_map(|Entry { file, css }| [vec![file], css].concat());
    let names = names.collect::<BTreeSet<_>>();
    let file = |name: String| {
        let bytes = size_of(&name)?;
        Some(BundleFile { name, bytes, modules: Vec::new() })
    };
    Some(names.into_iter().filter_map(file).collect())
}
