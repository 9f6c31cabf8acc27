//! What the standard variables say.

use anyhow::{Context, Result, ensure};
use opentelemetry::Key;
use opentelemetry_sdk::Resource;
use std::env;
use url::Url;

/// What a variable says; an empty one says nothing.
fn said(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where web vitals are pushed to.
pub(super) fn logs_endpoint() -> Result<Option<Url>> {
    endpoint("LOGS")
}

/// Where spans are pushed to. That they are is said by name: to each beacon there are some, and whoever wants web vitals
/// need not want those.
pub(super) fn traces_endpoint() -> Result<Option<Url>> {
    let is_wanted = said("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").is_some()
        || said("OTEL_TRACES_EXPORTER").is_some_and(|it| it == "otlp");
    if is_wanted { endpoint("TRACES") } else { Ok(None) }
}

/// It may have a password in it, and is not logged.
fn endpoint(signal: &str) -> Result<Option<Url>> {
    let is_off = said("OTEL_SDK_DISABLED").is_some_and(|it| it.eq_ignore_ascii_case("true"))
        || said(&format!("OTEL_{signal}_EXPORTER")).is_some_and(|it| it == "none");
    let endpoint = said(&format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
        .or_else(|| said("OTEL_EXPORTER_OTLP_ENDPOINT"));
    let Some(endpoint) = endpoint.filter(|_| !is_off) else { return Ok(None) };
    // Both take it: what only one does would be told with all that is in it.
    let url = Url::parse(&endpoint).ok().filter(|_| endpoint.parse::<hyper::Uri>().is_ok());
    let url = url.context("the OTLP endpoint is no address, such as http://127.0.0.1:4318")?;
    let scheme = url.scheme();
    ensure!(
        scheme == "http",
        "the OTLP endpoint begins with {scheme}://, not with http://; web vitals and spans are pushed \
         without TLS, to a collector on this machine or in this network"
    );
    Ok(Some(url))
}

/// What the variables say of the service, which otherwise is called rhumb.
pub(super) fn resource() -> Resource {
    let said = Resource::builder().build();
    let name = said.get(&Key::from_static_str("service.name"));
    if name.is_some_and(|name| !name.as_str().starts_with("unknown_service")) {
        return said;
    }
    Resource::builder().with_service_name("rhumb").build()
}
