//! Where the time of scripts goes, and its picture.

use super::{View, Viewed, one_of, unless_known};
use crate::{
    dashboard::{self, PageContext},
    http::{
        answer::{self, fresh, unchanged},
        app::App,
        etag,
        extract::Query,
        problem::Problem,
    },
    ingest::SiteId,
    report::{Interactions, ProfilesQuestion, ProfilesReport, Question, asked},
    store::sqlite::TOLD_MAX,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;

/// Which samples are looked at: `?interactions=slow&target=button`.
#[derive(Debug, Deserialize)]
pub(in crate::http) struct Samples {
    interactions: Option<String>,
    target: Option<String>,
}

impl Samples {
    fn of(self, question: Question) -> Result<ProfilesQuestion, Problem> {
        let Self { interactions, target } = self;
        let interactions = interactions.as_deref().map_or(Ok(Interactions::default()), |word| {
            one_of("interactions", word, &Interactions::EVERY, Interactions::as_str)
        })?;
        Ok(ProfilesQuestion::of(question, interactions, target.filter(|it| !it.is_empty())))
    }
}

/// A question about profiles, and the tag of its answer.
struct Profiled {
    site: (SiteId, String),
    question: ProfilesQuestion,
    now: Timestamp,
    context: PageContext,
    tag: String,
}

impl Profiled {
    async fn new(
        app: &App,
        view: View,
        samples: Samples,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let Viewed { site, question, now, context } = Viewed::new(app, view, headers)?;
        let question = samples.of(question)?;
        let source_maps = app.reader().source_maps_version(site.0).await?;
        let tag = answer::tag(app, &(&site.1, "profiles", source_maps, format!("{question:?}")));
        Ok(Self { site, question, now, context, tag })
    }

    async fn answer(&self, app: &App) -> Result<ProfilesReport, Problem> {
        let of = (self.site.0, &*self.site.1);
        let question = self.question.clone();
        Ok(asked::what_runs(app.reader(), of, question, TOLD_MAX, self.now).await?)
    }
}

/// `GET /profiles`
pub(in crate::http) async fn profiles(
    State(app): State<App>,
    Query(view): Query<View>,
    Query(samples): Query<Samples>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Profiled::new(&app, view, samples, &headers).await?;
    let page = async {
        let report = Arc::new(asked.answer(&app).await?);
        let kept = app.profiles().keep(&asked.tag, &report);
        Ok(dashboard::profiles_page(&report, &asked.context, kept))
    };
    unless_known(&headers, asked.tag.clone(), page).await
}

/// What the picture may have: its own style, and nothing else.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The answer that a page has shown: `?answer=77ab…`.
#[derive(Debug, Deserialize)]
pub(in crate::http) struct Shown {
    answer: Option<String>,
}

/// `GET /profiles.svg`
pub(in crate::http) async fn flame_graph(
    State(app): State<App>,
    Query(view): Query<View>,
    Query(samples): Query<Samples>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shown = shown.answer.and_then(|answer| app.profiles().get(&answer));
    let (report, tag) = if let Some((tag, report)) = shown {
        (report, tag)
    } else {
        let asked = Profiled::new(&app, view, samples, &headers).await?;
        (Arc::new(asked.answer(&app).await?), asked.tag)
    };
    let tag = etag::of(&("flame graph", tag));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let picture = dashboard::flame_graph(&report).map_err(|error| {
        tracing::error!(%error, "cannot draw a flame graph");
        Problem::new(StatusCode::NOT_FOUND, "no_profiles", "there is nothing to draw")
    })?;
    let about = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY),
    ];
    Ok((fresh(tag), about, picture).into_response())
}
