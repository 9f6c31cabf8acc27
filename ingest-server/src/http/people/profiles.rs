//! Where the time of scripts goes, and its picture.

use super::Viewed;
use crate::{
    dashboard::{self, FrameKey},
    http::{
        answer::{fresh, unchanged},
        etag,
        problem::Problem,
    },
    report::{ProfilesQuestion, ProfilesReport, QuestionError, asked},
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

/// `GET /profiles`: `?frame=77ab…` shows a frame at full width, `?find=apply` those that are called so.
pub(in crate::http) async fn profiles(mut viewed: Viewed) -> Result<Response, Problem> {
    let chosen = viewed.own.take_as("frame", frame)?;
    let find = viewed.find()?;
    let asked = Profiled::new(viewed).await?;
    let app = &asked.viewed.app;
    let page = async {
        // Whoever chooses a frame has just seen the others.
        let report = match app.profiles().last(&asked.tag) {
            Some(report) => report,
            None => Arc::new(asked.answer().await?),
        };
        let kept = app.profiles().keep(&asked.tag, &report);
        Ok(dashboard::profiles_page(&report, &asked.viewed.context, kept, (chosen, find.as_ref())))
    };
    let is_part = chosen.is_some() || find.is_some();
    let tag = is_part.then(|| etag::of(&(&asked.tag, chosen, &find)));
    asked.viewed.page(tag.unwrap_or_else(|| asked.tag.clone()), page).await
}

fn frame(name: &str, value: &str) -> Result<FrameKey, QuestionError> {
    let detail = || format!("{name} is none of a profile; that is 16 hexadecimal digits");
    FrameKey::from_word(value)
        .ok_or_else(|| QuestionError { parameter: name.to_owned(), detail: detail() })
}

/// What the picture may have: its own style, and nothing else.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// `GET /profiles.svg`: `?answer=77ab…` is the one that a page has shown.
pub(in crate::http) async fn flame_graph(mut viewed: Viewed) -> Result<Response, Problem> {
    let headers = viewed.headers.clone();
    let shown = viewed.own.take("answer").and_then(|answer| viewed.app.profiles().get(&answer));
    // Whoever knows the tag of an answer need not be one who may read about its site.
    let shown = shown.filter(|(_, report)| report.site == viewed.context.scope.site);
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
