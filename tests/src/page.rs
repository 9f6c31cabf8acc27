//! Somebody's page, on an origin of its own, with the npm package beside it.

use crate::{complaints, oracle::Oracle};
use anyhow::Result;
use axum::{
    Router,
    http::{HeaderName, header::CONTENT_TYPE},
    response::Html,
    routing::get,
};
use std::{path::Path, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};
use tower_http::services::{ServeDir, ServeFile};

/// Browsers whose clocks count whole milliseconds report no first byte that comes at once.
const FIRST_BYTE_AFTER: Duration = Duration::from_millis(20);

/// The package as `npm install` would bring it.
const PACKAGE: &str = "../collector-wasm/pkg";
const PHOTO: &str = "../web-demo/src/assets/hero.jpg";

/// A page at `/` and `/next`, another at `/elsewhere` to leave it for, the npm package below
/// `/collector`, and for the page to load: `/oracle.js` or `/explain.js`, `/complaints.js` and
/// `/photo.jpg`.
pub struct Page {
    origin: String,
    task: JoinHandle<()>,
}

impl Page {
    /// Serves the document.
    pub async fn serve(document: &str) -> Result<Self> {
        Self::with_policy(document, "").await
    }

    /// Serves the document under a content security policy.
    pub async fn with_policy(document: &str, policy: &str) -> Result<Self> {
        let headers = [(HeaderName::from_static("content-security-policy"), policy.to_owned())];
        let answer = (headers, Html(format!("<!doctype html><title>A page</title>{document}")));
        let answer = async || {
            sleep(FIRST_BYTE_AFTER).await;
            answer
        };
        let [package, photo] =
            [PACKAGE, PHOTO].map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
        let script = |text: String| get(([(CONTENT_TYPE, "text/javascript")], text));
        let router = Router::new()
            .route("/", get(answer.clone()))
            .route("/next", get(answer))
            .route("/oracle.js", script(Oracle::script()?))
            .route("/explain.js", script(Oracle::explaining_script()?))
            .route("/complaints.js", script(complaints::SCRIPT.to_owned()))
            .route_service("/photo.jpg", ServeFile::new(photo))
            .route("/elsewhere", get(async || Html("<!doctype html><title>Elsewhere</title>")))
            .nest_service("/collector", ServeDir::new(package));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            // It never returns an error: the listener's are retried.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { origin, task })
    }

    /// The address of a path on this origin.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.task.abort();
    }
}
