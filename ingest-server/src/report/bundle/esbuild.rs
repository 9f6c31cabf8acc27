//! The metafile of esbuild: <https://esbuild.github.io/api/#metafile>.

use super::stats::{BundleFile, Module};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Metafile {
    outputs: BTreeMap<String, Output>,
}

#[derive(Deserialize)]
struct Output {
    bytes: u64,
    #[serde(default)]
    inputs: BTreeMap<String, Input>,
}

#[derive(Deserialize)]
struct Input {
    #[serde(rename = "bytesInOutput")]
    bytes: u64,
}

/// Nothing, if it is something else.
pub(super) fn files(stats: Value) -> Option<Vec<BundleFile>> {
    let Metafile { outputs } = serde_json::from_value(stats).ok()?;
    let module = |(name, Input { bytes })| Module { name, bytes };
    let file = |(name, Output { bytes, inputs })| BundleFile {
        name,
        bytes,
        modules: inputs.into_iter().map(module).collect(),
    };
    Some(outputs.into_iter().map(file).collect())
}
