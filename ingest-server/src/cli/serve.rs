//! `rhumb serve`

use super::enrich::Enrich;
#[cfg(feature = "otlp")]
use crate::otlp::Traces;
#[cfg(feature = "profiling")]
use crate::telemetry;
use crate::{
    alert::{AlertConfig, Rule},
    http::{Access, Earlier, Opening, RateConfig, RequestConfig},
    redis::RedisAddress,
    sample,
    server::{Config, Server},
    store::sqlite::{Retention, RollUpLimits, StatementTally},
};
use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::{
    io::{self, IsTerminal, Write},
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
    time::timeout,
};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, fmt::format::FmtSpan, layer::SubscriberExt, util::SubscriberInitExt,
};
use url::Url;

/// From when on it is told that the database is being opened. As a rule it is quicker.
const OPENING_AFTER: Duration = Duration::from_millis(500);

/// Run the server: takes beacons, serves the collector, the dashboard and the query API.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb serve
  rhumb serve --sample                      with a site of made-up page views
  rhumb serve --listen 127.0.0.1:9000 --database /var/lib/rhumb/rhumb.db
  RHUMB_ADMIN_TOKEN=… rhumb serve --listen 0.0.0.0:8787
  rhumb serve --route-pattern '/shop/:category/:item' --country-database countries.mmdb
  rhumb serve --listen 0.0.0.0:8787 --trusted-proxy 10.0.0.0/8 --country-header CF-IPCountry")]
pub(crate) struct Serve {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "RHUMB_LISTEN", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// SQLite file; created when it does not exist
    #[arg(long, env = "RHUMB_DATABASE", default_value = "rhumb.db")]
    database: PathBuf,
    /// Password of the dashboard and the query API; without it they answer loopback clients only
    #[arg(long, env = "RHUMB_ADMIN_TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// Days that page views are kept; a late beacon may belong to one that is 30 days old
    #[arg(long, env = "RHUMB_KEEP_PAGE_VIEWS_DAYS", default_value_t = Retention::default().page_view_days, value_parser = clap::value_parser!(u16).range(30..=400))]
    keep_page_views_days: u16,
    /// Days that histograms are kept, which is what reports are made of
    #[arg(long, env = "RHUMB_KEEP_HISTOGRAMS_DAYS", default_value_t = Retention::default().histogram_days, value_parser = clap::value_parser!(u16).range(30..=3660))]
    keep_histograms_days: u16,
    /// How log lines are written to standard error
    #[arg(long, env = "RHUMB_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// How often the alerts of rhumb.toml are looked at
    #[arg(long, env = "RHUMB_ALERT_INTERVAL_SECONDS", default_value_t = AlertConfig::INTERVAL_DEFAULT.as_secs(), value_parser = clap::value_parser!(u64).range(1..=3600))]
    alert_interval_seconds: u64,
    /// Address of the dashboard in the notices of alerts; without it, the one that is listened on, if it is one
    #[arg(long, env = "RHUMB_PUBLIC_URL", value_name = "https://HOST/", value_parser = public_url)]
    public_url: Option<Url>,
    /// Requests that take so many milliseconds, or more, are logged; 0 logs all
    #[arg(long, env = "RHUMB_SLOW_REQUEST_MS", default_value_t = RequestConfig::SLOW_AFTER_MS_DEFAULT, value_parser = clap::value_parser!(u64).range(0..=600_000))]
    slow_request_ms: u64,
    /// Seconds between the signal to stop and the first connection that is refused: /health/ready says no meanwhile, so that a balancer sends nothing more
    #[arg(long, env = "RHUMB_DRAIN_SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600))]
    drain_seconds: u64,
    /// Requests with beacons that are taken of one client a second; more are answered 429. Without it, all are. Behind a proxy it needs --trusted-proxy
    #[arg(long, env = "RHUMB_CLIENT_REQUESTS_PER_SECOND", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    client_requests_per_second: Option<u32>,
    /// Beacons that are taken for one site a second; more are answered 429. Without it, all are
    #[arg(long, env = "RHUMB_SITE_BEACONS_PER_SECOND", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    site_beacons_per_second: Option<u32>,
    #[command(flatten)]
    redis: RedisOptions,
    /// Megabytes of memory for answers that are kept until something new is known
    #[arg(long, env = "RHUMB_ANSWERS_MB", default_value_t = RequestConfig::ANSWERS_MB_DEFAULT, value_parser = clap::value_parser!(u32).range(0..=4096))]
    answers_mb: u32,
    /// Sample what comes into memory from the start, and not only once /debug/pprof/heap is asked
    #[cfg(feature = "profiling")]
    #[arg(long, env = "RHUMB_HEAP_PROFILING")]
    heap_profiling: bool,
    /// Milliseconds from which on a statement of the database is slow: the log is told its name and plan
    #[arg(long, env = "RHUMB_SLOW_QUERY_MS", default_value_t = StatementTally::SLOW_AFTER_MS_DEFAULT, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    slow_query_ms: u64,
    /// Measure nothing of the server itself: answers do not say how long they took, and requests, statements that write and long polls are not counted
    #[arg(long, env = "RHUMB_NO_SELF_MEASUREMENT")]
    no_self_measurement: bool,
    /// Adds the site `sample` with made-up page views of four weeks, to see what there would be to see
    #[arg(long, env = "RHUMB_SAMPLE")]
    sample: bool,
    #[command(flatten)]
    enrich: Enrich,
}

