//! The collector as browsers and npm get it: `collector-wasm/pkg`.

use crate::{
    command::run, fingerprint, import_names, integrity::hashed_name, progress::step, setup::Tools,
};
use anyhow::{Context, Result, ensure};
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

/// The npm package. Its folder stays in place when it is made anew: others link to it.
pub(crate) const PACKAGE: &str = "collector-wasm/pkg";

/// JavaScript, types and manifest, as written by hand.
const SOURCES: &str = "collector-wasm/npm";
const TOOLS: &str = "xtask/npm";
/// How the package is made, with the tools' versions.
const RECIPE: &str = "xtask";

/// What cargo makes of the crate.
const ARTIFACT: &str = "target/wasm/wasm32-unknown-unknown/wasm/collector_wasm.wasm";

/// What is made of the crate with one set of features.
struct Module {
    name: &'static str,
    features: &'static [&'static str],
    /// The artifact, where the next one does not overwrite it.
    path: &'static str,
}

/// The collector, what it loads later, and what behaves like web-vitals.
const MODULES: [Module; 3] = [
    Module {
        name: "web-vitals",
        features: &["--features", "drop-in"],
        path: "target/wasm/drop-in.wasm",
    },
    Module {
        name: "rhumb_details",
        features: &["--features", "details"],
        path: "target/wasm/details.wasm",
    },
    Module { name: "rhumb", features: &[], path: "target/wasm/collector.wasm" },
];

/// What wasm-bindgen makes of that; rolldown.config.js names it too.
const GLUE: &str = "target/collector";
/// The package, complete before it replaces the last one.
const STAGE: &str = "target/collector/pkg";

/// Files that are bundled and so not copied.
const ENTRIES: [&str; 5] = ["index.js", "script.js", "stub.js", "details.js", DROP_IN];

/// By this, Vite and webpack find the wasm file, so the bundle has to keep it.
const WASM_ADDRESS: &str = "rhumb_bg.wasm";
/// What a script tag loads.
const SCRIPT: &str = "rhumb.js";
/// What both load when the page has time.
const DETAILS: &str = "rhumb_details.js";
/// What pages import in the place of web-vitals.
const DROP_IN: &str = "web-vitals.js";
/// Their modules are in the scripts themselves: whoever loads one waits until it is there, and should not
/// wait for another request. rolldown.config.js names them too, as `…_module.js`.
const WITHIN_SCRIPTS: [&str; 2] = ["web-vitals", "rhumb_details"];

/// Bytes after compression first, again until nothing gets smaller; the list of features is only for
/// tools. Nothing lives in the first 1,024 bytes: they are the far end of the stack.
const WASM_OPTIMISATIONS: [&str; 11] = [
    "--gufa",
    // Other control flow, which takes fewer bytes once it is optimised again.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
    // Browsers compile a function when it is first called, which takes a while for each: what nobody
    // else calls stands within its caller, though that compresses a little worse.
    "--always-inline-max-function-size=8",
    "--one-caller-inline-max-function-size=1000",
    "--reorder-functions",
    "--low-memory-unused",
    "--strip-target-features",
];

/// What every browser that runs wasm-bindgen's glue understands, and Rust takes for granted.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the package, unless it stands.
pub(crate) fn build(tools: &Tools) -> Result<()> {
    tools.node.install_packages(TOOLS)?;
    step("collector: cargo build", || {
        MODULES.iter().try_for_each(|module| compile(tools, module))
    })?;
    let [first, second, third] = MODULES.map(|module| module.path);
    let files = [first, second, third, SOURCES, RECIPE, PACKAGE].map(Path::new);
    fingerprint::unless_fresh("collector", "", &files, || {
        step("collector: wasm-bindgen, wasm-opt, rolldown", || package(tools))
    })
}

fn compile(tools: &Tools, module: &Module) -> Result<()> {
    run(tools.wasm.build("collector-wasm", "wasm")?.args(module.features))?;
    fs::copy(ARTIFACT, module.path).with_context(|| format!("cannot copy {ARTIFACT}"))?;
    Ok(())
}

fn package(tools: &Tools) -> Result<()> {
    if Path::new(GLUE).exists() {
        fs::remove_dir_all(GLUE)?;
    }
    fs::create_dir_all(STAGE)?;
    for module in &MODULES {
        bind(module)?;
        optimise(tools, module)?;
    }
    WITHIN_SCRIPTS.into_iter().try_for_each(put_into_script)?;
    bundle(tools)?;
    name_by_content()?;
    for source in files(Path::new(SOURCES))? {
        if !ENTRIES.iter().any(|entry| source.ends_with(entry)) {
            fs::copy(&source, Path::new(STAGE).join(name(&source)))?;
        }
    }
    publish()
}

fn bind(module: &Module) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .input_path(module.path)
        .out_name(module.name)
        .typescript(false)
        // The library leaves the module's own address out by default, unlike the program.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Whatever runs WebAssembly has it.
        .encode_into(EncodeInto::Always);
    let output = bindgen.generate_output().context("wasm-bindgen failed")?;
    import_names::emit(output, Path::new(GLUE), module.name)
}

fn optimise(tools: &Tools, Module { name, .. }: &Module) -> Result<()> {
    let (from, to) = (format!("{GLUE}/{name}_bg.wasm"), format!("{STAGE}/{name}_bg.wasm"));
    let mut wasm_opt = tools.node.program(&format!("{TOOLS}/node_modules/.bin/wasm-opt"));
    wasm_opt.args([&from, "-o", &to]).args(WASM_OPTIMISATIONS).args(WASM_FEATURES);
    run(&mut wasm_opt).map(drop)
}

