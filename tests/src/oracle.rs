//! The web-vitals package, loaded into the same page as the collector: what it says is right.

use crate::browser::Browser;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::path::Path;

const PACKAGE: &str = "npm/node_modules/web-vitals/dist/web-vitals.iife.js";

/// Final values go to the origin's storage, by path, and outlive the page; those so far to the window.
const LISTEN: &str = r"
  window.oracleSoFar = {};
  for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) {
    webVitals['on' + name](({ value }) => {
      const finals = JSON.parse(localStorage.getItem(location.pathname) ?? '{}');
      localStorage.setItem(location.pathname, JSON.stringify({ ...finals, [name]: value }));
    });
    webVitals['on' + name](({ value }) => { oracleSoFar[name] = value; }, { reportAllChanges: true });
  }
";

/// Watches every page of a browser.
pub struct Oracle<'a> {
    browser: &'a Browser,
}

impl<'a> Oracle<'a> {
    /// Loads it into every page to come.
    pub async fn watch(browser: &'a Browser) -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PACKAGE);
        let package = std::fs::read_to_string(&path).with_context(|| {
            format!("{} is missing: these tests are run by `cargo xtask test`", path.display())
        })?;
        browser.in_every_page(&format!("{package};{LISTEN}")).await?;
        Ok(Self { browser })
    }

    /// Waits until a value so far satisfies a condition such as `> 0.1`.
    pub async fn sees(&self, metric: &str, condition: &str) -> Result<()> {
        self.browser.wait_until(&format!("window.oracleSoFar?.{metric} {condition}")).await
    }

    /// The final values of a page by metric name, read on another page of the same origin.
    pub async fn finals(&self, path: &str) -> Result<Map<String, Value>> {
        self.browser.value(&format!("JSON.parse(localStorage.getItem('{path}') ?? '{{}}')")).await
    }
}
