//! The gate before the records: that of the reports, for clients that name their token as their key.

use crate::{
    http::{access::Denied, app::App, gate},
    report::crux::Refusal,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::net::SocketAddr;
use url::form_urlencoded;

const NO_KEY: &str = "The request is missing a valid API key. It is the admin token of this rhumb \
                      server, or one that reads a site; send it as `key`, or as `Authorization: Bearer …`.";

/// Lets through who may read the reports.
pub(super) async fn require(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let presented = gate::presented(headers).or_else(|| key(request.uri().query()?));
    match gate::admit(&app, peer, headers, presented.as_deref()) {
        Ok(readable) => {
            request.extensions_mut().insert(readable);
            next.run(request).await
        }
        Err(Denied::Unknown) if presented.is_some() => Refusal::wrong_key().into_response(),
        Err(Denied::Unknown) => Refusal::denied(NO_KEY).into_response(),
        Err(Denied::NotLocal) => Refusal::denied(gate::NOT_LOCAL).into_response(),
    }
}

/// The parameter `key`. The others that Google's clients send say nothing that is needed.
fn key(query: &str) -> Option<String> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    parameters.find(|(name, _)| name == "key").map(|(_, key)| key.into_owned())
}
