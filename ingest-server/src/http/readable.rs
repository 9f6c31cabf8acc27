//! What a request may read, as the gate before it found.

use super::problem::Problem;
use crate::{ingest::SiteId, store::sqlite::Sites};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use std::sync::Arc;

/// The sites that whoever asks may read about; to them there are no others. The gate puts it into the request.
#[derive(Clone, Debug)]
pub(super) struct Readable {
    sites: Arc<Sites>,
    /// Whether they are all there are, and the server's own figures may be read too.
    pub(super) is_operator: bool,
}

impl Readable {
    /// By operators.
    pub(super) fn all(sites: Arc<Sites>) -> Self {
        Self { sites, is_operator: true }
    }

    /// By those who know a token of one site.
    pub(super) fn only(sites: &Sites, id: SiteId) -> Self {
        Self { sites: Arc::new(sites.only(id)), is_operator: false }
    }

    pub(super) fn sites(&self) -> &Sites {
        &self.sites
    }

    /// The site of that name.
    pub(super) fn site_id(&self, name: &str) -> Result<SiteId, Problem> {
        self.sites.get(name).map(|site| site.id).ok_or_else(|| {
            let detail = if self.is_operator {
                "there is no such site; `rhumb site list` shows those there are"
            } else {
                "there is no such site for this token; `GET /v1/sites` shows which it reads"
            };
            Problem::new(StatusCode::NOT_FOUND, "unknown_site", detail).about("site")
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Readable {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!(path = parts.uri.path(), "a route for readers has no gate");
            let detail = "this is a fault of the server, which its log tells of";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
        })
    }
}
