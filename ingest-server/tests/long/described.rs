//! Whether the description of the API tells all that the server answers, and nothing else.

use crate::support::{Binary, Filled, once};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long schemathesis may take: twice what it takes on two cores. With several workers it is quicker, and
/// fails now and then in `ast.parse` of Python 3.11.
const PATIENCE: Duration = Duration::from_mins(4);
/// How often it is looked whether it has ended.
const STEP: Duration = Duration::from_millis(100);

/// A server on a database with a few hundred page views of the last weeks.
fn server(filled: &mut Filled) -> Binary {
    for (hours, route, form_factor, release) in [
        (1, "/product/:id", "phone", "1.4.2"),
        (30, "/search", "desktop", "1.4.2"),
        (24 * 12, "/search", "phone", "1.4.1"),
        (24 * 26, "/", "tablet", "1.4.1"),
    ] {
        let at = Timestamp::now() - SignedDuration::from_hours(hours);
        let says = json!({
            "url": "https://shop.example/a", "route": route, "form_factor": form_factor,
            "release": release, "connection": "4g", "navigation_type": "back-forward-cache",
            "metrics": metrics(), "long_frames": long_frames(), "measures": measures(),
            "resources": resources(), "memory": memory(), "errors": errors(), "requests": requests(),
            "profile": profile(), "timeline": timeline(),
        });
        filled.visit(&at.to_string(), (0..90).map(f64::from), &says);
    }
    Binary::start(filled.folder.path())
}

/// Every metric, with whatever explains it.
fn metrics() -> Value {
    json!([
        { "name": "LCP", "value": 5120.4, "attribution": {
            "target": "main>img.hero", "url": "https://cdn.example/hero.jpg", "timeToFirstByte": 320.1,
            "resourceLoadDelay": 50.0, "resourceLoadDuration": 4000.0, "elementRenderDelay": 9.0,
        } },
        { "name": "INP", "value": 612.0, "attribution": {
            "interactionTarget": "#buy", "interactionType": "pointer", "interactionTime": 5000.0,
            "inputDelay": 3.0, "processingDuration": 590.0, "presentationDelay": 19.0,
            "longestScript.sourceURL": "https://shop.example/a.js",
            "longestScript.sourceFunctionName": "buy",
            "longestScript.intersectingDuration": 580.0, "loadState": "complete",
        } },
        { "name": "CLS", "value": 0.31, "attribution": {
            "largestShiftTarget": "#ad", "largestShiftTime": 300.0, "largestShiftValue": 0.3,
        } },
        { "name": "FCP", "value": 900.5, "attribution": {
            "timeToFirstByte": 320.1, "firstByteToFCP": 580.4,
        } },
        { "name": "TTFB", "value": 320.1, "attribution": { "waitingDuration": 12.0 } },
        { "name": "FID", "value": 8.0 },
    ])
}

fn long_frames() -> Value {
    let script = |source: &str, function: &str, invoker: &str| {
        json!({ "source": source, "function": function, "invoker": invoker,
                "invoker_type": "event-listener", "count": 1, "total_us": 120_000,
                "blocking_us": 70_000, "forced_us": 900, "slow_interactions": 1 })
    };
    json!({ "frames": once(300), "blocking_us": 250_000, "slow_interactions": 1, "dropped": 1, "scripts": [
        script("https://shop.example/a.js", "slowFilter", "BUTTON#apply.onclick"),
        script("https://ads.example/tag.js", "", ""), script("", "", "DIV.onscroll") ] })
}

fn measures() -> Value {
    json!({ "dropped": 1, "names": [ { "kind": "mark", "name": "search", "durations": once(812) },
                                     { "kind": "measure", "name": "checkout", "durations": once(1) } ] })
}

fn resources() -> Value {
    let weight = json!({ "count": 1, "cached_count": 1, "decoded_bytes": 900_000 });
    json!({ "dropped": 1, "kinds": [{ "kind": "script", "weight": weight }], "files": [
        { "url": "https://shop.example/a-*.js", "kind": "script", "protocol": "h2", "weight": weight,
          "durations": once(90) } ] })
}

fn memory() -> Value {
    json!({ "source": "heap", "samples": 2, "first_bytes": 20_000_000, "last_bytes": 32_000_000,
            "max_bytes": 32_000_000, "first_ms": 0, "last_ms": 60_000 })
}

fn errors() -> Value {
    let frame = json!({ "function": "apply", "source": "https://shop.example/a.js", "line": 1, "column": 9 });
    json!({ "dropped": 1, "errors": [
        { "kind": "error", "message": "no trip", "stack": [frame, {}], "count": 2, "first_ms": 90 } ] })
}

fn requests() -> Value {
    let request = |path: &str| {
        json!({ "url": format!("https://shop.example{path}"), "durations": once(90), "waits": once(80),
                "server": [{ "name": "db", "durations": once(9) }],
                "trace_id": "0af7651916cd43dd8448eb211c80319c" })
    };
    json!({ "sequential_us": 180_000, "elapsed_us": 180_000, "urls": [request("/user"), request("/trips")],
            "chains": [{ "urls": [0, 1], "total_us": 180_000, "longest_us": 90_000 }] })
}

fn profile() -> Value {
    json!({ "interval_us": 10_000, "sources": ["https://shop.example/a.js"],
            "functions": [{ "name": "slowFilter", "source": 1, "line": 1, "column": 9 }, {}],
            "stacks": [{ "function": 1, "count": 1 }, { "parent": 1, "function": 0, "count": 9, "slow_count": 4 }] })
}

fn timeline() -> Value {
    json!({ "loads": [{ "kind": "script", "url": "https://shop.example/a.js", "start_ms": 40, "duration_ms": 90 }],
            "long_frames": [{ "start_ms": 300, "duration_ms": 160 }], "dropped": 1 })
}

/// A program beside schemathesis, which `cargo xtask test` installs and names.
fn program(name: &str) -> Option<Command> {
    let Some(schemathesis) = std::env::var_os("SCHEMATHESIS") else {
        println!("skipped: `cargo xtask test` installs schemathesis");
        return None;
    };
    let mut command = Command::new(Path::new(&schemathesis).with_file_name(name));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    Some(command)
}

/// Fails with what the program says, unless it ends well and in time.
fn ends_well(mut command: Command, folder: &Path) {
    let said = folder.join("said");
    let out = File::create(&said).unwrap();
    let out = command.current_dir(folder).stderr(out.try_clone().unwrap()).stdout(out);
    let mut child = out.stdin(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            break child.wait().unwrap();
        }
        thread::sleep(STEP);
    };
    let said = fs::read_to_string(said).unwrap();
    assert!(status.success(), "{status} after {:?}\n{said}", begun.elapsed());
}

fn file(name: &str) -> String {
    format!("{}/tests/api/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_answer_is_as_it_is_described_in_schemathesis() {
    let Some(mut schemathesis) = program("schemathesis") else { return };
    let mut filled = Filled::new();
    let server = server(&mut filled);
    schemathesis.args(["--config-file", &file("schemathesis.toml"), "run", "--no-color"]);
    schemathesis.arg(format!("{}openapi.json", server.url));
    ends_well(schemathesis, tempfile::tempdir().unwrap().path());
}

#[test]
fn every_example_is_as_it_is_described_in_schemathesis() {
    let Some(mut python) = program("python") else { return };
    let mut filled = Filled::new();
    let server = server(&mut filled);
    python.arg(file("examples.py")).arg(format!("{}openapi.json", server.url));
    ends_well(python, tempfile::tempdir().unwrap().path());
}
