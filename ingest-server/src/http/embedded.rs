//! Files that are built into the binary.

use super::{
    compressed::{Coding, compressed},
    etag,
    problem::Problem,
};
use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

/// The collector as a script tag loads it.
#[derive(RustEmbed)]
#[folder = "../collector-wasm/pkg"]
#[include = "rhumb*"]
pub(super) struct Collector;

/// The demo app.
#[derive(RustEmbed)]
#[folder = "../web-demo/dist"]
pub(super) struct Demo;

/// The dashboard's styles, scripts and fonts.
#[derive(RustEmbed)]
#[folder = "dashboard/assets"]
pub(super) struct Assets;

/// What shows the description of the API, as npm has it.
#[derive(RustEmbed)]
#[folder = "docs-ui/node_modules/swagger-ui-dist"]
#[include = "swagger-ui.css"]
#[include = "swagger-ui-bundle.js"]
#[include = "swagger-ui-bundle.js.LICENSE.txt"]
#[include = "LICENSE"]
#[include = "NOTICE"]
pub(super) struct DocsUi;

/// How long a browser may use its copy.
#[derive(Clone, Copy, Debug)]
pub(super) enum Caching {
    /// For ever: the name changes with the content.
    Immutable,
    /// For an hour: pages that load it often must not wait, and updates must come through.
    Short,
    /// Never without asking.
    Revalidate,
}

impl Caching {
    fn as_str(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Short => "public, max-age=3600",
            Self::Revalidate => "no-cache",
        }
    }
}

/// Answers with a file, or with 304 when the browser has it.
pub(super) async fn serve<Files: RustEmbed>(
    path: &str,
    caching: Caching,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let Some(file) = Files::get(path) else {
        let detail = "this binary was built without this file; `cargo xtask build` builds them all";
        return Err(Problem::new(StatusCode::NOT_FOUND, "not_embedded", detail));
    };
    let tag = etag::of(&file.metadata.sha256_hash());
    let caching = (header::CACHE_CONTROL, caching.as_str().to_owned());
    if etag::matches(headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [caching, (header::ETAG, tag)]).into_response());
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    };
    let about = [caching, (header::ETAG, tag), (header::CONTENT_TYPE, kind)];
    if let Some(coding) = Coding::accepted(headers)
        && let Some(compressed) = compressed(file.clone(), coding).await
    {
        let coded =
            [(header::CONTENT_ENCODING, coding.as_str()), (header::VARY, "accept-encoding")];
        return Ok((about, coded, compressed).into_response());
    }
    Ok((about, file.data).into_response())
}
