//! How a site is set up.

use super::Viewed;
use crate::{
    dashboard::{self, Settings},
    http::{etag, problem::Problem},
    ingest::SiteId,
    store::sqlite::{TokenFacts, Tokens},
};
use axum::response::Response;

/// Those that read a site.
fn tokens(all: &Tokens, site: SiteId) -> Vec<TokenFacts> {
    all.by_age().into_iter().filter(|it| it.site == site).cloned().collect()
}

/// `GET /settings`
pub(in crate::http) async fn settings(viewed: Viewed) -> Result<Response, Problem> {
    let Viewed { app, context, .. } = &viewed;
    let sites = app.sites();
    let settings = Settings {
        origins: sites.get(&context.scope.site).map(|it| it.origins.clone()).unwrap_or_default(),
        retention: app.reader().retention(),
        has_token: app.access().has_token(),
        tokens: context.is_operator.then(|| tokens(sites.tokens(), viewed.id)),
    };
    let tag = etag::of(&format!("settings {settings:?} {context:?}"));
    viewed.page(tag, async { Ok(dashboard::settings_page(&settings, context)) }).await
}
