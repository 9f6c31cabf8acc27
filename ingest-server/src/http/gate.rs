//! The gate before the reports.

use super::{access::Verdict, app::App, problem::Problem};
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

/// Lets through who may read the reports.
pub(super) async fn require(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    match app.access().check(peer, headers, presented(headers).as_deref()) {
        Verdict::Allowed => next.run(request).await,
        Verdict::Unknown => unknown(),
        Verdict::NotLocal => not_local().into_response(),
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
    let detail = "send the admin token: `Authorization: Bearer …`, or as the password";
    let mut response =
        Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail).into_response();
    let challenge = HeaderValue::from_static("Basic realm=\"rhumb\", charset=\"UTF-8\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

fn not_local() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_local", NOT_LOCAL)
}

/// What is said to those who are elsewhere.
pub(super) const NOT_LOCAL: &str = "without an admin token the reports are for this machine only; \
                                    start `rhumb serve` with --admin-token (or RHUMB_ADMIN_TOKEN) \
                                    to read them from elsewhere or through a proxy";
