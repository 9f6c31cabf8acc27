//! Somebody's page, on an origin of its own, with the npm package beside it.

use crate::oracle::Oracle;
use anyhow::Result;
use axum::{
    Router,
    http::{HeaderName, header::CONTENT_TYPE},
    response::Html,
    routing::get,
};
use std::path::Path;
use tokio::{net::TcpListener, task::JoinHandle};
use tower_http::services::ServeDir;

/// The package as `npm install` would bring it.
const PACKAGE: &str = "../collector-wasm/pkg";

const JAVASCRIPT: &str = "text/javascript";
/// A picture of so few bytes is none to the browser, which takes it for a background.
const IMAGE_BYTES: usize = 4000;

fn image() -> String {
    let padding = "x".repeat(IMAGE_BYTES);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><!-- {padding} -->
        <rect width="600" height="300" fill="#357"/><circle cx="300" cy="150" r="120" fill="#fc3"/>
        </svg>"##
    )
}

/// A page at `/` and `/next`, another at `/elsewhere` to leave it for, the npm package below
/// `/collector`, the oracle at `/oracle.js` and `/explain.js`, and a picture at `/image.svg`.
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
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join(PACKAGE);
        let router = Router::new()
            .route("/", get(answer.clone()))
            .route("/next", get(answer))
            .route("/oracle.js", get(([(CONTENT_TYPE, JAVASCRIPT)], Oracle::script()?)))
            .route("/explain.js", get(([(CONTENT_TYPE, JAVASCRIPT)], Oracle::explaining_script()?)))
            .route("/image.svg", get(([(CONTENT_TYPE, "image/svg+xml")], image())))
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
