//! Two releases, or two periods, side by side.

use super::Viewed;
use crate::{
    dashboard::{self, CompareParts},
    http::problem::Problem,
    report::{CompareQuestion, asked, newest, predecessor},
    roll_up::Facet,
    store::sqlite::Sightings,
};
use axum::response::Response;
use url::form_urlencoded::Serializer;

/// Releases to choose from: the newest.
const RELEASES_MAX: usize = 50;
/// Between the ends of a period.
const RANGE: &str = "..";

/// `GET /compare`: `?baseline=1.4.1&candidate=1.4.2`, or two periods. Without them, the newest release and
/// the one before it, or the period and the one before it.
pub(in crate::http) async fn compare(mut viewed: Viewed) -> Result<Response, Problem> {
    let filters = &mut viewed.context.scope.filters;
    *filters = filters.clone().without(Facet::Release);
    let named = viewed.own.take("baseline").zip(viewed.own.take("candidate"));
    let tag =
        viewed.tag(&("compare", format!("{named:?} {:?} {:?}", viewed.question, viewed.context)));
    let page = async {
        let parts = parts(&viewed, named).await?;
        Ok(dashboard::compare_page(&parts, &viewed.context))
    };
    viewed.page(tag, page).await
}

async fn parts(viewed: &Viewed, named: Option<(String, String)>) -> Result<CompareParts, Problem> {
    let (reader, site, period) = (viewed.app.reader(), viewed.site(), viewed.question.period);
    let seen = reader.releases(site.0, (period.from, period.to), viewed.now).await?;
    let periods = periods(viewed);
    let sides = named.or_else(|| releases(&seen)).or_else(|| periods.clone());
    let compared = match &sides {
        Some(sides) => Some(asked::compared(reader, site, &question(viewed, sides)?).await?),
        None => None,
    };
    let mut releases = seen.into_iter().collect::<Vec<_>>();
    releases.sort_by(|(_, a), (_, b)| b.first().cmp(&a.first()));
    let (baseline, candidate) = sides.unwrap_or_default();
    Ok(CompareParts {
        compared,
        releases: releases.into_iter().map(|(name, _)| name).take(RELEASES_MAX).collect(),
        sides: [baseline, candidate],
        periods: periods.map(|sides| viewed.context.scope.compared(&sides)),
    })
}

/// The newest release and the one before it.
fn releases(seen: &Sightings) -> Option<(String, String)> {
    let candidate = newest(seen)?;
    Some((predecessor(seen, candidate)?.to_owned(), candidate.to_owned()))
}

/// The period and the one before it.
fn periods(viewed: &Viewed) -> Option<(String, String)> {
    let period = viewed.question.period;
    let before = period.previous(viewed.now)?;
    let range = |from, to| format!("{from}{RANGE}{to}");
    Some((range(before.from, before.to), range(period.from, period.to)))
}

/// Periods stand for themselves; releases are compared in the period that is shown.
fn question(
    viewed: &Viewed,
    (baseline, candidate): &(String, String),
) -> Result<CompareQuestion, Problem> {
    let own =
        [("metric", "lcp"), ("baseline", baseline.as_str()), ("candidate", candidate.as_str())];
    let query = if baseline.contains(RANGE) {
        let filters = viewed.context.scope.filters.given();
        Serializer::new(String::new()).extend_pairs(filters).extend_pairs(own).finish()
    } else {
        viewed.asks(&own)
    };
    Ok(CompareQuestion::parse(&query, viewed.now)?)
}
