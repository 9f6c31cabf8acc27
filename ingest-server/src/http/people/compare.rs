//! Two releases, or two periods, side by side.

use super::Viewed;
use crate::{
    dashboard::{self, CompareParts, Scope},
    http::problem::Problem,
    report::{CompareQuestion, RANGE, asked, newest, predecessor},
    roll_up::Facet,
    store::sqlite::Sightings,
};
use axum::response::Response;
use url::form_urlencoded::Serializer;

/// Releases to choose from: the newest.
const RELEASES_MAX: usize = 50;

/// `GET /compare`: `?baseline=1.4.1&candidate=1.4.2`, or two periods. Without them, the newest release and
/// the one before it, or the period and the one before it.
pub(in crate::http) async fn compare(mut viewed: Viewed) -> Result<Response, Problem> {
    let is_named = ["baseline", "candidate"].iter().any(|name| viewed.own.has(name));
    let named = is_named.then(|| CompareQuestion::take_sides(&mut viewed.own)).transpose()?;
    let tag = viewed.tag(&("compare", format!("{named:?} {:?}", viewed.question)));
    let page = async {
        let parts = parts(&viewed, named).await?;
        Ok(dashboard::compare_page(&parts, &viewed.context))
    };
    viewed.page(tag, page).await
}

async fn parts(viewed: &Viewed, named: Option<[String; 2]>) -> Result<CompareParts, Problem> {
    let (reader, site, period) = (viewed.app.reader(), viewed.site(), viewed.question.period);
    let mut seen = reader.releases(site.0, (period.from, period.to), viewed.now).await?;
    // Such a name is read as a period.
    seen.retain(|release, _| !release.contains(RANGE));
    let periods = periods(viewed);
    let newest = releases(&seen);
    let named_releases = named.clone().filter(|[baseline, _]| !baseline.contains(RANGE));
    let sides = named.or_else(|| newest.clone()).or_else(|| periods.clone());
    let compared = match &sides {
        Some(sides) => Some(asked::compared(reader, site, &question(viewed, sides)?).await?),
        None => None,
    };
    let mut releases = seen.into_iter().collect::<Vec<_>>();
    releases.sort_by(|(_, a), (_, b)| b.first().cmp(&a.first()));
    let mut releases =
        releases.into_iter().map(|(name, _)| name).take(RELEASES_MAX).collect::<Vec<_>>();
    let chosen = sides.filter(|[baseline, _]| !baseline.contains(RANGE)).or(newest);
    // Those that are asked for may have had no page views in this period.
    let unseen = chosen.iter().flatten().filter(|it| !releases.contains(it)).cloned();
    releases.extend(unseen.collect::<Vec<_>>());
    Ok(CompareParts {
        compared,
        releases,
        chosen,
        named: named_releases,
        is_any_release: viewed.context.scope.filters.release.is_some(),
        periods: periods.map(|sides| viewed.context.scope.compared(&sides)),
    })
}

/// The newest release and the one before it.
fn releases(seen: &Sightings) -> Option<[String; 2]> {
    let candidate = newest(seen)?;
    Some([predecessor(seen, candidate)?.to_owned(), candidate.to_owned()])
}

/// The period and the one before it.
fn periods(viewed: &Viewed) -> Option<[String; 2]> {
    let period = viewed.question.period;
    let before = period.previous(viewed.now)?;
    let range = |from, to| format!("{from}{RANGE}{to}");
    Some([range(before.from, before.to), range(period.from, period.to)])
}

/// Periods stand for themselves; releases are compared in the period that is shown.
fn question(
    viewed: &Viewed,
    [baseline, candidate]: &[String; 2],
) -> Result<CompareQuestion, Problem> {
    let own =
        [("metric", "lcp"), ("baseline", baseline.as_str()), ("candidate", candidate.as_str())];
    let filters = viewed.context.scope.filters.clone().without(Facet::Release);
    let query = if baseline.contains(RANGE) {
        Serializer::new(String::new()).extend_pairs(filters.given()).extend_pairs(own).finish()
    } else {
        let scope = Scope { filters, ..viewed.context.scope.clone() };
        scope.query_of(viewed.question.period, &own)
    };
    Ok(CompareQuestion::parse(&query, viewed.now)?)
}
