//! For people: the dashboard, and what its pages are made of.

use super::{
    answer::{self, fresh, site_id, unchanged},
    api,
    app::App,
    embedded::{self, Assets, Caching},
    etag,
    extract::{Path, Query},
    first_fixes,
    problem::Problem,
};
use crate::{
    dashboard::{self, PageContext, ReportPeriod},
    ingest::SiteId,
    report::{
        Interactions, ListQuestion, Period, ProfilesQuestion, ProfilesReport, Question,
        RANKED_DEFAULT, RankedQuestion, ResourcesQuestion, asked,
    },
    store::sqlite::TOLD_MAX,
    telemetry::ServerState,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;

/// What the dashboard is asked for: `?site=shop&period=7d`.
#[derive(Debug, Deserialize)]
pub(super) struct View {
    site: Option<String>,
    period: Option<String>,
}

/// What a view is of.
struct Viewed {
    site: (SiteId, String),
    question: Question,
    now: Timestamp,
    context: PageContext,
}

impl Viewed {
    fn new(app: &App, view: View, headers: &HeaderMap) -> Result<Self, Problem> {
        let (site, sites) = chosen(app, view.site)?;
        let (id, now) = (site_id(app, &site)?, Timestamp::now());
        let period = view.period.as_deref().map_or(Ok(ReportPeriod::default()), period)?;
        let question = Question::last_hours(period.hours(), now);
        let context = PageContext { sites, period, origin: origin(headers) };
        Ok(Self { site: (id, site), question, now, context })
    }
}

/// `GET /`
pub(super) async fn dashboard(
    State(app): State<App>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site, question, now, context } = Viewed::new(&app, view, &headers)?;
    let tag = answer::tag(&app, &(&site.1, format!("{question:?}"), &context.origin));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let fixes = first_fixes::Asked {
        site: site.clone(),
        period: context.period,
        question: question.clone(),
        version: app.data_version(),
    };
    let (summary, (fixes, is_current)) = tokio::join!(
        asked::summary(app.reader(), (site.0, &site.1), question, now),
        first_fixes::ask(&app, &fixes),
    );
    let page = Html(dashboard::page(&summary?, &fixes, &context));
    // Without a tag it is asked for again, until all of it is of this moment.
    let passing = [(header::CACHE_CONTROL, "private, no-store")];
    Ok(if is_current {
        (fresh(tag), page).into_response()
    } else {
        (passing, page).into_response()
    })
}

fn period(word: &str) -> Result<ReportPeriod, Problem> {
    one_of("period", word, &ReportPeriod::ALL, ReportPeriod::as_str)
}

fn one_of<T: Copy>(
    parameter: &str,
    word: &str,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
) -> Result<T, Problem> {
    all.iter().copied().find(|it| as_str(*it) == word).ok_or_else(|| {
        let words = all.iter().map(|it| as_str(*it)).collect::<Vec<_>>().join(", ");
        let detail = format!("{parameter} is none of {words}");
        Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail).about(parameter)
    })
}

/// The site that is asked for, or the first one; and the names of all.
fn chosen(app: &App, site: Option<String>) -> Result<(String, Vec<String>), Problem> {
    let names = app.sites().iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    let site = site.or_else(|| names.first().cloned()).ok_or_else(|| {
        let detail = "there is no site; `rhumb site add NAME` creates one";
        Problem::new(StatusCode::NOT_FOUND, "unknown_site", detail)
    })?;
    Ok((site, names))
}

