//! For people: the dashboard, and what its pages are made of.

mod alerts;
mod compare;
mod opportunities;
mod overview;
mod page_views;
mod profiles;
mod ranked;
mod routes;
mod server;
mod settings;
mod two_parts;
mod vitals;

use self::two_parts::{in_two_parts, sent};

pub(crate) use self::overview::warm;
pub(super) use self::{
    alerts::alerts,
    compare::compare,
    opportunities::opportunities,
    overview::overview,
    page_views::{page_view, page_views},
    profiles::{flame_graph, profiles},
    ranked::{errors, long_frames, measures, memory, renders, requests, resources},
    routes::routes,
    server::server,
    settings::settings,
    vitals::vitals,
};

use super::{
    answer::{self, fresh, is_known, unchanged},
    app::App,
    embedded::{self, Assets, Caching},
    extract::Path,
    first_fixes,
    kept_answers::{self, Rendered},
    problem::Problem,
    readable::Readable,
};
use crate::{
    dashboard::{self, FIND_BYTES_MAX, Find, PageContext, ReportPeriod, Scope},
    ingest::SiteId,
    report::{Parameters, Question, QuestionError, filters, text, time_zone},
    roll_up::Facet,
    telemetry::Asked,
};
use axum::{
    body::Body,
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use std::hash::Hash;

/// What pages take besides filters. What else is there is passed over, and may be there twice: links are passed on
/// with more, such as what tells where a reader came from.
const PARAMETERS: [&str; 15] = [
    "site",
    "period",
    "tz",
    "by",
    "sort",
    "metric",
    "cursor",
    "baseline",
    "candidate",
    "interactions",
    "target",
    "answer",
    "frame",
    "within",
    "find",
];

fn is_known_to_pages(name: &str) -> bool {
    PARAMETERS.contains(&name) || Facet::ALL.iter().any(|facet| facet.as_str() == name)
}

/// A page that is asked for about a site: `?site=shop&period=7d&route=/search`.
pub(super) struct Viewed {
    app: App,
    id: SiteId,
    /// Which page views.
    question: Question,
    /// What is left of the query string.
    own: Parameters,
    now: Timestamp,
    context: PageContext,
    headers: HeaderMap,
    /// Method and route, to measure the rest of a page.
    asked: Asked,
}

impl FromRequestParts<App> for Viewed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let mut own = Parameters::parse_known(query, is_known_to_pages)?;
        let readable = Readable::from_request_parts(parts, app).await?;
        let (site, sites) = chosen(&readable, own.take("site"))?;
        let (id, now) = (readable.site_id(&site)?, Timestamp::now());
        let period = own.one_of("period", &ReportPeriod::ALL, ReportPeriod::as_str)?;
        let period = period.unwrap_or_default();
        let (filters, zone) = (filters(&mut own)?, time_zone(&mut own)?);
        let question =
            Question { filters: filters.clone(), ..Question::last_hours(period.hours(), now) };
        let scope = Scope { site, period, filters, zone };
        let is_operator = readable.is_operator;
        let context = PageContext { sites, is_operator, scope, origin: origin(&parts.headers) };
        Ok(Self {
            app: app.clone(),
            id,
            question,
            own,
            now,
            context,
            headers: parts.headers.clone(),
            asked: Asked::of(&parts.method, &parts.extensions),
        })
    }
}

impl Viewed {
    /// Whose page views they are.
    fn site(&self) -> (SiteId, &str) {
        (self.id, &self.context.scope.site)
    }

    /// The query string of a question of the query API about the same page views, with what is its own.
    fn asks(&self, own: &[(&str, &str)]) -> String {
        self.context.scope.query_of(self.question.period, own)
    }

    /// The tag of a page that answers a question, in any words that tell it from others.
    fn tag(&self, question: &impl Hash) -> String {
        let PageContext { sites, is_operator, scope, .. } = &self.context;
        answer::tag(&self.app, &(sites, is_operator, format!("{scope:?}"), question))
    }

    /// What is looked for in a picture; an empty field of its form is nothing.
    fn find(&mut self) -> Result<Option<Find>, QuestionError> {
        let written = self.own.take("find").filter(|written| !written.is_empty());
        let written = written.map(|it| text::<FIND_BYTES_MAX>("find", &it)).transpose()?;
        Ok(written.map(Find::new))
    }

    /// What to fix first, of the same page views.
    fn first_fixes(&self) -> first_fixes::Asked {
        first_fixes::Asked {
            site: (self.id, self.context.scope.site.clone()),
            period: self.context.scope.period,
            question: self.question.clone(),
            version: self.app.data_version(),
        }
    }

    /// The page with that tag, unless whoever asks has it.
    fn page(
        &self,
        tag: String,
        page: impl Future<Output = Result<String, Problem>>,
    ) -> impl Future<Output = Result<Response, Problem>> {
        // Too large to be copied from one who waits to the next.
        let page = Box::pin(page);
        async move {
            if is_known(&self.app, &self.headers, &tag) {
                return Ok(unchanged(tag));
            }
            let rendered = kept(&self.app, &self.words("page", &tag), page).await?;
            Ok((fresh(tag), rendered).into_response())
        }
    }

    /// What a page with that tag, or a part of it, is kept under. It may say where it was asked for, which its tag need not.
    fn words(&self, part: &str, tag: &str) -> String {
        format!("{part} {tag} {}", self.context.origin)
    }
}

async fn kept(
    app: &App,
    words: &str,
    page: impl Future<Output = Result<String, Problem>>,
) -> Result<Rendered, Problem> {
    let render = async { Ok(Rendered::html(page.await?)) };
    kept_answers::answer(app, words, render).await
}

/// The site that is asked for, or the first one; and the names of all.
fn chosen(readable: &Readable, site: Option<String>) -> Result<(String, Vec<String>), Problem> {
    let names = readable.sites().iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    let site = site.or_else(|| names.first().cloned()).ok_or_else(|| {
        let detail = "there is no site; `rhumb site add NAME` creates one";
        Problem::new(StatusCode::NOT_FOUND, "unknown_site", detail)
    })?;
    Ok((site, names))
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
