//! `rhumb check`: whether a site keeps to its budget.

use crate::support::{Filled, Ran};
use ingest_server::store::sqlite::RollUpLimits;
use serde_json::json;
use std::{fs, iter::repeat_n, process::Command};

/// Days of January 2026.
const PERIOD: [&str; 4] = ["--from", "2026-01-01", "--to", "2026-01-28"];

/// Page views of a shop: its start page is fast, its products are slow on phones.
fn shop() -> Filled {
    let mut shop = Filled::new();
    let start = json!({ "route": "/", "form_factor": "desktop" });
    shop.visit("2026-01-05T10:00:00Z", repeat_n(1200.0, 400), &start);
    let product = json!({ "route": "/product/:id", "form_factor": "phone" });
    shop.visit("2026-01-06T10:00:00Z", repeat_n(2504.0, 120), &product);
    shop.visit("2026-01-07T10:00:00Z", repeat_n(900.0, 30), &json!({ "route": "/cart" }));
    shop
}

fn check(shop: &Filled, budget: &str, options: &[&str]) -> Ran {
    fs::write(shop.folder.path().join("budget.toml"), budget).unwrap();
    let arguments = [&["check", "default", "--budget", "budget.toml"], &PERIOD[..], options];
    shop.rhumb(&arguments.concat())
}

const OF_ALL: &str = "
    [[budget]]
    metric = 'lcp'
    p75_max_ms = 2500
    share_good_min = 0.7
";
const OF_PRODUCTS: &str = "
    [[budget]]
    metric = 'lcp'
    p75_max_ms = 2500
    route = '/product/:id'
    form_factor = 'phone'
";
const OF_CARTS: &str = "
    [[budget]]
    metric = 'lcp'
    p75_max_ms = 2500
    route = '/cart'
";

/// A shop whose pages load 300 kB of scripts, and one of whose routes loads more.
fn heavy() -> Filled {
    let mut shop = Filled::new();
    for (route, bytes, visits) in [("/", 300_000, 400), ("/search", 800_000, 120)] {
        let weight = json!({ "count": 3, "transfer_bytes": bytes / 3, "decoded_bytes": bytes });
        let says = json!({ "route": route, "resources": {
            "kinds": [{ "kind": "script", "weight": weight }], "files": [] } });
        shop.visit("2026-01-05T10:00:00Z", repeat_n(1200.0, visits), &says);
    }
    shop
}