/// A page about what matters most, of a question that is told apart by its name.
macro_rules! ranked_page {
    ($(#[$doc:meta])* $name:ident, $asked:ident, $page:ident) => {
        $(#[$doc])*
        pub(super) async fn $name(
            State(app): State<App>,
            Query(view): Query<View>,
            headers: HeaderMap,
        ) -> Result<Response, Problem> {
            let Viewed { site: (id, site), question, now, context } =
                Viewed::new(&app, view, &headers)?;
            let question = RankedQuestion { question, limit: RANKED_DEFAULT };
            let tag = answer::tag(&app, &(&site, stringify!($name), format!("{question:?}")));
            if etag::matches(&headers, &tag) {
                return Ok(unchanged(tag));
            }
            let report = asked::$asked(app.reader(), (id, &site), question, TOLD_MAX, now);
            Ok((fresh(tag), Html(dashboard::$page(&report.await?, &context))).into_response())
        }
    };
}

ranked_page! {
    /// `GET /long-frames`
    long_frames, what_blocks, long_frames_page
}
ranked_page! {
    /// `GET /requests`
    requests, what_is_asked_for, requests_page
}
ranked_page! {
    /// `GET /renders`
    renders, which_render, renders_page
}
ranked_page! {
    /// `GET /measures`
    measures, what_was_timed, measures_page
}
ranked_page! {
    /// `GET /memory`
    memory, what_is_kept, memory_page
}
/// `GET /errors`
pub(super) async fn errors(
    State(app): State<App>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site: (id, site), question, now, context } = Viewed::new(&app, view, &headers)?;
    let question = RankedQuestion { question, limit: RANKED_DEFAULT };
    let source_maps = app.reader().source_maps_version(id).await?;
    let tag = answer::tag(&app, &(&site, "errors", source_maps, format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let report = asked::what_fails(app.reader(), (id, &site), question, TOLD_MAX, now);
    Ok((fresh(tag), Html(dashboard::errors_page(&report.await?, &context))).into_response())
}

/// Which samples are looked at: `?interactions=slow&target=button`.
#[derive(Debug, Deserialize)]
pub(super) struct Samples {
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
pub(super) async fn profiles(
    State(app): State<App>,
    Query(view): Query<View>,
    Query(samples): Query<Samples>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Profiled::new(&app, view, samples, &headers).await?;
    if etag::matches(&headers, &asked.tag) {
        return Ok(unchanged(asked.tag));
    }
    let report = Arc::new(asked.answer(&app).await?);
    let kept = app.profiles().keep(&asked.tag, &report);
    let page = dashboard::profiles_page(&report, &asked.context, kept);
    Ok((fresh(asked.tag), Html(page)).into_response())
}

/// What the picture may have: its own style, and nothing else.
const PICTURE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The answer that a page has shown: `?answer=77ab…`.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    answer: Option<String>,
}

/// `GET /profiles.svg`
pub(super) async fn flame_graph(
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

/// `GET /resources`
pub(super) async fn resources(
    State(app): State<App>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site: (id, site), question, now, context } = Viewed::new(&app, view, &headers)?;
    // Of all files, for the picture of scripts.
    let question = ResourcesQuestion { question, kind: None, limit: usize::MAX };
    let tag = answer::tag(&app, &(&site, "resources", format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let report = asked::what_is_loaded(app.reader(), (id, &site), question, TOLD_MAX, now);
    Ok((fresh(tag), Html(dashboard::resources_page(report.await?, &context))).into_response())
}

/// `GET /page-views/{id}`
pub(super) async fn page_view(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(view): Query<View>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site: (site, name), context, .. } = Viewed::new(&app, view, &headers)?;
    let key = api::page_view::key(site, &id)?;
    let tag = answer::tag(&app, &(&name, "page view", format!("{key:?}"), context.period.as_str()));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let page_view = api::page_view::find(&app, (site, &name), key).await?;
    Ok((fresh(tag), Html(dashboard::page_view_page(&page_view, &context))).into_response())
}

/// Rows of a page of page views.
const PAGE_VIEWS_SHOWN: &str = "50";

/// Which page views are looked at: `?metric=inp&route=/search`.
#[derive(Debug, Deserialize)]
pub(super) struct Listing {
    metric: Option<String>,
    route: Option<String>,
    cursor: Option<String>,
}

impl Listing {
    fn of(self, site: &str, period: Period, now: Timestamp) -> Result<ListQuestion, Problem> {
        let Self { metric, route, cursor } = self;
        let limit = Some(PAGE_VIEWS_SHOWN.to_owned());
        let asked = [("metric", metric), ("route", route), ("cursor", cursor), ("limit", limit)];
        let asked = asked.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Ok(ListQuestion::of_page(&asked.collect(), site, period, now)?)
    }
}

/// `GET /page-views`
pub(super) async fn page_views(
    State(app): State<App>,
    Query(view): Query<View>,
    Query(listing): Query<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Viewed { site: (id, site), question, now, context } = Viewed::new(&app, view, &headers)?;
    let question = listing.of(&site, question.period, now)?;
    let tag = answer::tag(&app, &(&site, "page views", format!("{question:?}")));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    let report = asked::page_views(app.reader(), (id, &site), question, now);
    Ok((fresh(tag), Html(dashboard::page_views_page(&report.await?, &context))).into_response())
}

/// What the page of alerts is asked for: `?site=shop`.
#[derive(Debug, Deserialize)]
pub(super) struct AlertsView {
    site: Option<String>,
}

/// `GET /alerts`
pub(super) async fn alerts(
    State(app): State<App>,
    Query(view): Query<AlertsView>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (site, names) = chosen(&app, view.site)?;
    let answer = api::alerts::ask(&app, &site).await?;
    let tag = etag::of(&(api::alerts::tag(&answer), &names));
    if etag::matches(&headers, &tag) {
        return Ok(unchanged(tag));
    }
    Ok((fresh(tag), Html(dashboard::alerts_page(&answer, &names))).into_response())
}

/// `GET /server`
pub(super) async fn server(State(app): State<App>) -> impl IntoResponse {
    let page = dashboard::server_page(&ServerState::of(&app));
    ([(header::CACHE_CONTROL, "private, no-store")], Html(page))
}

/// Turns a problem into a page, for whoever asks for pages.
pub(super) async fn problems_as_pages(request: Request, next: Next) -> Response {
    let accepted = request.headers().get_all(header::ACCEPT).into_iter();
    let wants_page = accepted
        .filter_map(|accepted| accepted.to_str().ok())
        .any(|accepted| accepted.contains("text/html"));
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>()
        && wants_page
    {
        let status = problem.status.as_u16();
        let page = dashboard::error_page(status, problem.title(), &problem.detail);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, html);
        *response.body_mut() = Body::from(page);
    }
    response
}

/// The address under which the reader reached the server, for the snippet to copy.
fn origin(headers: &HeaderMap) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = header("x-forwarded-host").or(header("host")).unwrap_or("localhost:8787");
    let scheme = header("x-forwarded-proto").unwrap_or("http");
    format!("{scheme}://{host}")
}

/// `GET /assets/…`: what the pages are made of; public, as it says nothing of anybody.
pub(super) async fn asset(
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    embedded::serve::<Assets>(&path, Caching::Revalidate, &headers).await
}
