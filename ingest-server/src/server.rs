//! A running server: what it is made of, and how it ends.

#[cfg(feature = "otlp")]
use crate::otlp::{self, Pusher, Traces};
use crate::{
    alert::{self, AlertConfig, Alerts, Watched},
    http::{self, Access, App, RequestConfig},
    ingest::{EnrichConfig, Enricher, Outcomes, Writer},
    store::sqlite::{Database, Reader, Retention, RollUpLimits, StatementTally},
    trouble::Trouble,
};
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use std::{env, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::JoinHandle,
    time::{self, Instant, MissedTickBehavior},
};
use tracing::{info, warn};
use url::Url;

/// How soon a running server follows `rhumb site`.
const SITES_REFRESH: Duration = Duration::from_secs(1);
/// How often an idle writer looks after its database.
const TEND_INTERVAL: Duration = Duration::from_secs(1);
/// How often notices of alerts are sent.
const DELIVER_INTERVAL: Duration = Duration::from_secs(1);
/// How often clients that were silent are forgotten.
const FORGET_INTERVAL: Duration = Duration::from_mins(1);
/// For how long the log may be too long before reports are kept from beginning …
const QUIET_AFTER: Duration = Duration::from_secs(3);
/// … and how often they are.
const QUIET_INTERVAL: Duration = Duration::from_secs(30);
/// How long requests under way may take to end once the server is told to stop.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the writer may take after that to commit what waits and to close the database.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(1500);

/// What a server needs to know.
#[derive(Debug)]
pub struct Config {
    /// The SQLite file.
    pub database: PathBuf,
    /// Who may read the reports.
    pub access: Access,
    /// How page views are enriched.
    pub enrich: EnrichConfig,
    /// When page views become histograms.
    pub roll_up: RollUpLimits,
    /// How long what is kept.
    pub retention: Retention,
    /// What is watched.
    pub alerts: AlertConfig,
    /// What requests are held to.
    pub requests: RequestConfig,
    /// From which time on a statement is slow, and the log is told.
    pub slow_query: Duration,
    /// How long it goes on, saying that it is not ready, once it is told to stop.
    pub drain: Duration,
}

/// A server with an open database.
#[derive(Debug)]
pub struct Server {
    app: App,
    writer: Writer,
    /// How often alerts are looked at.
    look_interval: Duration,
    drain: Duration,
    /// What sends to an OpenTelemetry collector.
    #[cfg(feature = "otlp")]
    pushers: Vec<Pusher>,
}

impl Server {
    /// Opens the database, creating and migrating it as needed, and starts the writer.
    pub fn open(config: Config) -> Result<Self> {
        let enricher = Enricher::new(config.enrich)?;
        let alerts = Alerts::new(&config.alerts, |name| env::var(name).ok())?;
        alerts.check_kept(config.retention)?;
        let tally = Arc::new(StatementTally::new(config.slow_query));
        let mut database = Database::open(&config.database)?
            .with_roll_up(config.roll_up)
            .with_retention(config.retention);
        if config.requests.are_measured {
            database = database.with_tally(tally.clone());
        }
        let sites = database.sites()?;
        for Watched { rule, .. } in alerts.iter() {
            if sites.get(rule.site.as_str()).is_none() {
                warn!(alert = rule.name, site = %rule.site, "there is no such site yet");
            }
        }
        let reader =
            Reader::open(&config.database)?.with_tally(tally).with_retention(config.retention);
        let writer = Writer::start(database, Arc::new(Outcomes::default()))
            .context("cannot start the writer")?;
        let (queue, access) = (writer.queue(), config.access);
        let app = App::new(sites, reader, queue, enricher, access, alerts, config.requests);
        Ok(Self {
            #[cfg(feature = "otlp")]
            pushers: otlp::push_vitals(app.clone())?.into_iter().collect(),
            app,
            writer,
            look_interval: config.alerts.interval,
            drain: config.drain,
        })
    }

    /// The same server, which also pushes the spans that are listened to, if any are. Must be called within Tokio.
    #[cfg(feature = "otlp")]
    pub fn pushing(mut self, traces: Option<Traces>) -> Result<Self> {
        if let Some(traces) = traces {
            self.app.count_spans(traces.counts());
            self.pushers.push(traces.push()?);
        }
        Ok(self)
    }

