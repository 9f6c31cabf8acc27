//! A real Prometheus scrapes the server, with the rules and the dashboard of the documentation.

use crate::support::{Binary, beacon};
use serde_json::{Value, json};
use std::{
    env, fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const RULES: &str = include_str!("../../../docs/prometheus/rules.yml");
const DASHBOARD: &str = include_str!("../../../docs/prometheus/grafana.json");
/// How long Prometheus may take to start and to scrape twice.
const PATIENCE: Duration = Duration::from_secs(30);

/// Ended when dropped.
struct Prometheus {
    child: Child,
    url: String,
}

impl Prometheus {
    /// Nothing, where there is no such program; see `cargo xtask test`.
    fn start(folder: &Path, target: &str) -> Option<Self> {
        let program = env::var_os("PROMETHEUS").unwrap_or_else(|| "prometheus".into());
        fs::write(folder.join("rules.yml"), RULES).unwrap();
        let config = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\n\
             rule_files: [rules.yml]\n\
             scrape_configs:\n  - job_name: rhumb\n    static_configs: [{{ targets: ['{target}'] }}]\n"
        );
        fs::write(folder.join("prometheus.yml"), config).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(program)
            .current_dir(folder)
            .args(["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=error"])
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .spawn();
        match child {
            Ok(child) => Some(Self { child, url: format!("http://127.0.0.1:{port}") }),
            Err(error) => {
                println!("skipped: Prometheus cannot be started: {error}");
                None
            }
        }
    }

    /// Nothing until it answers.
    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Option<Value> {
        let url = reqwest::Url::parse_with_params(&format!("{}{path}", self.url), query).unwrap();
        reqwest::get(url).await.ok()?.json().await.ok()
    }

    /// The result of an expression.
    async fn ask(&self, expression: &str) -> Option<Vec<Value>> {
        let answer = self.get("/api/v1/query", &[("query", expression)]).await?;
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
        answer["data"]["result"].as_array().cloned()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn prometheus_scrapes_the_server_and_knows_the_rules_and_what_the_dashboard_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Binary::start(folder.path());
    let target = server.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let ingest = reqwest::Client::new().post(format!("{}v1/ingest", server.url));
    let answer = ingest.json(&beacon(1, 2400.0)).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let Some(prometheus) = Prometheus::start(folder.path(), &target) else { return };

    let end = Instant::now() + PATIENCE;
    loop {
        let scraped = prometheus.ask("count_over_time(up{job=\"rhumb\"}[1m]) >= 3").await;
        if scraped.is_some_and(|found| !found.is_empty()) {
            break;
        }
        assert!(Instant::now() < end, "it has not been scraped in {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let up = prometheus.ask("up{job=\"rhumb\"}").await.unwrap();
    assert_eq!(up[0]["value"][1], "1", "{up:?}");

    let rules = prometheus.get("/api/v1/rules", &[]).await.unwrap();
    let rules = rules["data"]["groups"][0]["rules"].as_array().unwrap().clone();
    assert_eq!(rules.len(), RULES.matches("- alert:").count());
    for rule in &rules {
        assert_eq!((&rule["health"], &rule["state"]), (&json!("ok"), &json!("inactive")), "{rule}");
    }

    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    for target in targets {
        // As Grafana would fill it in.
        let expression = target["expr"].as_str().unwrap().replace("$__rate_interval", "1m");
        let found = prometheus.ask(&expression).await.unwrap();
        assert!(!found.is_empty(), "nothing is known of {expression}");
    }
}
