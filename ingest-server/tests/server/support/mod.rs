//! A server in this process, on a database of its own.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::connect_info::MockConnectInfo,
    http::{HeaderName, Request, Response, StatusCode, header},
};
use ingest_server::{
    alert::AlertConfig,
    http::{self, Access, App, RequestConfig},
    ingest::EnrichConfig,
    server::{Config, Server},
    store::sqlite::{Database, Retention, RollUpLimits, StatementTally, Token},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

mod binary;
mod filled;
mod pprof;
mod receiver;
#[cfg(feature = "redis")]
mod redis;
mod strace;

pub(crate) use binary::Binary;
pub(crate) use filled::{Filled, Ran, rhumb, rhumb_within_permissions};
pub(crate) use pprof::Pprof;
pub(crate) use receiver::Receiver;
#[cfg(feature = "redis")]
pub(crate) use redis::Redis;
pub(crate) use strace::Fault;

pub(crate) struct Rhumb {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
    router: Router,
}

impl Rhumb {
    pub(crate) fn start() -> Self {
        Self::with_token(None)
    }

    pub(crate) fn with_token(token: Option<&str>) -> Self {
        Self::open(tempfile::tempdir().unwrap(), token, RollUpLimits::default())
    }

    pub(crate) fn with_roll_up(roll_up: RollUpLimits) -> Self {
        Self::open(tempfile::tempdir().unwrap(), None, roll_up)
    }

    /// A server that watches rules, as they stand in `rhumb.toml`.
    pub(crate) fn watching(folder: TempDir, rules: &str) -> Self {
        let table = toml::from_str::<toml::Table>(rules).unwrap();
        let rules = table.into_iter().flat_map(|(_, rules)| rules.as_array().unwrap().clone());
        let rules = rules.map(|rule| rule.try_into().unwrap()).collect();
        let alerts = AlertConfig { rules, ..AlertConfig::default() };
        let requests = RequestConfig::default();
        Self::open_with(folder, None, RollUpLimits::default(), alerts, requests)
    }

    /// A server whose requests are held to other limits.
    #[cfg(feature = "redis")]
    pub(crate) fn with_requests(requests: RequestConfig) -> Self {
        let (folder, alerts) = (tempfile::tempdir().unwrap(), AlertConfig::default());
        Self::open_with(folder, None, RollUpLimits::default(), alerts, requests)
    }

    /// Stops the server and starts another one on its database.
    pub(crate) async fn restart(self, roll_up: RollUpLimits) -> Self {
        let Self { server, folder, router } = self;
        drop(router);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        server.run(listener, async {}).await.unwrap();
        Self::open(folder, None, roll_up)
    }

    fn open(folder: TempDir, token: Option<&str>, roll_up: RollUpLimits) -> Self {
        Self::open_with(folder, token, roll_up, AlertConfig::default(), RequestConfig::default())
    }

    fn open_with(
        folder: TempDir,
        token: Option<&str>,
        roll_up: RollUpLimits,
        alerts: AlertConfig,
        requests: RequestConfig,
    ) -> Self {
        let access = Access::new(token.map(str::to_owned)).unwrap();
        let database = folder.path().join("rhumb.db");
        let retention = Retention::default();
        let enrich = EnrichConfig::default();
        let slow_query = StatementTally::default().slow_after();
        let config = Config {
            database,
            access,
            roll_up,
            retention,
            enrich,
            alerts,
            requests,
            slow_query,
            drain: Duration::ZERO,
        };
        let server = Server::open(config).unwrap();
        let router = router(server.app());
        Self { server, folder, router }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("rhumb.db")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response<Body> {
        self.send(get(path)).await
    }

    pub(crate) async fn get_with(
        &self,
        path: &str,
        headers: &[(HeaderName, &str)],
    ) -> Response<Body> {
        let mut request = get(path);
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.send(request).await
    }

    /// The tag of an answer, to ask again with.
    pub(crate) async fn tag(&self, path: &str) -> String {
        self.get(path).await.headers()[header::ETAG].to_str().unwrap().to_owned()
    }

    pub(crate) async fn get_again(&self, path: &str, tag: &str) -> Response<Body> {
        self.get_with(path, &[(header::IF_NONE_MATCH, tag)]).await
    }

    /// Adds a site beside `default`, and waits for nobody to notice.
    pub(crate) async fn add_site(&self, name: &str, origins: &[&str]) {
        let origins = origins.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut database = Database::open(&self.database()).unwrap();
        database.put_site(&name.parse().unwrap(), &origins).unwrap();
        self.server.app().refresh_sites().await.unwrap();
    }

    /// Adds a site, and a token of that name that reads it.
    pub(crate) async fn add_site_with_token(&self, site: &str, name: &str) -> String {
        self.add_site(site, &[]).await;
        let token = Token::of([7; 32]);
        let mut database = Database::open(&self.database()).unwrap();
        let site = site.parse().unwrap();
        database.put_token(&token, &site, Some(name), Timestamp::now()).unwrap();
        self.server.app().refresh_sites().await.unwrap();
        token.as_str().to_owned()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        read_json(response).await
    }

    /// The rows of an answer as a table; its columns are the first.
    pub(crate) async fn text(&self, path: &str) -> String {
        String::from_utf8(read(self.get(path).await).await.to_vec()).unwrap()
    }

    pub(crate) async fn table(&self, path: &str) -> Vec<Vec<String>> {
        let response = self.get_with(path, &[(header::ACCEPT, "text/csv")]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        rows(&read(response).await)
    }

    pub(crate) async fn post(&self, body: impl Into<Bytes>) -> Response<Body> {
        self.post_bytes("", body).await
    }

    pub(crate) async fn post_to(&self, query: &str, beacon: Value) -> Response<Body> {
        self.post_bytes(query, beacon.to_string()).await
    }

    pub(crate) async fn post_bytes(&self, query: &str, body: impl Into<Bytes>) -> Response<Body> {
        let request = Request::post(format!("/v1/ingest{query}"));
        self.send(request.body(Body::from(body.into())).unwrap()).await
    }

    pub(crate) async fn accepts(&self, beacon: &Value) {
        let response = self.post(beacon.to_string()).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT, "{beacon}");
    }

    pub(crate) async fn summary(&self) -> Value {
        self.json("/v1/sites/default/summary").await
    }
}

/// All routes, asked from this machine.
pub(crate) fn router(app: App) -> Router {
    http::router(app).layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))))
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, "localhost:8787").body(Body::empty()).unwrap()
}

pub(crate) async fn read_json(response: Response<Body>) -> Value {
    serde_json::from_slice(&read(response).await).unwrap()
}

pub(crate) async fn read(response: Response<Body>) -> Bytes {
    to_bytes(response.into_body(), usize::MAX).await.unwrap()
}

/// The rows of a table, all with as many fields.
pub(crate) fn rows(table: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// What took so long, once.
pub(crate) fn once(ms: u32) -> Value {
    let bins = beacon::duration_bin(f64::from(ms)).map(|bin| (bin, 1));
    json!({ "count": 1, "total_us": ms * 1000, "max_us": ms * 1000, "bins": bins.as_slice() })
}

/// A page view with one LCP.
pub(crate) fn beacon(page_view: u128, lcp_ms: f64) -> Value {
    json!({
        "site": "default",
        "page_view": format!("{page_view:032x}"),
        "metrics": [{ "name": "LCP", "value": lcp_ms }],
    })
}
