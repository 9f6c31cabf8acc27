//! `rhumb report`: the summary in the terminal.

mod sections;

use crate::support::{Binary, Filled, Ran, beacon, rhumb, rhumb_within_permissions};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};
use unicode_width::UnicodeWidthStr;

/// A week, which another one is before.
const WEEK: [&str; 4] = ["--from", "2026-01-08", "--to", "2026-01-14"];

/// A shop that has become slower, and faster again.
fn shop() -> Filled {
    let mut shop = Filled::new();
    for (day, lcp_ms) in [(2, 1400.0), (8, 1500.0), (9, 2600.0), (11, 4100.0), (14, 1000.0)] {
        let at = format!("2026-01-{day:02}T10:00:00Z");
        let spread = || (0..150).map(|number| lcp_ms + f64::from(number));
        shop.visit(&at, spread(), &json!({ "route": "/product/:id", "form_factor": "phone" }));
    }
    let cls = json!({ "route": "/cart", "metrics": [{ "name": "CLS", "value": 0.02 }] });
    shop.visit("2026-01-09T12:00:00Z", [0.0; 20], &cls);
    shop
}

fn report(shop: &Filled, options: &[&str], variables: &[(&str, &str)]) -> Ran {
    shop.rhumb_with(&[&["report", "default"], &WEEK[..], options].concat(), variables)
}

