//! What a bundler says of the files that it has made, whichever it is.

use super::{esbuild, visualizer, vite, webpack};
use serde::Serialize;
use serde_json::Value;

/// Bytes of a file of statistics; those of webpack are large.
pub const STATS_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The files of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Scripts and style sheets, in the order of their names.
    pub files: Vec<BundleFile>,
}

/// A file of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleFile {
    /// Its path, as the bundler calls it: `assets/search-BkZ3a9xQ.js`.
    pub name: String,
    /// Its size, not compressed.
    pub bytes: u64,
    /// What it was made of, the largest first, where the bundler says so.
    pub modules: Vec<Module>,
}

/// A file of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Module {
    /// Its path, as the bundler calls it.
    pub name: String,
    /// What is left of it in the file that was made.
    pub bytes: u64,
}

/// Why a file is no statistics of a bundler.
#[derive(Debug, thiserror::Error)]
pub enum StatsError {
    /// It is not JSON.
    #[error("it is no JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON, of something else.
    #[error(
        "it is not a metafile of esbuild, not the stats.json of webpack (`--json`), not the raw-data of \
         rollup-plugin-visualizer (which has a `version` 2) and not a manifest.json of Vite"
    )]
    Unknown,
    /// It has no scripts and no style sheets.
    #[error("there is no script and no style sheet in it")]
    Empty,
}

impl Bundle {
    /// Reads what a bundler has written. `size_of` is asked for the size of a file of the build, which the
    /// manifest of Vite does not say.
    ///
    /// # Errors
    /// See [`StatsError`].
    pub fn read(json: &[u8], size_of: impl Fn(&str) -> Option<u64>) -> Result<Self, StatsError> {
        let stats = serde_json::from_slice::<Value>(json)?;
        let files = if stats.get("outputs").is_some() {
            esbuild::files(stats)
        } else if stats.get("nodeParts").is_some() {
            visualizer::files(stats)
        } else if stats.get("assets").is_some_and(Value::is_array) {
            webpack::files(stats)
        } else {
            vite::files(stats, size_of)
        };
        let mut files = files.ok_or(StatsError::Unknown)?;
        files.retain(|file| is_code(&file.name));
        if files.is_empty() {
            return Err(StatsError::Empty);
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        for file in &mut files {
            file.modules.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        }
        Ok(Self { files })
    }
}

/// Scripts and style sheets: what a bundler puts together.
fn is_code(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|it| matches!(it, "js" | "mjs" | "cjs" | "css"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(stats: &Value) -> Result<Vec<(String, u64, Vec<String>)>, StatsError> {
        let size_of = |name: &str| (name != "assets/gone.js").then_some(700);
        let bundle = Bundle::read(stats.to_string().as_bytes(), size_of)?;
        let modules = |file: &BundleFile| {
            file.modules.iter().map(|it| format!("{} {}", it.name, it.bytes)).collect()
        };
        Ok(bundle.files.iter().map(|it| (it.name.clone(), it.bytes, modules(it))).collect())
    }

    fn file(name: &str, bytes: u64, modules: &[&str]) -> (String, u64, Vec<String>) {
        (name.to_owned(), bytes, modules.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_metafile_of_esbuild_is_read() {
        let stats = json!({ "inputs": { "src/a.ts": { "bytes": 9 } }, "outputs": {
            "dist/app-4XJ2K6QA.js": { "bytes": 900, "entryPoint": "src/a.ts", "imports": [],
                "inputs": { "src/a.ts": { "bytesInOutput": 100 }, "lib/b.js": { "bytesInOutput": 750 } } },
            "dist/app-4XJ2K6QA.js.map": { "bytes": 5000, "inputs": {} } } });
        assert_eq!(
            read(&stats).unwrap(),
            [file("dist/app-4XJ2K6QA.js", 900, &["lib/b.js 750", "src/a.ts 100"])]
        );
    }

    #[test]
    fn stats_of_webpack_are_read() {
        let stats = json!({ "assets": [ { "name": "main.3f9a2c1b.js", "size": 900 },
                                        { "name": "photo.png", "size": 9 } ],
            "chunks": [ { "id": 1, "files": ["main.3f9a2c1b.js"], "modules": [
                { "name": "./src/a.js", "size": 100 }, { "name": "./lib/b.js", "size": 750 } ] } ] });
        assert_eq!(
            read(&stats).unwrap(),
            [file("main.3f9a2c1b.js", 900, &["./lib/b.js 750", "./src/a.js 100"])]
        );
        let by_chunk = json!({ "assets": [ { "name": "main.js", "size": 900 } ],
            "chunks": [ { "id": "main", "files": ["main.js"] } ],
            "modules": [ { "name": "./src/a.js", "size": 100, "chunks": ["main"] },
                         { "name": "./src/other.js", "size": 1, "chunks": [2] } ] });
        assert_eq!(read(&by_chunk).unwrap(), [file("main.js", 900, &["./src/a.js 100"])]);
    }

    #[test]
    fn raw_data_of_the_visualizer_is_read() {
        let stats = json!({ "version": 2, "tree": { "name": "root", "children": [] },
            "nodeParts": { "p1": { "renderedLength": 100, "metaUid": "m1" },
                           "p2": { "renderedLength": 750, "metaUid": "m2" } },
            "nodeMetas": { "m1": { "id": "/src/a.ts", "moduleParts": { "assets/app-BkZ3a9xQ.js": "p1" } },
                           "m2": { "id": "/lib/b.js", "moduleParts": { "assets/app-BkZ3a9xQ.js": "p2" } } } });
        assert_eq!(
            read(&stats).unwrap(),
            [file("assets/app-BkZ3a9xQ.js", 850, &["/lib/b.js 750", "/src/a.ts 100"])]
        );
    }

    #[test]
    fn a_manifest_of_vite_is_read_with_the_sizes_of_its_files() {
        let stats = json!({ "index.html": { "file": "assets/app-BkZ3a9xQ.js", "isEntry": true,
                                            "css": ["assets/app-Dq1w2e3R.css"], "assets": ["a.png"] },
                            "src/gone.ts": { "file": "assets/gone.js" } });
        assert_eq!(
            read(&stats).unwrap(),
            [file("assets/app-BkZ3a9xQ.js", 700, &[]), file("assets/app-Dq1w2e3R.css", 700, &[])]
        );
    }

    #[test]
    fn what_is_none_of_these_is_refused() {
        for (stats, says) in [
            (json!({ "name": "package" }), "not a metafile of esbuild"),
            (json!([1, 2]), "not a metafile of esbuild"),
            (json!({ "assets": [] }), "no script"),
            (json!({ "outputs": [] }), "not a metafile of esbuild"),
        ] {
            let error = read(&stats).unwrap_err().to_string();
            assert!(error.contains(says), "{stats}: {error}");
        }
        assert!(matches!(Bundle::read(b"{", |_| None), Err(StatsError::Json(_))));
    }
}
