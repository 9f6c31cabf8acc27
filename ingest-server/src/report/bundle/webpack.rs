//! The `stats.json` of webpack: <https://webpack.js.org/api/stats/>.

use super::stats::{BundleFile, Module};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Stats {
    assets: Vec<Asset>,
    #[serde(default)]
    chunks: Vec<Chunk>,
    /// Where those of chunks are not told, with the chunks that they are in.
    #[serde(default)]
    modules: Vec<StatsModule>,
}

#[derive(Deserialize)]
struct Asset {
    name: String,
    size: u64,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    modules: Vec<StatsModule>,
}

#[derive(Deserialize)]
struct StatsModule {
    #[serde(default)]
    name: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    chunks: Vec<Value>,
}

/// Nothing, if it is something else.
pub(super) fn files(stats: Value) -> Option<Vec<BundleFile>> {
    let Stats { assets, chunks, modules } = serde_json::from_value(stats).ok()?;
    let module = |it: &StatsModule| Module { name: it.name.clone(), bytes: it.size };
    let of_chunk = |chunk: &Chunk| {
        let own = chunk.modules.iter().map(module);
        let others = modules.iter().filter(|it| it.chunks.contains(&chunk.id)).map(module);
        own.chain(others.filter(|_| chunk.modules.is_empty())).collect::<Vec<_>>()
    };
    let file = |Asset { name, size }| {
        let chunks = chunks.iter().filter(|chunk| chunk.files.contains(&name));
        BundleFile { modules: chunks.flat_map(of_chunk).collect(), name, bytes: size }
    };
    Some(assets.into_iter().map(file).collect())
}
