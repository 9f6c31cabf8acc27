//! Posting a notice: what is said on the wire.

use super::signature::Secret;
use anyhow::{Result, bail};
use http_body_util::Full;
use hyper::{Request, body::Bytes, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Hyper, connect::HttpConnector},
    rt::TokioExecutor,
};
use jiff::Timestamp;
use std::{error::Error, time::Duration};
use tokio::time::timeout;
use url::Url;

/// How long a receiver may take, as Standard Webhooks advises.
const ANSWER_MAX: Duration = Duration::from_secs(15);
const AGENT: &str = concat!("rhumb/", env!("CARGO_PKG_VERSION"));

/// Speaks http, and https with those whom the system trusts. Follows nobody elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Client(Hyper<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// What is posted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Post<'a> {
    pub(super) url: &'a Url,
    pub(super) message: &'a str,
    pub(super) body: &'a str,
}

impl Client {
    /// # Errors
    /// The system trusts nobody.
    pub(super) fn new() -> Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Hyper::builder(TokioExecutor::new()).build(connector)))
    }

    /// Posts it, signed.
    ///
    /// # Errors
    /// It was not taken; says why, and nothing of the address or the secret.
    pub(super) async fn post(&self, post: Post<'_>, secret: &Secret, now: Timestamp) -> Result<()> {
        let Post { url, message, body } = post;
        let timestamp = now.as_second();
        let request = Request::post(url.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, AGENT)
            .header("webhook-id", message)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", secret.sign(message, timestamp, body))
            .body(Full::from(body.to_owned()))?;
        match timeout(ANSWER_MAX, self.0.request(request)).await {
            Ok(Ok(answer)) if answer.status().is_success() => Ok(()),
            Ok(Ok(answer)) => bail!("answered {}", answer.status()),
            Ok(Err(error)) => bail!("{}", innermost(&error)),
            Err(_) => bail!("no answer within {} seconds", ANSWER_MAX.as_secs()),
        }
    }
}

/// "Connection refused", and not "client error".
fn innermost(mut error: &dyn Error) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
