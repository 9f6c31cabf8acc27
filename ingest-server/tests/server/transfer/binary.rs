//! The program itself, while servers run on both databases.

use super::shop::FORMATS;
use crate::support::{Binary, beacon};
use clap::ValueEnum;
use reqwest::StatusCode;
use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Output, Stdio},
};

fn rhumb(folder: &Path, arguments: &[&str], stdin: Stdio) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_rhumb"))
        .args(arguments)
        .current_dir(folder)
        .stdin(stdin)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&output.stderr));
    output
}

async fn post(server: &Binary, ids: std::ops::Range<u128>) {
    let (client, url) = (reqwest::Client::new(), format!("{}v1/ingest", server.url));
    for id in ids {
        let answer = client.post(&url).body(beacon(id, 100.0).to_string()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
}

async fn page_views(server: &Binary) -> serde_json::Value {
    let url = format!("{}v1/sites/default/summary", server.url);
    let answer = reqwest::get(url).await.unwrap();
    answer.json::<serde_json::Value>().await.unwrap()["page_views"].clone()
}

#[tokio::test]
async fn a_site_moves_from_one_server_to_another_while_both_take_beacons() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (Binary::start(from.path()), Binary::start(to.path()));
    post(&old, 0..300).await;
    post(&new, 1000..1010).await;
    for format in FORMATS.iter().map(|format| format.to_possible_value().unwrap()) {
        let format = format.get_name();
        let file = from.path().join(format);
        let file = file.to_str().unwrap();
        let histograms = format!("{file}.histograms");
        let arguments = [
            "export",
            "default",
            "--format",
            format,
            "--output",
            file,
            "--histograms",
            &histograms,
        ];
        let (exported, ()) = tokio::join!(
            async { rhumb(from.path(), &arguments, Stdio::null()) },
            post(&old, 300..310)
        );
        assert!(exported.status.success());
        assert!(!rhumb(from.path(), &arguments, Stdio::null()).status.success(), "it is there");
        let arguments =
            ["import", "default", "--format", format, file, "--histograms", &histograms];
        let (imported, ()) = tokio::join!(
            async { rhumb(to.path(), &arguments, Stdio::null()) },
            post(&new, 1010..1020)
        );
        assert!(imported.status.success());
    }
    assert_eq!(page_views(&new).await, 310 + 20);
    let files = fs::read_dir(from.path()).unwrap().map(|file| file.unwrap().path());
    assert!(files.into_iter().all(|file| file.extension() != Some("part".as_ref())));
}

#[tokio::test]
async fn page_views_go_from_standard_output_to_standard_input() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (old, new) = (Binary::start(from.path()), Binary::start(to.path()));
    post(&old, 0..20).await;
    for format in ["ndjson", "csv"] {
        let exported =
            rhumb(from.path(), &["export", "default", "--format", format], Stdio::null());
        let piped = from.path().join(format);
        fs::write(&piped, exported.stdout).unwrap();
        let stdin = File::open(piped).unwrap().into();
        let imported = rhumb(to.path(), &["import", "default", "--format", format], stdin);
        assert!(imported.status.success());
    }
    assert_eq!(page_views(&new).await, 20);
    if cfg!(feature = "parquet") {
        let arguments = ["import", "default", "--format", "parquet"];
        let refused = rhumb(to.path(), &arguments, Stdio::null());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("a Parquet file is read from its end"), "{said}");
    }
    let refused = rhumb(to.path(), &["export", "shop", "--format", "csv"], Stdio::null());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("there is no site shop"), "{said}");
}
