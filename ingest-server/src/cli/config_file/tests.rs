//! The command line and a file, together.

use super::*;
use crate::cli::Cli;
use clap::CommandFactory;
use std::ffi::OsString;

fn read(words: &str, text: &str) -> Result<Cli> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("rhumb.toml");
    fs::write(&path, text)?;
    let words = words.split_whitespace().map(OsString::from);
    Cli::read(["rhumb".into(), "--config".into(), path.into_os_string()].into_iter().chain(words))
}

fn seen(words: &str, text: &str) -> String {
    format!("{:?}", read(words, text).unwrap())
}

fn refused(words: &str, text: &str) -> String {
    let error = read(words, text).unwrap_err().to_string();
    error.rsplit_once("rhumb.toml, ").map_or(error.clone(), |(_, said)| said.to_owned())
}

#[test]
fn the_file_says_what_the_command_line_does_not() {
    let text = "listen = '127.0.0.1:9000'\nkeep_page_views_days = 90\n[serve]\ncount_bots = true";
    let cli = seen("serve", text);
    for part in ["127.0.0.1:9000", "keep_page_views_days: 90", "count_bots: true"] {
        assert!(cli.contains(part), "{part} is not in {cli}");
    }
    assert!(seen("serve --listen 127.0.0.1:1", text).contains("listen: 127.0.0.1:1,"));
}

#[test]
fn the_table_of_a_subcommand_goes_before_the_top() {
    let text = "database = 'all.db'\n[doctor]\ndatabase = 'one.db'";
    assert!(seen("doctor", text).contains("one.db"));
    assert!(seen("backup copy.db", text).contains("all.db"));
    assert!(seen("site list", text).contains("all.db"));
}

#[test]
fn what_goes_before_excludes_what_cannot_go_together_with_it() {
    let dates = "--from 2026-11-20 --to 2026-11-22";
    for (words, text, period, from) in [
        (format!("report shop {dates}"), "period = '7d'", "None", "Some(\"2026-11-20\")"),
        (format!("check shop {dates}"), "budget = 'b'\n[check]\nperiod = '7d'", "None", "Some("),
        ("report shop --period 24h".to_owned(), "from = '2026-11-20'", "Some(Day)", "None"),
        ("report shop".to_owned(), "from = 'x'\n[report]\nperiod = '7d'", "Some(Week)", "None"),
    ] {
        let cli = seen(&words, text);
        for part in [format!("period: {period}"), format!("from: {from}")] {
            assert!(cli.contains(&part), "{part} is not in {cli}");
        }
    }
    let both = refused("report shop", "from = '2026-11-20'\nperiod = '7d'");
    assert!(both.contains("cannot be used with"), "{both}");
}

#[test]
fn options_of_a_table_wait_in_the_file_for_a_report_that_has_one() {
    let text = "[report]\nmetric = 'inp'\nsort = 'p75'";
    assert!(seen("report shop", text).contains("by: None, metric: \"inp\", sort: \"p75\""));
    assert!(seen("report shop --by route", text).contains("by: Some(\"route\"), metric: \"inp\""));
    assert!(seen("report shop --sort count", "by = 'route'").contains("sort: \"count\""));
    let numbers = seen("report shop", "min_count = 75\nlimit = 50");
    assert!(numbers.contains("min_count: 75, limit: 50"), "{numbers}");
    let error = refused("report shop --sort count", text);
    assert!(error.contains("--sort says how a table is made; --by asks for one"), "{error}");
}

#[test]
fn an_option_that_must_be_given_may_stand_in_the_file() {
    assert!(seen("export shop", "[export]\nformat = 'csv'").contains("Csv"));
}

