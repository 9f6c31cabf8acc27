//! The description of the API: OpenAPI 3.1, made of what the handlers say beside them and of the types
//! that are sent. A route gets into it with `routes!`, as it gets into the router.

mod answers;
mod body;
mod parameters;

pub(super) use answers::{Gate, OfQuestion, TooMuch};
pub(super) use body::IngestBody;
pub(super) use parameters::{AsTable, InPeriod, OfSite};

use super::{app::App, etag, problem};
use crate::report::crux::RefusalBody;
use axum::{
    Extension, Router,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as OpenApiDocument,
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What is the same for all routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "rhumb",
        description = "Real-user monitoring: what pages send, and what can be asked about it.\n\n\
                       Times are RFC 3339 or dates. Milliseconds have one decimal, scores of layout \
                       shifts four. What was not measured is absent, never zero. Errors are problems \
                       (RFC 9457) that name the parameter at fault, but for those of the CrUX API.",
    ),
    tags(
        (name = "Beacons", description = "What pages send."),
        (name = "Questions", description = "How the visitors of a site fare, and why."),
        (name = "CrUX", description = "The same in the shapes of the public CrUX API, for its clients."),
        (name = "Operators", description = "Whether the server is well."),
    ),
    components(schemas(problem::Body, RefusalBody)),
    modifiers(&Access),
)]
struct Common;

/// By what those who may read the reports are known: any of these. Without an admin token, nothing is
/// needed on the server's own machine.
struct Access;

impl Modify for Access {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let http = |scheme, is| {
            let builder = HttpBuilder::new().scheme(scheme).description(Some(is));
            SecurityScheme::Http(builder.build())
        };
        // That is the program's.
        openapi.info.license = None;
        let components = openapi.components.get_or_insert_default();
        let bearer = http(
            HttpAuthScheme::Bearer,
            "The admin token of the server, or one that reads a site.",
        );
        components.add_security_scheme("bearer", bearer);
        let basic = http(HttpAuthScheme::Basic, "The same as the password, with any name.");
        components.add_security_scheme("basic", basic);
        let key = ApiKeyValue::with_description("key", "The same, for clients of CrUX.");
        components.add_security_scheme("key", SecurityScheme::ApiKey(ApiKey::Query(key)));
        let one = |name: &str| SecurityRequirement::new::<_, [&str; 0], &str>(name, []);
        openapi.security = Some(vec![one("bearer"), one("basic"), SecurityRequirement::default()]);
    }
}

/// The description as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Document(Arc<str>);

/// The route that tells of all of them, itself included.
pub(super) fn route<const N: usize>(described: [&OpenApiDocument; N]) -> Router<App> {
    let own = OpenApiRouter::default().routes(routes!(get));
    let (own, own_description) = own.split_for_parts();
    let mut description = Common::openapi();
    for part in described {
        description.merge(part.clone());
    }
    description.merge(own_description);
    // It is made of maps and texts, which can always be written.
    let document = description.to_json().unwrap_or_default();
    own.layer(Extension(Document(document.into())))
}

/// This description of the API
///
/// OpenAPI 3.1. The page `/docs` shows it.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "openapi",
    tag = "Operators",
    security(()),
    responses(
        (status = 200, description = "The description.", body = Object, content_type = "application/json"),
        (status = 304, description = "It has not changed."),
    )
)]
pub(super) async fn get(Extension(document): Extension<Document>, headers: HeaderMap) -> Response {
    let Document(document) = document;
    let tag = etag::of(&document);
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if etag::matches(&headers, &tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, "application/json")], document.to_string()).into_response()
}
