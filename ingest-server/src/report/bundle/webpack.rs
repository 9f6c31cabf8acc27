//! The `stats.json` of webpack: <https://webpack.js.org/api/stats/>.

use super::stats::{BundleFile, Module};
use serde::Deserialize;
use serde_json::Value;

const RUNTIME: &str = "webpack/runtime/";

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
    /// Those that it was put together from: `./app.js + 1 modules`.
    #[serde(default)]
    modules: Vec<StatsModule>,
}

impl StatsModule {
    /// Itself, or what it was put together from. What webpack adds of its own is not the author's.
    fn parts(&self) -> Vec<Module> {
        if self.name.starts_with(RUNTIME) {
            return Vec::new();
        }
        if self.modules.is_empty() {
            return vec![Module { name: self.name.clone(), bytes: self.size }];
        }
        self.modules.iter().flat_map(Self::parts).collect()
    }
}

/// Nothing, if it is something else.
pub(super) fn files(stats: Value) -> Option<Vec<BundleFile>> {
    let Stats { assets, chunks, modules } = serde_json::from_value(stats).ok()?;
    let of_chunk = |chunk: &Chunk| {
        let own = chunk.modules.iter().flat_map(StatsModule::parts);
        let others = modules.iter().filter(|it| it.chunks.contains(&chunk.id));
        let others = others.flat_map(StatsModule::parts);
        own.chain(others.filter(|_| chunk.modules.is_empty())).collect::<Vec<_>>()
    };
    let file = |Asset { name, size }| {
        let chunks = chunks.iter().filter(|chunk| chunk.files.contains(&name));
        BundleFile { modules: chunks.flat_map(of_chunk).collect(), name, bytes: size }
    };
    Some(assets.into_iter().map(file).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn modules_that_were_put_together_are_told_apart_and_those_of_webpack_are_left_out() {
        let stats = json!({
            "assets": [{ "name": "app.js", "size": 900 }],
            "chunks": [{ "id": 1, "files": ["app.js"], "modules": [
                { "name": "webpack/runtime/publicPath", "size": 985 },
                { "name": "./app.js + 1 modules", "size": 700, "modules": [
                    { "name": "./app.js", "size": 100 }, { "name": "./trips.js", "size": 600 } ] },
            ] }],
        });
        let files = files(stats).unwrap();
        let modules = files[0].modules.iter().map(|it| (&*it.name, it.bytes)).collect::<Vec<_>>();
        assert_eq!(modules, [("./app.js", 100), ("./trips.js", 600)]);
    }
}