#[test]
fn a_report_shows_number_rating_spread_change_and_sample_of_each_metric() {
    let shown = report(&shop(), &[], &[]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    insta::assert_snapshot!(shown.out, @"
    default
    2026-01-08 00:00 to 2026-01-15 00:00 UTC
    620 page views

    LCP   2.75 s  ▲ Needs improvement
          █████████████████████████▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░
          ● 50.0 %  ▲ 25.0 %  ■ 25.0 %
          ▄▆·█··▃
          worse: 1.51 s before (+1.24 s)
          600 page views

    INP   not measured

    CLS   0.02  ○ Too few to judge
          ██████████████████████████████████████████████████
          ● 100 %  ▲ 0 %  ■ 0 %
          ·█·····
          not measured before
          20 page views

    FCP   not measured

    TTFB  not measured

    ● good  ▲ needs improvement  ■ poor
    lines: p75 by day
    before: since 2026-01-01 00:00
    ");
}

#[test]
fn a_report_fits_into_40_columns() {
    let shop = shop();
    for options in [&[][..], &["--route", "/product/:id", "--form-factor", "phone"]] {
        let shown = report(&shop, options, &[("COLUMNS", "40")]);
        assert_eq!(shown.code, 0);
        let widest = shown.out.lines().map(UnicodeWidthStr::width).max();
        assert!(widest <= Some(40), "{widest:?}");
    }
    assert!(report(&shop, &[], &[("COLUMNS", "0")]).out.contains("LCP"));
}

#[test]
fn colours_are_for_terminals_and_for_nobody_with_no_color() {
    let shop = shop();
    let is_coloured = |variables: &[(&str, &str)]| {
        let shown = report(&shop, &[], variables);
        assert_eq!(shown.code, 0);
        shown.out.contains('\u{1b}')
    };
    assert!(!is_coloured(&[]));
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn a_reader_that_has_read_enough_gets_no_error() {
    let shop = shop();
    let mut report = Command::new(env!("CARGO_BIN_EXE_rhumb"));
    let report = report.args(["report", "default"]).current_dir(shop.folder.path());
    // A pipe that nobody reads.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = report.stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}

#[test]
fn a_table_has_a_row_for_each_value() {
    let shop = shop();
    let by_route = report(&shop, &["--by", "route"], &[]);
    assert_eq!((by_route.code, &*by_route.err), (0, ""));
    insta::assert_snapshot!(by_route.out, @"
    default
    2026-01-08 00:00 to 2026-01-15 00:00 UTC

    route         page views  LCP p75  rating               poor  share poor
    /product/:id         600   2.75 s  ▲ Needs improvement   150      25.0 %
    ");
    let narrow = report(&shop, &["--by", "route"], &[("COLUMNS", "40")]);
    insta::assert_snapshot!(narrow.out, @"
    default
    2026-01-08 00:00 to 2026-01-15 00:00 UTC

    route       /product/:id
    page views  600
    LCP p75     2.75 s
    rating      ▲ Needs improvement
    poor        150
    share poor  25.0 %
    ");
    let scores = report(&shop, &["--by", "route", "--metric", "cls"], &[]);
    assert!(scores.out.contains("/cart") && scores.out.contains("Too few"), "{}", scores.out);
    let csv = report(&shop, &["--by", "form_factor", "--format", "csv"], &[]);
    assert!(csv.out.starts_with("value,count,p75,"), "{}", csv.out);
    assert!(csv.out.contains("\nphone,600,2749,"), "{}", csv.out);
}

#[test]
fn a_period_without_page_views_says_so() {
    let shown = report(&shop(), &["--route", "/nowhere"], &[]);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    insta::assert_snapshot!(shown.out, @"
    default
    2026-01-08 00:00 to 2026-01-15 00:00 UTC
    route /nowhere
    0 page views
    ");
}

#[test]
fn a_route_that_a_terminal_would_obey_is_shown_as_what_it_is() {
    let shown = report(&shop(), &["--route", "/\u{1b}[2J"], &[]);
    assert!(shown.out.contains("route /\u{fffd}[2J"), "{}", shown.out);
}

#[test]
fn csv_has_a_row_for_each_metric() {
    let shown = report(&shop(), &["--format", "csv"], &[]);
    let mut table = csv::Reader::from_reader(shown.out.as_bytes());
    assert_eq!(
        table.headers().unwrap().iter().collect::<Vec<_>>().join(","),
        "metric,unit,count,p50,p75,p90,p95,p99,error,rating,good,needs_improvement,poor,\
         previous_p75,verdict"
    );
    let rows = table.records().map(Result::unwrap).collect::<Vec<_>>();
    let metrics = rows.iter().map(|row| &row[0]).collect::<Vec<_>>();
    assert_eq!(metrics, ["lcp", "inp", "cls", "fcp", "ttfb"]);
    let lcp = rows[0].iter().collect::<Vec<_>>();
    assert_eq!(lcp[..5], ["lcp", "ms", "600", "1649", "2749"]);
    let inp = rows[1].iter().collect::<Vec<_>>().join(",");
    assert!(inp.starts_with("inp,ms,0,,,,,,,,,,"), "{inp}");
}

#[test]
fn what_cannot_be_asked_is_an_error_that_names_the_option() {
    let shop = shop();
    for (options, says) in [
        (&["--form-factor", "watch"][..], "--form-factor: form_factor is none of phone"),
        (&["--country", "germany"], "--country"),
        (&["--tz", "Mars"], "--tz"),
        (&["--by", "page"], "--by: by is none of route"),
        (&["--by", "route", "--min-count", "few"], "--min-count"),
        (&["--sort", "p75"], "--by"),
        (&["--period", "7d"], "--period"),
        (&["--database", "typo.db"], "there is no database typo.db"),
    ] {
        let shown = report(&shop, options, &[]);
        assert!(shown.code != 0 && shown.out.is_empty(), "{says}");
        assert!(shown.err.contains(says), "{says} is not in {}", shown.err);
    }
    let nowhere = shop.rhumb(&["report", "nowhere"]);
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.err.contains("there is no site nowhere"));
}

#[test]
fn what_the_environment_says_gives_way_to_the_command_line() {
    let shop = shop();
    let dates = report(&shop, &[], &[]).out;
    for variables in [[("RHUMB_PERIOD", "7d")], [("RHUMB_METRIC", "inp")], [("RHUMB_SORT", "p75")]]
    {
        let shown = report(&shop, &[], &variables);
        assert_eq!((shown.code, &*shown.err, &*shown.out), (0, "", &*dates), "{variables:?}");
    }
    let today = shop.rhumb(&["report", "default", "--period", "24h"]);
    let variables = [("RHUMB_FROM", "2026-01-08"), ("RHUMB_TO", "2026-01-14")];
    let shown = shop.rhumb_with(&["report", "default", "--period", "24h"], &variables);
    assert_eq!((shown.code, &*shown.err), (0, ""));
    assert_eq!(shown.out.lines().last(), today.out.lines().last());
    fs::write(shop.folder.path().join("rhumb.toml"), "period = '7d'").unwrap();
    assert_eq!(
        shop.rhumb_with(&["report", "default"], &variables).out,
        dates,
        "nor the file to it"
    );
}

#[test]
fn a_database_of_an_earlier_release_is_left_as_it_is() {
    let shop = shop();
    let file = shop.folder.path().join("rhumb.db");
    let connection = rusqlite::Connection::open(file).unwrap();
    let schema = |connection: &rusqlite::Connection| {
        connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    connection.pragma_update(None, "user_version", schema(&connection) - 1).unwrap();
    let before = schema(&connection);
    let shown = shop.rhumb(&["report", "default"]);
    assert_eq!(shown.code, 1);
    assert!(shown.err.contains("earlier rhumb"), "{}", shown.err);
    assert_eq!(schema(&connection), before);
}

#[test]
fn a_database_that_may_not_be_read_or_written_beside_is_told_with_what_to_do() {
    let folder = shop().close();
    let database = folder.path().join("rhumb.db");
    fs::write(folder.path().join("budget.toml"), "[regression]\nmetrics = ['lcp']").unwrap();
    let permit =
        |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    let check = ["check", "default", "--budget", "budget.toml"];
    for (folder_mode, file_mode, says) in [
        (0o555, 0o644, "folder cannot be written; run this as the user who runs the server"),
        (0o555, 0o444, "folder cannot be written; run this as the user who runs the server"),
        (0o755, 0o000, "cannot read the database rhumb.db: Permission denied"),
    ] {
        permit(&database, file_mode);
        permit(folder.path(), folder_mode);
        for (arguments, code) in [(&["report", "default"][..], 1), (&check[..], 3)] {
            let refused = rhumb_within_permissions(folder.path(), arguments);
            assert_eq!((refused.code, &*refused.out), (code, ""));
            assert!(refused.err.contains(says), "{says} is not in {}", refused.err);
        }
        permit(folder.path(), 0o755);
    }
    permit(&database, 0o644);
    assert_eq!(rhumb_within_permissions(folder.path(), &["report", "default"]).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_while_a_server_runs_is_what_its_query_api_answers() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let client = reqwest::Client::new();
    for number in 1..=3 {
        let ingest = format!("{}v1/ingest", server.url);
        let beacon = beacon(number, 1000.5).to_string();
        let posted = client.post(ingest).body(beacon).send().await.unwrap();
        assert_eq!(posted.status(), StatusCode::NO_CONTENT);
    }
    let summary = format!("{}v1/sites/default/summary?form_factor=", server.url);
    for form_factor in ["phone", "desktop"] {
        let answer = client.get(format!("{summary}{form_factor}")).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let [from, to] = ["from", "to"].map(|end| answer["period"][end].as_str().unwrap());
        let options = ["--form-factor", form_factor, "--from", from, "--to", to];
        let arguments = [&["report", "default", "--format", "json"], &options[..]].concat();
        assert_eq!(rhumb(folder.path(), &arguments).json(), answer);
        let query = format!("metric=lcp&by=route&form_factor={form_factor}&from={from}&to={to}");
        let answer = client.get(format!("{}v1/sites/default/breakdown?{query}", server.url));
        let answer: Value = answer.send().await.unwrap().json().await.unwrap();
        let table = rhumb(folder.path(), &[&arguments[..], &["--by", "route"]].concat());
        assert_eq!(table.json(), answer);
    }
}