    /// What the routes share.
    pub fn app(&self) -> App {
        self.app.clone()
    }

    /// Serves until `shutdown` completes; then finishes the requests under way, commits what was
    /// accepted and closes the database. That takes less than 5 seconds more than [`Config::drain`]: a request that lasts
    /// longer is cut off unanswered, a writer that does is given up with an error.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        let Self { app, writer, look_interval, drain, .. } = self;
        let address = listener.local_addr()?;
        // Of all addresses nobody knows which one leads here.
        if !address.ip().is_unspecified()
            && let Ok(url) = Url::parse(&format!("http://{address}/"))
        {
            app.alerts().dashboard_is_at(url);
        }
        let refresh = tokio::spawn(refresh_sites(app.clone()));
        let warm = tokio::spawn(http::warm(app.clone()));
        let tend = tokio::spawn(tend(app.clone()));
        let look = tokio::spawn(look_at_alerts(app.clone(), look_interval));
        let deliver = tokio::spawn(deliver_notices(app.clone()));
        let forget = tokio::spawn(forget_clients(app.clone()));
        let (stopping, stopped) = oneshot::channel();
        let draining = app.clone();
        let shutdown = async move {
            shutdown.await;
            info!("stopping");
            draining.drain();
            time::sleep(drain).await;
            // The receiver lives until the end.
            let _ = stopping.send(());
        };
        let router = http::router(app).into_make_service_with_connect_info::<SocketAddr>();
        let serve = axum::serve(listener, router).with_graceful_shutdown(shutdown);
        tokio::select! {
            served = serve.into_future() => served?,
            () = too_long(stopped) => warn!("some requests did not end in time"),
        }
        stop(refresh).await;
        for task in [warm, tend, look, deliver, forget] {
            stop(task).await;
        }
        let closed = close(writer).await;
        #[cfg(feature = "otlp")]
        for pusher in self.pushers {
            pusher.stop().await;
        }
        closed?;
        info!("stopped");
        Ok(())
    }
}

async fn too_long(stopped: oneshot::Receiver<()>) {
    if stopped.await.is_ok() {
        time::sleep(DRAIN_TIMEOUT).await;
    } else {
        std::future::pending::<()>().await;
    }
}

async fn close(writer: Writer) -> Result<()> {
    let closed = tokio::task::spawn_blocking(move || writer.stop());
    match time::timeout(CLOSE_TIMEOUT, closed).await {
        Ok(closed) => closed?,
        Err(_) => bail!("the database did not let the writer end in time; nothing is lost"),
    }
}

async fn stop(task: JoinHandle<()>) {
    task.abort();
    // An aborted task answers with an error.
    let _ = task.await;
}

/// Has the writer look after its database. When the log cannot be emptied for a while, reports are
/// kept from beginning until it has been tried without any.
async fn tend(app: App) {
    let mut interval = time::interval(TEND_INTERVAL);
    let mut quiet_at = Instant::now();
    loop {
        interval.tick().await;
        let is_blocked = app.writer().log_blocked_for() >= QUIET_AFTER;
        let quiet = if is_blocked && quiet_at.elapsed() >= QUIET_INTERVAL {
            quiet_at = Instant::now();
            app.reader().quiet().await.ok()
        } else {
            None
        };
        app.writer().tend().await;
        drop(quiet);
    }
}

async fn look_at_alerts(app: App, every: Duration) {
    let mut interval = time::interval(every);
    // After a pause of the machine, once is enough.
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        alert::look(&app, now()).await;
    }
}

async fn deliver_notices(app: App) {
    let mut interval = time::interval(DELIVER_INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        alert::deliver(&app, now()).await;
    }
}

async fn forget_clients(app: App) {
    let mut interval = time::interval(FORGET_INTERVAL);
    loop {
        interval.tick().await;
        app.forget_clients();
    }
}

/// To the millisecond, as it is kept.
fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or_default()
}

async fn refresh_sites(app: App) {
    let mut interval = time::interval(SITES_REFRESH);
    let mut trouble = Trouble::new("read the sites");
    loop {
        interval.tick().await;
        match app.refresh_sites().await {
            Ok(()) => trouble.worked(),
            Err(error) => trouble.failed(format!("{error:#}"), Instant::now().into_std()),
        }
    }
}
