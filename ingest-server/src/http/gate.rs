//! The gate before the reports.

use super::{
    access::{Denied, Reads},
    app::App,
    problem::Problem,
    readable::Readable,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::headers::{
    Authorization, HeaderMapExt,
    authorization::{Basic, Bearer},
};
use std::net::SocketAddr;

/// Lets through who may read reports, of the sites that they may read about.
pub(super) async fn require(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    match admit(&app, peer, headers, presented(headers).as_deref()) {
        Ok(readable) => {
            request.extensions_mut().insert(readable);
            next.run(request).await
        }
        Err(denied) => refuse(denied),
    }
}

/// Lets through operators alone.
pub(super) async fn require_operator(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    match admit(&app, peer, headers, presented(headers).as_deref()) {
        Ok(readable) if readable.is_operator => {
            request.extensions_mut().insert(readable);
            next.run(request).await
        }
        Ok(_) => operators_only().into_response(),
        Err(denied) => refuse(denied),
    }
}

/// What whoever presents that may read.
pub(super) fn admit(
    app: &App,
    peer: SocketAddr,
    headers: &HeaderMap,
    presented: Option<&str>,
) -> Result<Readable, Denied> {
    let sites = app.sites();
    Ok(match app.access().check(peer, headers, presented, sites.tokens())? {
        Reads::All => Readable::all(sites),
        Reads::Site(id) => Readable::only(&sites, id),
    })
}

fn refuse(denied: Denied) -> Response {
    match denied {
        Denied::Unknown => unknown(),
        Denied::NotLocal => not_local().into_response(),
    }
}

/// The token that a request names in its headers.
pub(super) fn presented(headers: &HeaderMap) -> Option<String> {
    let bearer = headers.typed_get::<Authorization<Bearer>>();
    let basic = headers.typed_get::<Authorization<Basic>>();
    let token = bearer.as_ref().map(Authorization::token);
    token.or(basic.as_ref().map(Authorization::password)).map(str::to_owned)
}

/// Browsers ask for name and password; the password is the token, the name is any.
fn unknown() -> Response {
    let detail = "send the admin token, or one of `rhumb token create --read SITE`: \
                  `Authorization: Bearer …`, or as the password";
    let mut response =
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail).into_response();
    let challenge = HeaderValue::from_static("Basic realm=\"rhumb\", charset=\"UTF-8\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

fn operators_only() -> Problem {
    let detail = "this token reads the reports of a site; how the server fares is told to those with the \
                  admin token";
    Problem::new(StatusCode::FORBIDDEN, "operators_only", detail)
}

fn not_local() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_local", NOT_LOCAL)
}

/// What is said to those who are elsewhere.
pub(super) const NOT_LOCAL: &str = "without an admin token the reports are for this machine only; \
                                    start `rhumb serve` with --admin-token (or RHUMB_ADMIN_TOKEN) \
                                    to read them from elsewhere or through a proxy";
