//! The raw data of rollup-plugin-visualizer, for Rollup, Rolldown and Vite:
//! <https://github.com/btd/rollup-plugin-visualizer>.

use super::stats::{BundleFile, Module};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawData {
    node_parts: BTreeMap<String, Part>,
    node_metas: BTreeMap<String, Meta>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    rendered_length: u64,
}

/// A module, and its part in each file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    id: String,
    #[serde(default)]
    module_parts: BTreeMap<String, String>,
}

/// Nothing, if it is something else. A file has the size of its modules, before they were minified unless
/// the plugin was told to look afterwards (`sourcemap`).
pub(super) fn files(stats: Value) -> Option<Vec<BundleFile>> {
    let RawData { node_parts, node_metas } = serde_json::from_value(stats).ok()?;
    let mut files = BTreeMap::<String, Vec<Module>>::new();
    for Meta { id, module_parts } in node_metas.into_values() {
        for (file, part) in module_parts {
            let bytes = node_parts.get(&part).map_or(0, |part| part.rendered_length);
            files.entry(file).or_default().push(Module { name: id.clone(), bytes });
        }
    }
    let file = |(name, modules): (String, Vec<Module>)| BundleFile {
        bytes: modules.iter().map(|module| module.bytes).sum(),
        name,
        modules,
    };
    Some(files.into_iter().map(file).collect())
}
