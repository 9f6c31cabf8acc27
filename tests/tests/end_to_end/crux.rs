//! A client of the public CrUX API asks about one's own visitors: crux-api of npm, as it is.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::{path::Path, process::Command};
use tests::Server;

/// Where the client is installed.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/npm");

/// Nothing but where requests go is said to the client.
const PROGRAM: &str = "
  import { createQueryHistoryRecord, createQueryRecord, normalizeUrl } from 'crux-api';
  const google = 'https://chromeuxreport.googleapis.com/';
  const there = (url, options) => fetch(url.replace(google, process.env.RHUMB), options);
  const options = { key: 'any', fetch: there };
  const [query, history] = [createQueryRecord(options), createQueryHistoryRecord(options)];
  const [url, origin] = ['https://shop.example/cart?b=2', 'https://shop.example'];
  console.log(JSON.stringify({
    url: await query({ url }),
    normalized: normalizeUrl(url),
    phone: await query({ origin, formFactor: 'PHONE', metrics: ['largest_contentful_paint'] }),
    history: await history({ url, formFactor: 'PHONE', collectionPeriodCount: 2 }),
    tablet: await query({ origin, formFactor: 'TABLET' }),
    elsewhere: await history({ origin: 'https://shop.example.org' }),
    error: await query({ origin, formFactor: 'WATCH' }).catch(({ message }) => JSON.parse(message)),
  }));
";

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_the_public_crux_api_works_as_it_is() -> Result<()> {
    let server = Server::start().await?;
    let beacon = json!({
        "site": "default",
        "page_view": "5f0c".repeat(8),
        "age_ms": 10 * 24 * 60 * 60 * 1000,
        "url": "https://shop.example/cart?b=1",
        "navigation_type": "back-forward-cache",
        "form_factor": "phone",
        "metrics": [{ "name": "LCP", "value": 2312.4 }, { "name": "CLS", "value": 0.126 }],
    });
    let request = reqwest::Client::new().post(server.url("/v1/ingest")).json(&beacon);
    request.send().await?.error_for_status()?;

    let answers = run(&server)?;
    let Value::Object(record) = &answers["url"]["record"] else { panic!("{answers}") };
    ensure!(record["key"] == json!({ "url": "https://shop.example/cart" }), "{answers}");
    ensure!(record["key"]["url"] == answers["normalized"], "{answers}");
    let metrics = &record["metrics"];
    ensure!(metrics["largest_contentful_paint"]["percentiles"]["p75"] == 2312, "{answers}");
    ensure!(metrics["cumulative_layout_shift"]["percentiles"]["p75"] == "0.13", "{answers}");
    ensure!(metrics["navigation_types"]["fractions"]["back_forward_cache"] == 1, "{answers}");
    ensure!(metrics["form_factors"]["fractions"]["phone"] == 1, "{answers}");

    let phone = &answers["phone"]["record"];
    let key = json!({ "formFactor": "PHONE", "origin": "https://shop.example" });
    ensure!(phone["key"] == key, "{answers}");
    ensure!(phone["metrics"].as_object().context("no metrics")?.len() == 1, "{answers}");

    let lcp = &answers["history"]["record"]["metrics"]["largest_contentful_paint"];
    ensure!(lcp["percentilesTimeseries"]["p75s"][1] == 2312, "{answers}");
    ensure!(answers["tablet"].is_null() && answers["elsewhere"].is_null(), "{answers}");
    ensure!(answers["error"]["status"] == "INVALID_ARGUMENT", "{answers}");
    Ok(())
}

fn run(server: &Server) -> Result<Value> {
    ensure!(
        Path::new(FOLDER).join("node_modules/crux-api").exists(),
        "`cargo xtask test` installs it"
    );
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", PROGRAM]).current_dir(FOLDER);
    let output = node.env("RHUMB", server.url("/")).output().context("no node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
