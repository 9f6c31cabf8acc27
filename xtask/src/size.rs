//! `cargo xtask size`: what a visitor's browser loads.

use crate::{collector, setup};
use anyhow::{Context, Result, bail, ensure};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::{fmt, fs, io::Write, ops::Add, path::Path};

/// The most that either way to load the collector may take, compressed with Brotli.
const BUDGET_BROTLI_BYTES: usize = 16 * 1024;
/// The most that what behaves like web-vitals may take.
const DROP_IN_BUDGET_BROTLI_BYTES: usize = 18 * 1024;
/// The most that may be loaded later, when the page has time.
const DETAILS_BUDGET_BROTLI_BYTES: usize = 22 * 1024;

/// Why the budget does not apply.
pub(crate) const NOT_FOR_RELEASES: &str =
    "it is set for releases, whose std is built from source (RHUMB_WASM_ROUTE=build-std)";

const WASM: &str = "rhumb_bg.wasm";
/// What pages put inline into their heads, as it is.
const STUB: &str = "stub.js";
const STUB_BUDGET_RAW_BYTES: usize = 600;

/// What pages load: a script and, unless it is within the script, a wasm file.
struct Way {
    name: &'static str,
    script: &'static str,
    wasm: Option<&'static str>,
    budget_brotli_bytes: usize,
}

const WAYS: [Way; 4] = [
    Way {
        name: "npm package",
        script: "index.js",
        wasm: Some(WASM),
        budget_brotli_bytes: BUDGET_BROTLI_BYTES,
    },
    Way {
        name: "script tag",
        script: "rhumb.js",
        wasm: Some(WASM),
        budget_brotli_bytes: BUDGET_BROTLI_BYTES,
    },
    Way {
        name: "details, later",
        script: "rhumb_details.js",
        wasm: None,
        budget_brotli_bytes: DETAILS_BUDGET_BROTLI_BYTES,
    },
    Way {
        name: "web-vitals",
        script: "web-vitals.js",
        wasm: None,
        budget_brotli_bytes: DROP_IN_BUDGET_BROTLI_BYTES,
    },
];

const FOLDER: &str = "target/bench";

/// Bytes of a file, or of several.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// A line of the table.
pub(crate) struct Row {
    name: String,
    size: Size,
    /// What a way to load the collector may take; single files have none of their own.
    budget_brotli_bytes: Option<usize>,
}

/// Builds the collector if it has changed, prints the table and holds it against the budget.
pub(crate) fn run() -> Result<()> {
    let tools = setup::tools()?;
    collector::build(&tools)?;
    let totals = report()?;
    if tools.wasm.is_for_releases() {
        check_budget(&totals)?;
    } else {
        println!("  skipped: the budget, because {NOT_FOR_RELEASES}");
    }
    Ok(())
}

/// Prints the table of the collector that stands, and returns a row for each way to load it.
pub(crate) fn report() -> Result<Vec<Row>> {
    let measured = WAYS.iter().map(Way::measure).collect::<Result<Vec<_>>>()?;
    let (totals, scripts): (Vec<_>, Vec<_>) = measured.into_iter().unzip();
    let stub = measure_file(STUB)?;
    ensure!(
        stub.size.raw <= STUB_BUDGET_RAW_BYTES,
        "{STUB} has {} bytes, and {STUB_BUDGET_RAW_BYTES} are allowed",
        stub.size.raw
    );
    let files: Vec<_> = scripts.into_iter().chain([measure_file(WASM)?, stub]).collect();

    println!("\n{}\n", table(&files, &totals));
    fs::create_dir_all(FOLDER)?;
    let path = Path::new(FOLDER).join("size.json");
    fs::write(&path, format!("{:#}\n", as_json(&files, &totals)))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(totals)
}