#[test]
fn lists_are_lists_and_what_follows_two_dashes_stays_there() {
    let text = "[site.add]\norigin = ['https://a.example', 'https://b.example']";
    let cli = seen("site add -- shop", text);
    assert!(cli.contains(r#"["https://a.example", "https://b.example"]"#), "{cli}");
    let text = "trusted_proxy = '10.0.0.0/8'\ncountry_header = 'CF-IPCountry'";
    assert!(seen("serve", text).contains("cf-ipcountry"), "an option that takes another along");
}

#[test]
fn every_fault_is_told_by_line_key_and_what_is_allowed() {
    for (words, text, says) in [
        ("serve", "\nlisen = 'x'", "line 2: lisen: there is no such key here; there are [[alert]]"),
        ("doctor", "[serve]\nrate = 7", "line 2: rate: there is no such key here; there are admin"),
        ("doctor", "[load]\nrate = 'x'", "line 2: rate: expected a number, found string"),
        ("serve", "listen = 7", "line 1: listen: expected a text, found integer"),
        ("serve", "count_bots = 'yes'", "line 1: count_bots: expected true or false"),
        ("serve", "route_pattern = [7]", "line 1: route_pattern: expected a text or a list of"),
        ("serve", "config = 'x'", "line 1: config: there is no such key"),
        ("serve", "a = 1\nb = =", "line 2: "),
        ("serve", "\nlisten = 'x'", "line 2: listen: invalid value 'x' for '--listen <LISTEN>'"),
        (
            "serve",
            "log_format = 'xml'",
            "'--log-format <LOG_FORMAT>' [possible values: text, json]",
        ),
        ("serve", "keep_page_views_days = 7", "7 is not in 30..=400"),
        ("report shop", "limit = 1001", "line 1: limit: invalid value '1001'"),
        ("report shop", "min_count = '75'", "line 1: min_count: expected a number, found string"),
    ] {
        let error = refused(words, text);
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn faults_of_alerts_end_the_server_and_nothing_else() {
    let slow = "[[alert]]\nname = 'slow'\nsite = 'shop'\nmetric = 'lcp'\nperiod = '24h'\n\
                p75_above = 2500\n";
    assert!(seen("serve", slow).contains("Above(P75, 2500.0)"));
    for (text, says) in [
        (slow.replace("lcp", "pcl"), "line 1: alert \"slow\": metric: expected one of cls"),
        (format!("{slow}above = 7"), "line 7: unknown field `above`, expected one of `name`"),
        (slow.replace("2500", "'2500'"), "line 6: invalid type: string"),
        (format!("{slow}{slow}"), "line 7: name: another alert has the same"),
    ] {
        let error = refused("serve", &text);
        assert!(error.contains(says), "{text}: {error}");
        for words in ["doctor", "report shop", "backup copy.db"] {
            assert!(read(words, &text).is_ok(), "{words}: {text}");
        }
    }
}

#[test]
fn a_line_with_a_secret_is_not_repeated() {
    let error = refused("serve", "admin_token = 'hunter2-hunter2-hunter2");
    assert!(error.contains("line 1") && !error.contains("hunter2"), "{error}");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let words = ["rhumb", "serve", "--config", "nowhere/rhumb.toml"].map(OsString::from);
    let error = Cli::read(words).unwrap_err();
    assert!(error.to_string().contains("cannot read nowhere/rhumb.toml"), "{error}");
}

#[test]
fn every_option_is_an_environment_variable_and_a_key() {
    let command = Cli::command();
    for option in all_options(&command) {
        let name = option.get_env().map(|name| name.to_string_lossy().into_owned());
        assert_eq!(name, Some(format!("RHUMB_{}", key(option).to_uppercase())), "{option}");
    }
}

#[test]
fn the_examples_of_the_pages_are_taken() {
    for (page, says) in [
        (include_str!("../../../../docs/configuration.md"), "0.0.0.0:8787"),
        (include_str!("../../../../docs/alerts.md"), "Above(P75, 2500.0)"),
    ] {
        let (_, example) = page.split_once("```toml\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        let cli = seen("serve", example);
        assert!(cli.contains(says), "{says} is not in {cli}");
    }
}