/// What a Redis is for.
#[derive(Debug, Args)]
struct RedisOptions {
    /// Redis by which several servers share these limits, such as `redis://:PASSWORD@10.0.0.7:6379`; needs a program that is built with the feature `redis`
    #[arg(long, env = "RHUMB_REDIS", hide_env_values = true)]
    redis: Option<String>,
    /// Keep answers that memory has no room for in that Redis, for ten minutes; whoever can read it can read reports
    #[arg(long, env = "RHUMB_REDIS_ANSWERS")]
    redis_answers: bool,
}

impl RedisOptions {
    fn address(&self) -> Result<Option<RedisAddress>> {
        ensure!(
            self.redis.is_some() || !self.redis_answers,
            "--redis-answers: there is no Redis to keep them in; name it by --redis"
        );
        self.redis.as_deref().map(RedisAddress::parse).transpose()
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

impl Serve {
    pub(crate) fn run(self, alerts: Vec<Rule>) -> Result<()> {
        let access = Access::new(self.admin_token.clone())?;
        ensure!(
            self.listen.ip().is_loopback() || access.has_token(),
            "--listen {}: others than this machine could read the reports; set --admin-token (or \
             RHUMB_ADMIN_TOKEN) to protect them, or listen on 127.0.0.1",
            self.listen
        );
        let redis = self.redis.address()?;
        #[cfg(feature = "otlp")]
        let (layers, traces) =
            Traces::listen()?.map_or((vec![], None), |it| (vec![it.0], Some(it.1)));
        #[cfg(not(feature = "otlp"))]
        let layers = vec![];
        log_to_stderr(self.log_format, layers);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let served = runtime.block_on(self.serve(
            access,
            redis,
            alerts,
            #[cfg(feature = "otlp")]
            traces,
        ));
        // A read that still runs is not waited for.
        runtime.shutdown_background();
        served
    }

    async fn serve(
        self,
        access: Access,
        redis: Option<RedisAddress>,
        alerts: Vec<Rule>,
        #[cfg(feature = "otlp")] traces: Option<Traces>,
    ) -> Result<()> {
        #[cfg(feature = "profiling")]
        if self.heap_profiling {
            telemetry::profile::sample_heap().await.context("--heap-profiling")?;
        }
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr()?;
        let shutdown = shutdown()?;
        let (sample, database) = (self.sample, self.database.clone());
        let config = self.config(access, redis, alerts);
        let open = tokio::task::spawn_blocking(move || open(sample, config));
        let (server, listener, earlier) = opened(open, listener).await?;
        #[cfg(feature = "otlp")]
        let server = server.pushing(traces)?;
        announce(address, &database);
        let shutdown = async {
            shutdown.await;
            if let Some(earlier) = earlier {
                earlier.stop().await;
            }
        };
        server.run(listener, shutdown).await
    }

    fn config(self, access: Access, redis: Option<RedisAddress>, alerts: Vec<Rule>) -> Config {
        if redis.is_some()
            && self.client_requests_per_second.is_none()
            && self.site_beacons_per_second.is_none()
            && !self.redis.redis_answers
        {
            tracing::warn!(
                "--redis has nothing to do: neither --client-requests-per-second nor \
                 --site-beacons-per-second nor --redis-answers is set"
            );
        }
        Config {
            database: self.database,
            access,
            enrich: self.enrich.into(),
            roll_up: RollUpLimits::default(),
            retention: Retention {
                page_view_days: self.keep_page_views_days,
                histogram_days: self.keep_histograms_days,
            },
            alerts: AlertConfig {
                rules: alerts,
                interval: Duration::from_secs(self.alert_interval_seconds),
                public_url: self.public_url,
            },
            requests: RequestConfig {
                slow_after: Duration::from_millis(self.slow_request_ms),
                rates: RateConfig {
                    client_requests: self.client_requests_per_second.and_then(NonZeroU32::new),
                    site_beacons: self.site_beacons_per_second.and_then(NonZeroU32::new),
                },
                redis,
                are_answers_in_redis: self.redis.redis_answers,
                answers_mb: self.answers_mb,
                are_measured: !self.no_self_measurement,
            },
            slow_query: Duration::from_millis(self.slow_query_ms),
            drain: Duration::from_secs(self.drain_seconds),
        }
    }
}

/// The server, once it is there; whoever asks meanwhile hears so, if that takes a while.
async fn opened(
    mut open: JoinHandle<Result<Server>>,
    listener: TcpListener,
) -> Result<(Server, TcpListener, Option<Earlier>)> {
    if let Ok(opened) = timeout(OPENING_AFTER, &mut open).await {
        return Ok((opened??, listener, None));
    }
    let (opening, listener) = Opening::begin(listener)?;
    let server = open.await??;
    let earlier = opening.end(server.app()).await;
    Ok((server, listener, Some(earlier)))
}

/// Takes as long as migrations do.
fn open(with_sample: bool, config: Config) -> Result<Server> {
    if with_sample && sample::fill(&config.database, Timestamp::now())? {
        tracing::info!(site = sample::SAMPLE_SITE, "made-up page views were added");
    }
    Server::open(config)
}

/// With a slash at the end, so that pages can be found under it.
fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("{error}; expected https://host/"))?;
    match url.scheme() {
        "http" | "https" if url.path().ends_with('/') => Ok(url),
        _ => Err("expected https://host/ or https://host/path/".to_owned()),
    }
}

fn announce(address: SocketAddr, database: &Path) {
    let text = format!(
        "dashboard  http://{address}/\ndemo       http://{address}/demo/\ndatabase   {}\n",
        database.display()
    );
    // Whoever started the server need not listen.
    let _ = io::stdout().write_all(text.as_bytes());
}

/// Ends with the first SIGINT or SIGTERM.
fn shutdown() -> Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// To what happens in the server.
type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// `RUST_LOG` chooses what is written; by default what a person running the server must know.
fn log_to_stderr(format: LogFormat, others: Vec<Listener>) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,inferno=error"));
    let log = tracing_subscriber::fmt::layer()
        // There are spans where somebody asks for `debug`.
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let log = match format {
        LogFormat::Text => log.with_filter(filter).boxed(),
        LogFormat::Json => log.json().with_filter(filter).boxed(),
    };
    let mut listeners = vec![log];
    listeners.extend(others);
    tracing_subscriber::registry().with(listeners).init();
}
