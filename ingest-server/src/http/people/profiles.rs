//! Where the time of scripts goes, and its picture.

use super::Viewed;
use crate::{
    dashboard,
    http::{
        answer::{fresh, unchanged},
        etag,
        problem::Problem,
    },
    report::{ProfilesQuestion, ProfilesReport, asked},
    store::sqlite::TOLD_MAX,
};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// A question about profiles, and the tag of its answer.
struct Profiled {
    viewed: Viewed,
    question: ProfilesQuestion,
    tag: String,
}

impl Profiled {
    /// `?interactions=slow&target=button` looks at the samples of these only.
    async fn new(mut viewed: Viewed) -> Result<Self, Problem> {
        let (interactions, target) = ProfilesQuestion::take_samples(&mut viewed.own)?;
        let question = ProfilesQuestion::of(viewed.question.clone(), interactions, target);
        let source_maps = viewed.app.reader().source_maps_version(viewed.id).await?;
        let tag = viewed.tag(&("profiles", source_maps, format!("{question:?}")));
        Ok(Self { viewed, question, tag })
    }

    async fn answer(&self) -> Result<ProfilesReport, Problem> {
        let Viewed { app, now, .. } = &self.viewed;
        let (site, question) = (self.viewed.site(), self.question.clone());
        Ok(asked::what_runs(app.reader(), site, question, TOLD_MAX, *now).await?)
    }
}

/// `GET /profiles`
pub(in crate::http) async fn profiles(viewed: Viewed) -> Result<Response, Problem> {
    let asked = Profiled::new(viewed).await?;
    let page = async {
        let report = Arc::new(asked.answer().await?);
        let kept = asked.viewed.app.profiles().keep(&asked.tag, &report);
        Ok(dashboard::profiles_page(&report, &asked.viewed.context, kept))
    };
    asked.viewed.page(asked.tag.clone(), page).await
}

/// What the picture may have: its own style, and nothing else.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// `GET /profiles.svg`: `?answer=77ab…` is the one that a page has shown.
pub(in crate::http) async fn flame_graph(mut viewed: Viewed) -> Result<Response, Problem> {
    let headers = viewed.headers.clone();
    let shown = viewed.own.take("answer").and_then(|answer| viewed.app.profiles().get(&answer));
    let (report, tag) = if let Some((tag, report)) = shown {
        (report, tag)
    } else {
        let asked = Profiled::new(viewed).await?;
        (Arc::new(asked.answer().await?), asked.tag)
    };
    let tag = etag::of(&("flame graph", tag));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let nothing = || Problem::new(StatusCode::NOT_FOUND, "no_profiles", "there is nothing to draw");
    if report.stacks.is_empty() {
        return Err(nothing());
    }
    let picture = dashboard::flame_graph(&report).map_err(|error| {
        tracing::error!(%error, "cannot draw a flame graph");
        nothing()
    })?;
    let about = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY),
    ];
    Ok((fresh(tag), about, picture).into_response())
}
