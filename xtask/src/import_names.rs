//! Short names for what the wasm module imports, and the parts of the glue that our own loader needs.
//! wasm-bindgen's names end in a hash, which stands in the module and in the glue and does not
//! compress; its loaders take whatever they may be given.

use anyhow::{Context, Result, ensure};
use std::{collections::HashMap, fs, path::Path};
use wasm_bindgen_cli_support::Output;

/// By what wasm-bindgen's own names begin.
const PREFIX: &str = "__wb";

/// What we call the object that the glue passes in.
const SHORT_MODULE: &str = "i";

/// What the glue exports for loading, and what we load with.
const LOADERS: &str = "export { initSync, __wbg_init as default };";
const PARTS: &str = "export { __wbg_get_imports as imports, __wbg_finalize_init as finish };";

/// Writes module and glue of that name into the folder, with short names in both.
pub(crate) fn emit(mut output: Output, folder: &Path, name: &str) -> Result<()> {
    let long_module = format!("./{name}_bg.js");
    let mut names = HashMap::new();
    for (index, import) in output.wasm_mut().imports.iter_mut().enumerate() {
        if import.module == long_module {
            SHORT_MODULE.clone_into(&mut import.module);
        }
        if import.name.starts_with(PREFIX) {
            let short = names.entry(import.name.clone()).or_insert_with(|| format!("i{index}"));
            import.name.clone_from(short);
        }
    }
    output.emit(folder)?;
    let path = folder.join(format!("{name}.js"));
    let code = fs::read_to_string(&path)?;
    ensure!(code.contains(LOADERS), "wasm-bindgen's glue does not end in `{LOADERS}`");
    let code = rename(&code, &names).replace(&long_module, SHORT_MODULE).replace(LOADERS, PARTS);
    fs::write(&path, code).with_context(|| format!("cannot write {}", path.display()))
}

/// Replaces whole words.
fn rename(code: &str, names: &HashMap<String, String>) -> String {
    let is_border = |c: char| !(c.is_alphanumeric() || c == '_');
    code.split_inclusive(is_border)
        .map(|part| {
            let word = part.trim_end_matches(is_border);
            names.get(word).map_or_else(|| part.to_owned(), |short| part.replace(word, short))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_renamed() {
        let names = HashMap::from([("__wbg_now_12".to_owned(), "i0".to_owned())]);
        let code = "{__wbg_now_12: f, \"__wbg_now_12\": __wbg_now_123, x__wbg_now_12}";
        assert_eq!(rename(code, &names), "{i0: f, \"i0\": __wbg_now_123, x__wbg_now_12}");
    }
}