#[test]
fn what_pages_load_is_held_against_a_budget_too() {
    let of = |route: &str, bounds: &str| {
        format!("[[resources]]\nkind = 'script'\nroute = '{route}'\n{bounds}\n")
    };
    let kept = of("/", "transfer_bytes_p75_max = 100_000\ndecoded_bytes_p75_max = 300_000");
    let broken = of("/search", "decoded_bytes_p75_max = 799_999");
    let unknown = "[[resources]]\nkind = 'font'\ntransfer_bytes_p75_max = 1\n";
    let checked = check(&heavy(), &kept, &[]);
    assert_eq!((checked.code, &*checked.err), (0, ""));
    let checked = check(&heavy(), &[&*kept, &broken, unknown].concat(), &[]);
    assert_eq!(checked.code, 1);
    let sentence = "0 page views tell of a resource of the kind font, 100 are needed";
    assert!(checked.err.contains(sentence), "{}", checked.err);
    insta::assert_snapshot!(checked.out, @"
    default
    2026-01-01 00:00 to 2026-01-29 00:00 UTC

    budget                                    page views   measured    sample  result
    Scripts over the network p75 ≤ 100,000 B  /           100,000 B       400  ● kept
    Scripts unpacked p75 ≤ 300,000 B          /           300,000 B       400  ● kept
    Scripts unpacked p75 ≤ 799,999 B          /search     800,000 B       120  ■ broken
    Fonts over the network p75 ≤ 1 B          all                 –  0 of 100  ○ could not tell
    ");
    let json = check(&heavy(), &broken, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let resource = &json["resources"][0];
    assert_eq!((&resource["measured"], &resource["result"]), (&json!(800_000), &json!("broken")));
    assert_eq!(resource["decoded_bytes_p75_max"], 799_999);
}

#[test]
fn a_budget_that_is_kept_exits_with_0() {
    let checked = check(&shop(), OF_ALL, &[]);
    assert_eq!((checked.code, &*checked.err), (0, ""));
    insta::assert_snapshot!(checked.out, @"
    default
    2026-01-01 00:00 to 2026-01-29 00:00 UTC

    budget           page views  measured  sample  result
    LCP p75 ≤ 2.5 s  all           1.20 s     550  ● kept
    LCP good ≥ 70 %  all           78.2 %     550  ● kept
    ");
}

#[test]
fn a_budget_that_is_broken_exits_with_1_and_shows_by_how_little() {
    let checked = check(&shop(), &[OF_ALL, OF_PRODUCTS].concat(), &[]);
    assert_eq!((checked.code, &*checked.err), (1, ""));
    insta::assert_snapshot!(checked.out, @"
    default
    2026-01-01 00:00 to 2026-01-29 00:00 UTC

    budget           page views            measured  sample  result
    LCP p75 ≤ 2.5 s  all                     1.20 s     550  ● kept
    LCP good ≥ 70 %  all                     78.2 %     550  ● kept
    LCP p75 ≤ 2.5 s  /product/:id, phone  2504.0 ms     120  ■ broken
    ");
}

#[test]
fn a_budget_that_is_broken_exits_with_1_even_if_nobody_reads_on() {
    let shop = shop();
    fs::write(shop.folder.path().join("budget.toml"), OF_PRODUCTS).unwrap();
    let (reader, unread) = std::io::pipe().unwrap();
    drop(reader);
    let mut check = Command::new(env!("CARGO_BIN_EXE_rhumb"));
    let check = check.args(["check", "default", "--budget", "budget.toml"]).args(PERIOD);
    let output = check.current_dir(shop.folder.path()).stdout(unread).output().unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr)),
        (Some(1), Ok(String::new()))
    );
}

#[test]
fn a_percentile_of_histograms_that_is_nearer_to_its_bound_than_it_may_be_off_exits_with_2() {
    let mut shop =
        Filled::with_roll_up(RollUpLimits { tail_min: 100, step_max: 400, corrections_max: 0 });
    shop.visit("2026-01-05T10:00:00Z", repeat_n(2490.0, 600), &json!({}));
    let near = check(&shop, OF_ALL, &[]);
    assert_eq!(near.code, 2);
    insta::assert_snapshot!(near.out, @"
    default
    2026-01-01 00:00 to 2026-01-29 00:00 UTC

    budget           page views            measured  sample  result
    LCP p75 ≤ 2.5 s  all         2497.2 ms ± 0.55 %     600  ○ could not tell
    LCP good ≥ 70 %  all                      100 %     600  ● kept
    ");
    insta::assert_snapshot!(near.err, @"could not tell: LCP is 2497.2 ms ± 0.55 %, which is too near to 2500 ms");
    let json = check(&shop, OF_ALL, &["--format", "json"]).json();
    assert_eq!(json["result"], "could_not_tell");
    assert_eq!(json["limits"][0]["error"], 0.0055);
    assert_eq!(json["limits"][1]["error"], json!(null), "shares are exact");
    for (bound, code) in [("2400", 1), ("2600", 0)] {
        assert_eq!(check(&shop, &OF_ALL.replace("2500", bound), &[]).code, code, "{bound}");
    }
}

#[test]
fn too_few_page_views_exit_with_2_and_a_sentence() {
    let checked = check(&shop(), &[OF_ALL, OF_CARTS].concat(), &[]);
    assert_eq!(checked.code, 2);
    insta::assert_snapshot!(checked.err, @"could not tell: LCP of /cart was measured on 30 page views, 100 are needed");
    let checked = check(&shop(), &[OF_PRODUCTS, OF_CARTS].concat(), &[]);
    assert_eq!(checked.code, 1, "what is broken matters more");
    let enough = [OF_CARTS, "page_views_min = 30"].concat();
    assert_eq!(check(&shop(), &enough, &[]).code, 0);
}

#[test]
fn what_cannot_be_asked_exits_with_3_and_says_why() {
    let shop = shop();
    for (budget, options, says) in [
        ("[[budget]]\nmetric = 'lcp'\np75_max = 2500", &[][..], "line 1"),
        ("[[budget]]\nmetric = 'lcp'\np75_ms = 2500", &[], "line 3"),
        (OF_ALL, &["--form-factor", "watch"], "--form-factor: form_factor is none of phone"),
        (OF_ALL, &["--database", "typo.db"], "there is no database typo.db"),
        (OF_ALL, &["--database", "budget.toml"], "cannot read the database budget.toml"),
        (OF_ALL, &["--baseline", "1.4.1"], "no [regression]"),
        (OF_ALL, &["--period", "24h"], "--period"),
        (OF_ALL, &["--perod", "24h"], "--perod"),
        (OF_ALL, &["--config", "typo.toml"], "cannot read typo.toml"),
        (OF_ALL, &["--config", "budget.toml"], "budget: expected a text"),
        (OF_PRODUCTS, &["--route", "/cart"], "--route"),
    ] {
        let checked = check(&shop, budget, options);
        assert_eq!((checked.code, &*checked.out), (3, ""), "{says}");
        assert!(checked.err.contains(says), "{says} is not in {}", checked.err);
    }
    let nowhere = shop.rhumb(&["check", "nowhere", "--budget", "budget.toml"]);
    assert_eq!(nowhere.code, 3);
    assert!(nowhere.err.contains("there is no site nowhere"));
    let no_budget = shop.rhumb(&["check", "default", "--budget", "typo.toml"]);
    assert_eq!(no_budget.code, 3);
    assert!(no_budget.err.contains("cannot read the budget typo.toml"));
    for arguments in [&["check"][..], &["check", "default"], &["check", "a site"]] {
        assert_eq!(shop.rhumb(arguments).code, 3, "{arguments:?}");
    }
    assert_eq!(shop.rhumb(&["check", "--help"]).code, 0);
    assert_eq!(shop.rhumb(&["report", "default", "--perod"]).code, 2, "as clap ends");
}

/// The pipeline of the page, on this shop.
fn pipeline(shop: &Filled, budget: &str, database: &str) -> Option<i32> {
    let page = include_str!("../../../docs/budgets.md");
    let (script, _) = page.split_once("run: |\n").unwrap().1.split_once("```").unwrap();
    let ours = [&[env!("CARGO_BIN_EXE_rhumb"), "check", "default"], &PERIOD[..]].concat().join(" ");
    let script = script.replace("rhumb check shop", &ours);
    let folder = shop.folder.path();
    fs::write(folder.join("budget.toml"), budget).unwrap();
    let mut bash = Command::new("bash");
    let ran = bash.args(["-e", "-c", &script]).env("RHUMB_DATABASE", database).current_dir(folder);
    ran.output().unwrap().status.code()
}

#[test]
fn the_pipeline_of_the_page_fails_by_what_is_broken_and_by_errors_only() {
    let shop = shop();
    for (budget, database, code) in [
        (OF_ALL, "rhumb.db", 0),
        (OF_CARTS, "rhumb.db", 0),
        (OF_PRODUCTS, "rhumb.db", 1),
        (OF_ALL, "typo.db", 3),
        ("[[budgets]]", "rhumb.db", 3),
    ] {
        assert_eq!(pipeline(&shop, budget, database), Some(code), "{budget} {database}");
    }
}

#[test]
fn the_json_says_the_same() {
    let checked = check(&shop(), OF_PRODUCTS, &["--format", "json"]);
    assert_eq!(checked.code, 1);
    assert_eq!(
        checked.json(),
        json!({
            "site": "default",
            "period": { "from": "2026-01-01T00:00:00Z", "to": "2026-01-29T00:00:00Z" },
            "filters": {},
            "result": "broken",
            "limits": [{
                "metric": "lcp",
                "filters": { "route": "/product/:id", "form_factor": "phone" },
                "p75_max": 2500.0,
                "measured": 2504.0,
                "error": 0.0,
                "count": 120,
                "page_views_min": 100,
                "result": "broken",
            }],
            "resources": [],
            "regressions": [],
            "could_not_tell": [],
        })
    );
}

/// Three releases, one after the other, each used on for a day after the next was there; and one
/// of long ago.
fn releases(roll_up: RollUpLimits) -> Filled {
    let mut shop = Filled::with_roll_up(roll_up);
    for (day, release, lcp_ms, count) in [
        (2, "1.4.0", 900.0, 200),
        (8, "1.4.1", 2000.0, 200),
        (9, "1.4.0", 900.0, 200),
        (9, "1.4.1", 2000.0, 200),
        (10, "1.4.0", 900.0, 200),
        (10, "1.4.1", 2000.0, 200),
        (11, "1.4.2", 2600.0, 200),
        (12, "1.4.1", 2000.0, 200),
        (13, "1.4.3", 2600.0, 20),
    ] {
        let spread = (0..count).map(|number| lcp_ms + f64::from(number));
        shop.visit(&format!("2026-01-{day:02}T10:00:00Z"), spread, &json!({ "release": release }));
    }
    shop
}

const REGRESSION: &str = "[regression]\nmetrics = ['lcp']";

#[test]
fn a_release_is_compared_with_the_one_that_was_seen_latest_before_it() {
    let rolled_up = RollUpLimits { tail_min: 100, step_max: 1000, corrections_max: 0 };
    for roll_up in [RollUpLimits::default(), rolled_up] {
        let checked = check(&releases(roll_up), REGRESSION, &["--release", "1.4.2"]);
        assert_eq!((checked.code, &*checked.err), (1, ""));
        let header = checked.out.lines().find(|line| line.contains("1.4.1")).unwrap();
        let names = header.split_whitespace().collect::<Vec<_>>();
        assert_eq!(
            names,
            ["metric", "1.4.1", "1.4.2", "difference", "(95", "%)", "sample", "result"]
        );
    }
}

#[test]
fn a_release_that_is_worse_breaks_the_budget_and_one_that_is_not_keeps_it() {
    let releases = releases(RollUpLimits::default());
    let worse = check(&releases, REGRESSION, &["--release", "1.4.2"]);
    assert_eq!(worse.code, 1);
    insta::assert_snapshot!(worse.out, @"
    default
    2026-01-01 00:00 to 2026-01-29 00:00 UTC
    release 1.4.2

    metric    1.4.1   1.4.2   difference (95 %)    sample  result
    LCP p75  2.15 s  2.75 s  +587 ms to +613 ms  800, 200  ■ broken: worse
    ");
    let better = check(&releases, REGRESSION, &["--release", "1.4.1", "--baseline", "1.4.2"]);
    assert_eq!(better.code, 0);
    let json = ["--release", "1.4.2", "--format", "json"];
    let json = check(&releases, REGRESSION, &json).json();
    assert_eq!(json["regressions"][0]["baseline"], "1.4.1");
    assert_eq!(json["regressions"][0]["comparison"]["verdict"], "regressed");
}

#[test]
fn releases_that_cannot_be_compared_exit_with_2_and_a_sentence() {
    let releases = releases(RollUpLimits::default());
    for (options, says) in [
        (&["--release", "1.4.0"][..], "no release was seen before 1.4.0"),
        (&["--release", "9.9"], "release 9.9 was not seen"),
        // The newest, when none is named.
        (&[], "LCP was measured on 800 page views of release 1.4.1 and 20 of 1.4.3, 100 of each"),
    ] {
        let checked = check(&releases, REGRESSION, options);
        assert_eq!(checked.code, 2, "{says}");
        assert!(checked.err.contains(says), "{says} is not in {}", checked.err);
    }
    let itself = check(&releases, REGRESSION, &["--release", "1.4.2", "--baseline", "1.4.2"]);
    assert_eq!(itself.code, 3);
    assert!(itself.err.contains("cannot be compared with itself"), "{}", itself.err);
    let checked = check(&shop(), REGRESSION, &[]);
    assert_eq!(checked.code, 2);
    assert!(checked.err.contains("no page view of this period has a release"));
}