/// Fails with a sentence when one of the totals is over the budget.
pub(crate) fn check_budget(totals: &[Row]) -> Result<()> {
    for Row { name, size, budget_brotli_bytes } in totals {
        if let Some(budget) = *budget_brotli_bytes
            && size.brotli > budget
        {
            bail!(
                "the collector is over its budget: as {name} it takes {} bytes with Brotli, and \
                 {budget} are allowed",
                size.brotli
            );
        }
    }
    Ok(())
}

fn measure_file(name: &str) -> Result<Row> {
    let path = Path::new(collector::PACKAGE).join(name);
    let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Row { name: name.to_owned(), size: Size::of(&content)?, budget_brotli_bytes: None })
}

impl Way {
    /// Script and module together, and the script alone.
    fn measure(&self) -> Result<(Row, Row)> {
        let script = measure_file(self.script)?;
        let size = match self.wasm {
            Some(wasm) => script.size + measure_file(wasm)?.size,
            None => script.size,
        };
        let total = Row {
            name: self.name.to_owned(),
            size,
            budget_brotli_bytes: Some(self.budget_brotli_bytes),
        };
        Ok((total, script))
    }
}

impl Size {
    /// With `gzip -9` and Brotli at quality 11, as a server that compresses ahead of time does.
    fn of(content: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(content)?;
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
        brotli.write_all(content)?;
        Ok(Self {
            raw: content.len(),
            gzip: gzip.finish()?.len(),
            brotli: brotli.into_inner().len(),
        })
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { raw, gzip, brotli } = self.size;
        let budget = self.budget_brotli_bytes.map(|bytes| bytes.to_string()).unwrap_or_default();
        write!(f, "  {:<20}{raw:>9}{gzip:>9}{brotli:>9}{budget:>9}", self.name)
    }
}

fn table(files: &[Row], totals: &[Row]) -> String {
    let head = format!("  {:<20}{:>9}{:>9}{:>9}{:>9}", "bytes", "raw", "gzip", "brotli", "budget");
    let rule = format!("  {}", "─".repeat(56));
    let mut lines = vec![head];
    lines.extend(files.iter().map(Row::to_string));
    lines.push(rule);
    lines.extend(totals.iter().map(Row::to_string));
    lines.join("\n")
}

fn as_json(files: &[Row], totals: &[Row]) -> Value {
    let rows = |rows: &[Row]| -> Value {
        rows.iter()
            .map(|Row { name, size: Size { raw, gzip, brotli }, budget_brotli_bytes }| {
                json!({
                    "name": name,
                    "raw_bytes": raw,
                    "gzip_bytes": gzip,
                    "brotli_bytes": brotli,
                    "budget_brotli_bytes": budget_brotli_bytes,
                })
            })
            .collect()
    };
    json!({
        "files": rows(files),
        "totals": rows(totals),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, brotli: usize) -> Row {
        let size = Size { raw: 20_000, gzip: 13_000, brotli };
        Row { name: name.to_owned(), size, budget_brotli_bytes: Some(BUDGET_BROTLI_BYTES) }
    }

    #[test]
    fn compressed_sizes_are_those_of_whole_files() {
        let size = Size::of(&[7; 10_000]).unwrap();
        assert_eq!(size.raw, 10_000);
        assert!((20..100).contains(&size.gzip) && (5..50).contains(&size.brotli), "{size:?}");
    }

    #[test]
    fn the_columns_of_the_table_stand_below_each_other() {
        let text = table(&[row(WASM, 7_000)], &[row("npm package", 9_000)]);
        let widths: Vec<_> = text.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [58; 4], "{text}");
    }

    #[test]
    fn a_byte_over_the_budget_is_too_much() {
        assert!(check_budget(&[row("script tag", BUDGET_BROTLI_BYTES)]).is_ok());
        let error = check_budget(&[row("script tag", BUDGET_BROTLI_BYTES + 1)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the collector is over its budget: as script tag it takes 16385 bytes with Brotli, and \
             16384 are allowed"
        );
    }
}
