//! Somebody's page, on an origin of its own, with the npm package beside it.

use crate::{browser::Browser, complaints, oracle::Oracle};
use anyhow::Result;
use axum::{
    Router,
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    middleware::{self, Next},
    response::{Html, Response},
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
/// `/collector`, and for the page to load: `/oracle.js` or `/explain.js`, `/web-vitals.js`,
/// `/complaints.js` and `/photo.jpg`.
pub struct Page {
    origin: String,
    task: JoinHandle<()>,
}

impl Page {
    /// Serves the document.
    pub async fn serve(document: &str) -> Result<Self> {
        Self::with_policy(document, "").await
    }

    /// Serves a document whose collector reports to an endpoint as site `default`, with options such
    /// as `offlineQueue: true`; it is `rhumb`, and `begin()` starts another one.
    pub async fn measured(endpoint: &str, options: &str) -> Result<Self> {
        Self::measured_under("", endpoint, options).await
    }

    /// The same under a content security policy.
    pub async fn measured_under(policy: &str, endpoint: &str, options: &str) -> Result<Self> {
        let document = format!(
            r#"<h1>Hello</h1><button>Press</button> <a href="/next">Next</a>
            <script type="module">
              import {{ start }} from '/collector/index.js';
              window.begin = (more) => start({{ endpoint: '{endpoint}', site: 'default', ...more }});
              window.rhumb = begin({{ {options} }});
            </script>"#
        );
        Self::with_policy(&document, policy).await
    }

    /// Serves the document under a content security policy.
    pub async fn with_policy(document: &str, policy: &str) -> Result<Self> {
        Self::beside(Router::new(), document, &[(CONTENT_SECURITY_POLICY, policy)]).await
    }

    /// Serves the document with what its server has timed, as `Server-Timing` has it.
    pub async fn timed(document: &str, timings: &str) -> Result<Self> {
        let header = (HeaderName::from_static("server-timing"), timings);
        Self::beside(Router::new(), document, &[header]).await
    }

    /// Serves the document on a page that shares its process with no other origin.
    pub async fn isolated(document: &str) -> Result<Self> {
        let headers = [
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
        ];
        Self::beside(Router::new(), document, &headers).await
    }

    /// Serves the document, and below `/bundle` the files of a folder.
    pub async fn with_bundle(document: &str, folder: &str) -> Result<Self> {
        Self::bundled_under("", document, folder).await
    }

    /// The same under a document policy, such as `js-profiling`.
    pub async fn bundled_under(policy: &str, document: &str, folder: &str) -> Result<Self> {
        let bundle = Router::new()
            .nest_service("/bundle", ServeDir::new(folder))
            .layer(middleware::from_fn(late));
        let header = (HeaderName::from_static("document-policy"), policy);
        Self::beside(bundle, document, &[header]).await
    }

    async fn beside(files: Router, document: &str, headers: &[(HeaderName, &str)]) -> Result<Self> {
        let header =
            |(name, value): &(HeaderName, &str)| Ok((name.clone(), HeaderValue::from_str(value)?));
        let headers = headers.iter().map(header).collect::<Result<HeaderMap>>()?;
        let answer = (headers, Html(format!("<!doctype html><title>A page</title>{document}")));
        let answer = async || {
            sleep(FIRST_BYTE_AFTER).await;
            answer
        };
        let [package, photo] =
            [PACKAGE, PHOTO].map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
        let script = |text: String| get(([(CONTENT_TYPE, "text/javascript")], text));
        let router = files
            .route("/", get(answer.clone()))
            .route("/next", get(answer))
            .route("/oracle.js", script(Oracle::script()?))
            .route("/explain.js", script(Oracle::explaining_script()?))
            .route("/web-vitals.js", script(Oracle::package()?))
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

    /// Opens a browser that has painted the page.
    pub async fn open(&self) -> Result<Browser> {
        self.open_after("").await
    }

    /// The same, in a browser where a script runs before those of every page.
    pub async fn open_after(&self, script: &str) -> Result<Browser> {
        let browser = Browser::open().await?;
        browser.in_every_page(script).await?;
        browser.goto(&self.url("/")).await?;
        browser.wait_until_painted().await?;
        Ok(browser)
    }

    /// Opens a browser in which the collector of the page has had the time to load.
    pub async fn visit(&self) -> Result<Browser> {
        self.visit_after("").await
    }

    /// The same, in a browser where a script runs before those of every page.
    pub async fn visit_after(&self, script: &str) -> Result<Browser> {
        let browser = self.open_after(script).await?;
        browser.settle().await?;
        Ok(browser)
    }

    /// The address of a path on this origin.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

/// An answer that comes before the next request is made says that it was waited for.
async fn late(request: Request, next: Next) -> Response {
    sleep(FIRST_BYTE_AFTER).await;
    next.run(request).await
}

impl Drop for Page {
    fn drop(&mut self) {
        self.task.abort();
    }
}