/// As hexadecimal digits, which Brotli compresses better than Base64: bytes stay bytes.
fn put_into_script(name: &str) -> Result<()> {
    let path = Path::new(STAGE).join(format!("{name}_bg.wasm"));
    let mut digits = String::new();
    for byte in fs::read(&path)? {
        write!(digits, "{byte:02x}")?;
    }
    fs::remove_file(path)?;
    let script = Path::new(GLUE).join(format!("{name}_module.js"));
    fs::write(&script, format!("export const digits = '{digits}';\n"))
        .with_context(|| format!("cannot write {}", script.display()))
}

fn bundle(tools: &Tools) -> Result<()> {
    let mut rolldown = tools.node.program(&format!("{TOOLS}/node_modules/.bin/rolldown"));
    run(rolldown.args(["--config", &format!("{TOOLS}/rolldown.config.js")]))?;
    for bundle in ["index.js", SCRIPT] {
        let code = fs::read_to_string(Path::new(STAGE).join(bundle))?;
        ensure!(
            keeps_wasm_address(&code),
            "{bundle} has lost `new URL('{WASM_ADDRESS}', import.meta.url)`, by which bundlers \
             find the wasm file"
        );
        ensure!(
            keeps_import(&code),
            "{bundle} has lost `import('./{DETAILS}')`, by which bundlers find what is loaded later"
        );
    }
    for bundle in ["index.js", SCRIPT, DETAILS] {
        let code = fs::read_to_string(Path::new(STAGE).join(bundle))?;
        ensure!(
            compiles_early(&code),
            "{bundle} has a function without parentheses around it, which browsers compile on the \
             main thread"
        );
    }
    Ok(())
}

/// Adds twins whose names change with their content, so that browsers may keep them for ever. The
/// script of the tag loads the other files under such names; bundlers make some of their own.
fn name_by_content() -> Result<()> {
    let stage = Path::new(STAGE);
    let mut script = fs::read_to_string(stage.join(SCRIPT))?;
    for file in [WASM_ADDRESS, DETAILS] {
        script = script.replace(file, &add_twin(file)?);
    }
    fs::write(stage.join(SCRIPT), script)?;
    add_twin(SCRIPT).map(drop)
}

/// The name of the twin.
fn add_twin(file: &str) -> Result<String> {
    let stage = Path::new(STAGE);
    let content = fs::read(stage.join(file))?;
    let name = hashed_name(file, &content);
    fs::write(stage.join(&name), content)?;
    Ok(name)
}

fn keeps_wasm_address(code: &str) -> bool {
    has_in_any_quotes(code, "newURL(", WASM_ADDRESS, ",import.meta.url)")
}

fn keeps_import(code: &str) -> bool {
    has_in_any_quotes(code, "import(", &format!("./{DETAILS}"), ")")
}

/// Whichever quotes a minifier likes.
fn has_in_any_quotes(code: &str, before: &str, address: &str, after: &str) -> bool {
    let code = code.replace(' ', "");
    let is_there = |quote| code.contains(&format!("{before}{quote}{address}{quote}{after}"));
    ['\'', '"', '`'].into_iter().any(is_there)
}

/// What `xtask/npm/eager.js` has made of it is still there.
fn compiles_early(code: &str) -> bool {
    let before = |(at, _)| code.get(..at).unwrap_or_default();
    code.match_indices("function(")
        .map(before)
        .all(|code| code.strip_suffix("async ").unwrap_or(code).ends_with('('))
}

/// Puts the staged files into the package and takes away what is no longer part of it.
fn publish() -> Result<()> {
    let staged = files(Path::new(STAGE))?;
    fs::create_dir_all(PACKAGE)?;
    for file in &staged {
        fs::copy(file, Path::new(PACKAGE).join(name(file)))?;
    }
    let names: BTreeSet<_> = staged.iter().map(|file| name(file)).collect();
    for file in files(Path::new(PACKAGE))? {
        if !names.contains(&name(&file)) {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(paths.into_iter().filter(|path| path.is_file()).collect())
}

fn name(path: &Path) -> OsString {
    path.file_name().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{compiles_early, keeps_import, keeps_wasm_address};

    #[test]
    fn a_function_in_parentheses_is_compiled_early() {
        assert!(compiles_early(
            "const a=(function(){}),b=(async function(){}),c=typeof a==`function`;"
        ));
        assert!(!compiles_early("const a=(function(){}),b=function(){}"));
        assert!(!compiles_early("const a=async function(){}"));
    }

    #[test]
    fn the_address_of_the_wasm_file_is_known_in_any_quotes() {
        assert!(keeps_wasm_address("x = new URL('rhumb_bg.wasm', import.meta.url);"));
        assert!(keeps_wasm_address("x=new URL(`rhumb_bg.wasm`,import.meta.url)"));
        assert!(!keeps_wasm_address("x=new URL('assets/rhumb_bg-1234.wasm',import.meta.url)"));
    }
    #[test]
    fn what_is_loaded_later_is_imported_by_its_own_name() {
        assert!(keeps_import("import(`./rhumb_details.js`).then(f)"));
        assert!(!keeps_import("import('../npm/rhumb_details.js')"));
    }
}
