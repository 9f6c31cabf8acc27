//! What explains page views, in the place of the metrics.

use super::report;
use crate::support::{Filled, once};
use serde_json::{Value, json};

#[test]
fn components_are_told_with_their_phases_and_how_much_of_them_updates_render() {
    let mut shop = Filled::new();
    let render = |phase: &str, count: u32, full_count: u32| {
        json!({ "id": "TripList", "phase": phase, "count": count, "actual_us": count * 20_000,
                "base_us": count * 20_000, "max_us": 30_000, "slow_count": count,
                "full_count": full_count, "bins": [[-46, count]] })
    };
    let components = [render("mount", 2, 2), render("update", 30, 30)];
    let says = json!({ "renders": { "components": components } });
    shop.visit("2026-01-09T10:00:00Z", [1200.0], &says);
    let shown = report(&shop, &["--renders"], &[]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    for line in [
        "On 1 page view that reports its components. p75 ± 4.50 %.",
        "TripList   mount         2   40 ms",
        "■ in full",
        "TripList: 100 % of updates re-render most of it",
    ] {
        assert!(shown.out.contains(line), "{line}: {}", shown.out);
    }
    let both = report(&shop, &["--renders", "--by", "route"], &[]);
    assert!(both.code != 0 && both.err.contains("cannot be used with"), "{}", both.err);
    let json = report(&shop, &["--renders", "--format", "json"], &[]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["rows"][0]["updates"], "in_full");
}

#[test]
fn what_blocks_is_told_with_what_called_it_and_what_to_do() {
    let mut shop = Filled::new();
    let script = json!({ "source": "https://shop.example/search.js", "function": "slowFilter",
        "invoker": "BUTTON#apply.onclick", "invoker_type": "event-listener", "count": 1,
        "total_us": 120_000, "blocking_us": 70_000, "slow_interactions": 1 });
    let told = json!({ "frames": once(130), "blocking_us": 80_000, "slow_interactions": 1,
                       "scripts": [script] });
    shop.visit("2026-01-09T10:00:00Z", [1200.0], &json!({ "long_frames": told }));
    let shown = report(&shop, &["--long-frames"], &[]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    for line in [
        "On 1 page view that had frames of over 50 ms.",
        "1 long frame, p75 130 ms ± 4.50 %. They kept pages from answering for 80 ms in all",
        "slowFilter  once  120 ms     70 ms  87.5 %    0 ms           1, 100 %",
        "slowFilter: https://shop.example/search.js, called by BUTTON#apply.onclick",
        "It blocks an answer to the visitor",
    ] {
        assert!(shown.out.contains(line), "{line}: {}", shown.out);
    }
    let none = report(&shop, &["--long-frames", "--route", "/nowhere"], &[]);
    assert!(none.out.contains("On 0 page views that had frames"), "{}", none.out);
    let two = report(&shop, &["--long-frames", "--renders"], &[]);
    assert!(two.code != 0 && two.err.contains("cannot be used with"), "{}", two.err);
}

#[test]
fn what_was_loaded_and_timed_are_tables() {
    let mut shop = Filled::new();
    let weight = json!({ "count": 1, "transfer_bytes": 310_000, "encoded_bytes": 310_000,
                         "decoded_bytes": 902_000 });
    let file = json!({ "url": "https://shop.example/assets/search-*.js", "kind": "script",
                       "weight": weight, "durations": once(180) });
    let says = json!({
        "resources": { "kinds": [{ "kind": "script", "weight": weight }], "files": [file] },
        "measures": { "names": [
            { "kind": "measure", "name": "checkout", "durations": once(412) } ] },
    });
    shop.visit("2026-01-09T10:00:00Z", [1200.0], &says);
    let shown = report(&shop, &["--resources"], &[]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    for line in [
        "On 1 page view that tells what it loaded.",
        "Scripts   310 kB    902 kB     0 %           1",
        "search-*.js  script    902 kB  180 ms     0 %           1",
    ] {
        assert!(shown.out.contains(line), "{line}: {}", shown.out);
    }
    let shown = report(&shop, &["--measures"], &[]);
    let line = "checkout  measure           1      1  403 ms  403 ms  403 ms   412 ms";
    assert!(shown.out.contains(line), "{}", shown.out);
    let csv = report(&shop, &["--measures", "--format", "csv"], &[]);
    assert!(csv.out.starts_with("kind,name,page_views,count,p50_ms,"), "{}", csv.out);
}

#[test]
fn what_goes_wrong_leaks_and_waits_is_told() {
    let mut shop = Filled::new();
    let frame = json!({ "function": "apply", "source": "https://shop.example/a.js", "line": 1, "column": 9 });
    let request = |path: &str, ms: u32| json!({ "url": format!("https://shop.example/api{path}"), "durations": once(ms) });
    let says = json!({
        "route": "/trips",
        "errors": { "errors": [{ "kind": "unhandled-rejection", "message": "no trip", "stack": [frame],
                                 "count": 2 }] },
        "memory": { "source": "heap", "samples": 2, "first_bytes": 20_000_000, "last_bytes": 32_000_000,
                    "max_bytes": 32_000_000, "first_ms": 0, "last_ms": 60_000 },
        "requests": { "sequential_us": 700_000, "elapsed_us": 700_000,
            "urls": [request("/user", 100), request("/trips/:id", 600)],
            "chains": [{ "urls": [0, 1], "total_us": 700_000, "longest_us": 600_000 }] },
    });
    shop.visit("2026-01-09T10:00:00Z", [1200.0; 12], &says);
    for (option, lines) in [
        (
            "--errors",
            &[
                "no trip  unhandled rejection          12     24  /trips",
                "  apply at https://shop.example/a.js:1:9",
            ][..],
        ),
        ("--memory", &["/trips  heap          12        32 MB  +12 MB       +12 MB  ■ suspected"]),
        (
            "--requests",
            &[
                "/api/trips/:id     12       –",
                "/api/user → /api/trips/:id  /trips          12  700 ms   600 ms",
            ],
        ),
    ] {
        let shown = report(&shop, &[option], &[]);
        assert_eq!((shown.code, &*shown.err), (0, ""));
        for line in lines {
            assert!(shown.out.contains(line), "{line}: {}", shown.out);
        }
    }
}

#[test]
fn what_is_told_on_the_command_line_goes_before_what_the_environment_tells() {
    let shop = Filled::new();
    for variables in [[("RHUMB_RENDERS", "true")], [("RHUMB_BY", "route")]] {
        let shown = shop.rhumb_with(&["report", "default", "--long-frames"], &variables);
        assert_eq!((shown.code, &*shown.err), (0, ""), "{variables:?}");
    }
    let refused = shop.rhumb(&["report", "default", "--long-frames", "--by", "route"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
}

#[test]
fn which_samples_are_looked_at_is_said_with_profiles_only() {
    let shop = Filled::new();
    let refused = shop.rhumb(&["report", "default", "--target", "#apply"]);
    assert!(refused.code != 0, "{}", refused.out);
    assert!(refused.err.contains("--target says which samples are looked at"), "{}", refused.err);
    let variables = [("RHUMB_TARGET", "#apply"), ("RHUMB_SLOW_INTERACTIONS", "true")];
    for report in [&["--renders"][..], &["--profiles"], &[]] {
        let shown = shop.rhumb_with(&[&["report", "default"], report].concat(), &variables);
        assert_eq!((shown.code, &*shown.err), (0, ""), "{report:?}");
    }
}
