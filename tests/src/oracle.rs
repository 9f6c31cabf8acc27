//! The web-vitals package, loaded into the same page as the collector: what it says is right.

use crate::browser::Browser;
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use std::path::Path;

/// As web-vitals calls them.
pub const METRICS: [&str; 5] = ["LCP", "INP", "CLS", "FCP", "TTFB"];

const TIMING_TOLERANCE_MS: f64 = 0.1;
const SCORE_TOLERANCE: f64 = 0.0001;
/// Of what comes back from the back/forward cache the browser tells no paint. Whoever measures reads
/// the clock when its turn has come in the frame.
const FRAME_TOLERANCE_MS: f64 = 17.0;

const PACKAGE: &str = "npm/node_modules/web-vitals/dist/web-vitals.iife.js";
const ATTRIBUTION_PACKAGE: &str = "npm/node_modules/web-vitals/dist/web-vitals.attribution.iife.js";

/// Final values go to the origin's storage when the page is hidden, by navigation type and path; those
/// so far to the window, also by navigation type alone. In between nothing is slow: the collector reads the clock after the oracle.
const LISTEN: &str = r"
  window.oracleSoFar = {};
  const finals = {};
  const keep = () => {
    if (!document.hidden) return;
    for (const key in finals) localStorage.setItem(key, JSON.stringify(finals[key]));
  };
  addEventListener('visibilitychange', keep);
  const pageView = ({ navigationType, navigationURL }) => `${navigationType} ${new URL(navigationURL).pathname}`;
  for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) {
    const on = webVitals['on' + name];
    on((metric) => {
      (finals[pageView(metric)] ??= {})[name] = metric.value;
      keep();
    }, { reportSoftNavs: true });
    on((metric) => {
      oracleSoFar[name] = metric.value;
      for (const key of [metric.navigationType, pageView(metric)]) {
        (oracleSoFar[key] ??= {})[name] = metric.value;
      }
    }, { reportAllChanges: true, reportSoftNavs: true });
  }
";

/// The same for attributions: what can be written down of them.
const EXPLAIN: &str = r"
  for (const name of ['CLS', 'FCP', 'INP', 'LCP', 'TTFB']) {
    webVitals['on' + name](({ attribution }) => {
      const { longestScript, ...fields } = attribution;
      const told = Object.entries(fields).filter(([, value]) => ['number', 'string'].includes(typeof value));
      if (longestScript) {
        const { entry, subpart, intersectingDuration } = longestScript;
        const { sourceURL, sourceFunctionName, invoker, invokerType } = entry;
        const script = { subpart, intersectingDuration, sourceURL, sourceFunctionName, invoker, invokerType };
        told.push(...Object.entries(script).map(([key, value]) => [`longestScript.${key}`, value]));
      }
      localStorage.setItem(`why ${name}`, JSON.stringify(Object.fromEntries(told)));
    });
  }
";

/// Watches every page of a browser.
pub struct Oracle<'a> {
    browser: &'a Browser,
}

impl<'a> Oracle<'a> {
    /// Loads it into every page to come.
    pub async fn watch(browser: &'a Browser) -> Result<Self> {
        browser.in_every_page(&Self::script()?).await?;
        Ok(Self { browser })
    }

    /// For pages that load it themselves.
    pub fn in_the_page(browser: &'a Browser) -> Self {
        Self { browser }
    }

    /// What those pages load.
    pub(crate) fn script() -> Result<String> {
        Ok(format!("{};{LISTEN}", package(PACKAGE)?))
    }

    /// What pages load whose attributions are compared.
    pub(crate) fn explaining_script() -> Result<String> {
        Ok(format!("{};{EXPLAIN}", package(ATTRIBUTION_PACKAGE)?))
    }

    /// The package with attribution and nothing else, for pages that call it themselves.
    pub(crate) fn package() -> Result<String> {
        package(ATTRIBUTION_PACKAGE)
    }

    /// The final attribution of a metric, read on another page of the same origin.
    pub async fn attribution(&self, metric: &str) -> Result<Map<String, Value>> {
        self.browser
            .value(&format!("JSON.parse(localStorage.getItem('why {metric}') ?? '{{}}')"))
            .await
    }

    /// Waits until a value so far satisfies a condition such as `> 0.1`.
    pub async fn sees(&self, metric: &str, condition: &str) -> Result<()> {
        self.browser.wait_until(&format!("window.oracleSoFar?.{metric} {condition}")).await
    }

    /// Ensures that the summary of one page view has what web-vitals has reported of it, and nothing
    /// else; the expected metrics at least. Asked on another page of the same origin.
    pub async fn assert_equal(
        &self,
        summary: &Value,
        (navigation_type, path): (&str, &str),
        expected: &[&str],
    ) -> Result<()> {
        let finals = self.finals(navigation_type, path).await?;
        for name in METRICS {
            let metric = &summary["metrics"][name.to_lowercase()];
            let (ours, theirs) = (metric["p75"].as_f64(), finals.get(name).and_then(Value::as_f64));
            let values = format!("{name}: ours {ours:?}, web-vitals {theirs:?}");
            println!("{navigation_type} {path} {values}");
            let equal = match (ours, theirs) {
                (Some(ours), Some(theirs)) => {
                    (ours - theirs).abs() < tolerance(name, navigation_type)
                }
                (ours, theirs) => ours == theirs,
            };
            ensure!(equal, "{values}");
            ensure!(metric["count"] == u64::from(theirs.is_some()), "{name}: {metric}");
            ensure!(!expected.contains(&name) || ours.is_some(), "no {name}");
        }
        Ok(())
    }

    /// The final values of a page view by metric name.
    async fn finals(&self, navigation_type: &str, path: &str) -> Result<Map<String, Value>> {
        let key = format!("{navigation_type} {path}");
        self.browser.value(&format!("JSON.parse(localStorage.getItem('{key}') ?? '{{}}')")).await
    }
}

fn tolerance(metric: &str, navigation_type: &str) -> f64 {
    match metric {
        "CLS" => SCORE_TOLERANCE,
        "FCP" | "LCP" if navigation_type == "back-forward-cache" => FRAME_TOLERANCE_MS,
        _ => TIMING_TOLERANCE_MS,
    }
}

fn package(path: &str) -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).with_context(|| {
        format!("{} is missing: these tests are run by `cargo xtask test`", path.display())
    })
}
