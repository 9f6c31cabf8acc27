//! The router, grouped by who calls.

mod access;
mod answer;
mod api;
mod app;
mod browsers;
mod compressed;
mod docs;
mod embedded;
mod etag;
mod extract;
mod facts;
mod first_fixes;
#[cfg(test)]
mod fixture;
mod gate;
mod health;
mod kept_answers;
mod kept_profiles;
mod measured;
mod media;
mod openapi;
mod opening;
mod operators;
mod people;
#[cfg(feature = "profiling")]
mod pprof;
mod problem;
mod queries;
mod rates;
mod readable;
mod request_config;
mod runtime;
#[cfg(feature = "redis")]
mod second_level;
#[cfg(feature = "redis")]
mod shared_rates;
mod site_query;

pub use access::Access;
pub use app::App;
pub use kept_answers::{CacheState, KeptAnswers};
pub(crate) use opening::{Earlier, Opening};
pub(crate) use people::warm;
pub use problem::Problem;
pub use rates::RateConfig;
pub use request_config::RequestConfig;

use crate::telemetry::Caller;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, Method, header},
    middleware,
    routing::get,
};
use beacon::limits;
use embedded::Collector;
use measured::Measure;
use std::time::Duration;
use tower::util::option_layer;
use tower_http::{
    CompressionLevel,
    compression::CompressionLayer,
    cors::{AllowHeaders, Any, CorsLayer},
    set_header::SetResponseHeaderLayer,
};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

/// The best that gzip has and nearly the best of brotli, at a millisecond for a page.
const COMPRESSION: i32 = 9;
/// How long browsers remember that they may post; none takes more.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_hours(2);

/// Every route there is.
pub fn router(app: App) -> Router {
    let (browsers, people, operators) = (browsers(), people(&app), operators(&app));
    let description =
        openapi::route([&browsers, &people, &operators].map(OpenApiRouter::get_openapi));
    around(&app, Caller::Browsers, browsers.into())
        .merge(around(&app, Caller::People, compressed(Router::from(people).merge(description))))
        .merge(around(&app, Caller::Operators, compressed(operators.into())))
        .fallback_service(
            around(&app, Caller::People, compressed(nowhere())).with_state(app.clone()),
        )
        .with_state(app)
}

/// What is the same for all answers. It is one layer: each is boxed and copied anew for every request.
fn around(app: &App, caller: Caller, router: Router<App>) -> Router<App> {
    let measure = app.requests().are_measured.then(|| Measure { app: app.clone(), caller });
    router
        .method_not_allowed_fallback(problem::no_such_method)
        .layer((option_layer(measure), header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")))
}

/// Answers that are made anew for everyone who asks. Browsers that are measured get files, which are kept
/// compressed, and answers without a body, which need not carry six kilobytes to be compressed by.
fn compressed(router: Router<App>) -> Router<App> {
    let quality = CompressionLevel::Precise(COMPRESSION);
    router.layer(CompressionLayer::new().quality(quality))
}

/// What is at no address: a page for people, a problem for programs.
fn nowhere() -> Router<App> {
    Router::new()
        .fallback(problem::no_such_route)
        .layer(middleware::from_fn(people::problems_as_pages))
        .layer(header(header::CONTENT_SECURITY_POLICY, PEOPLE_POLICY))
}

/// Pages that are measured, from any origin.
fn browsers() -> OpenApiRouter<App> {
    let ingest = routes!(browsers::ingest).map(|it| it.fallback(problem::no_such_method));
    let from_any_page = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::RETRY_AFTER])
        // No cache keeps what is answered to these methods.
        .vary([])
        .max_age(PREFLIGHT_MAX_AGE);
    let ingest = OpenApiRouter::default()
        .routes(ingest)
        .layer((from_any_page, DefaultBodyLimit::max(limits::BODY_BYTES_MAX)));
    let router = Router::new()
        .route("/rhumb.js", get(browsers::collector))
        .route("/rhumb_details.js", get(browsers::collector))
        .route("/rhumb_bg.wasm", get(browsers::collector));
    let collector = Collector::iter()
        .filter(|file| browsers::is_named_by_content(file))
        .fold(router, |router, file| router.route(&format!("/{file}"), get(browsers::collector)))
        .layer(header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .layer(header(
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ));
    let demo = Router::new()
        .route("/demo", get(browsers::demo_home))
        .route("/demo/", get(browsers::demo))
        .route("/demo/{*path}", get(browsers::demo))
        .layer(header(header::CONTENT_SECURITY_POLICY, DEMO_POLICY))
        .layer(header(DOCUMENT_POLICY, "js-profiling"));
    ingest.merge(collector.into()).merge(demo.into())
}

/// The dashboard and the query API.
fn people(app: &App) -> OpenApiRouter<App> {
    let server = Router::new()
        .route("/server", get(people::server))
        .layer(middleware::from_fn_with_state(app.clone(), gate::require_operator));
    let pages = Router::new()
        .route("/", get(people::overview))
        .route("/vitals/{metric}", get(people::vitals))
        .route("/routes", get(people::routes))
        .route("/opportunities", get(people::opportunities))
        .route("/compare", get(people::compare))
        .route("/alerts", get(people::alerts))
        .route("/renders", get(people::renders))
        .route("/long-frames", get(people::long_frames))
        .route("/resources", get(people::resources))
        .route("/measures", get(people::measures))
        .route("/errors", get(people::errors))
        .route("/memory", get(people::memory))
        .route("/profiles", get(people::profiles))
        .route("/profiles.svg", get(people::flame_graph))
        .route("/requests", get(people::requests))
        .route("/page-views", get(people::page_views))
        .route("/page-views/{id}", get(people::page_view))
        .route("/settings", get(people::settings))
        .layer(middleware::from_fn_with_state(app.clone(), gate::require))
        .merge(server)
        .layer(middleware::from_fn(people::problems_as_pages));
    api::router()
        .layer(middleware::from_fn_with_state(app.clone(), gate::require))
        .merge(api::crux::router(app))
        .merge(pages.into())
        .route("/docs", get(docs::page))
        .route("/docs/{*path}", get(docs::file))
        .route("/assets/{*path}", get(people::asset))
        .layer(header(header::CONTENT_SECURITY_POLICY, PEOPLE_POLICY))
        .layer(header(header::REFERRER_POLICY, "no-referrer"))
}

/// Whatever keeps the server running. Only whether it is well is for everybody.
fn operators(app: &App) -> OpenApiRouter<App> {
    let router = OpenApiRouter::default()
        .routes(routes!(operators::metrics))
        .routes(routes!(health::detailed))
        .routes(routes!(queries::queries))
        .routes(routes!(runtime::get));
    #[cfg(feature = "profiling")]
    let router = router.routes(routes!(pprof::profile)).routes(routes!(pprof::heap));
    router
        .layer(middleware::from_fn_with_state(app.clone(), gate::require_operator))
        .routes(routes!(operators::live))
        .routes(routes!(operators::ready))
}

/// Whether scripts of a document may be sampled: <https://wicg.github.io/document-policy/>
const DOCUMENT_POLICY: header::HeaderName = header::HeaderName::from_static("document-policy");
const PEOPLE_POLICY: &str = "default-src 'self'; img-src 'self' data:; base-uri 'none'; \
                             form-action 'self'; frame-ancestors 'none'; object-src 'none'";
/// The demo runs the collector, which is WebAssembly.
const DEMO_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
                           img-src 'self' data:; base-uri 'none'; form-action 'self'; \
                           frame-ancestors 'none'; object-src 'none'";

fn header(name: header::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
