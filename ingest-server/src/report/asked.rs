//! Questions whose answers are read in the same way for the query API, the dashboard and the terminal.

use super::{
    AttributionQuestion, AttributionReport, Breakdown, BreakdownQuestion, Opportunities,
    OpportunitiesQuestion, Previous, Question, RendersQuestion, RendersReport, Sampled, Summary,
    attribution::{Candidates, Groups, explain},
    opportunities::{OpportunityCandidates, Recount, opportunities},
    renders::{Components, renders},
    summarize,
};
use crate::{
    ingest::SiteId,
    store::sqlite::{ReadError, Reader, Rendered},
};
use jiff::Timestamp;
use std::num::NonZeroU32;

/// The summary of a site, compared with the period before.
///
/// # Errors
/// See [`ReadError`].
pub async fn summary(
    reader: &Reader,
    (id, site): (SiteId, &str),
    question: Question,
    now: Timestamp,
) -> Result<Summary, ReadError> {
    let selection = question.selection(id);
    let Question { period, filters } = question;
    let Some(previous) = period.previous(now) else {
        return Ok(summarize(site, period, filters, reader.measured(selection).await?));
    };
    let (now, before) = reader.measured_with_previous(selection, previous.from).await?;
    let compared = before.map(|before| Previous::compare(before, &now));
    let summary = summarize(site, period, filters, now);
    Ok(match compared {
        Some(compared) => summary.with_previous(previous, compared),
        None => summary,
    })
}

/// One metric of a site by what page views are alike in.
///
/// # Errors
/// See [`ReadError`].
pub async fn breakdown(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: BreakdownQuestion,
) -> Result<Breakdown, ReadError> {
    let groups = reader.by_value(asked.question.selection(id), asked.by, asked.metric).await?;
    Ok(asked.answer(site.to_owned(), groups))
}

/// What is behind the values of a metric on a site, told by so many page views at most.
///
/// # Errors
/// See [`ReadError`].
pub async fn attribution(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: AttributionQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<AttributionReport, ReadError> {
    let selection = asked.question.selection(id);
    let sample = reader.sample(selection.clone(), Some(asked.metric), rows_max).await?;
    let (candidates, add) = (Candidates::of(&asked), Candidates::add);
    let (candidates, _) = reader.explained(selection.clone(), sample, candidates, add, now).await?;
    let (groups, add) = (candidates.into_groups(), Groups::add);
    let (groups, kept_from) = reader.explained(selection, sample, groups, add, now).await?;
    Ok(explain(site, asked, groups, Sampled::of(sample), kept_from))
}

/// What to fix first on a site, told by so many page views at most.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_to_fix(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: OpportunitiesQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<Opportunities, ReadError> {
    let selection = asked.question.selection(id);
    let sample = reader.sample(selection.clone(), None, rows_max).await?;
    let candidates = OpportunityCandidates::new(asked.limit);
    let add = OpportunityCandidates::add;
    let (candidates, _) = reader.explained(selection.clone(), sample, candidates, add, now).await?;
    let (recount, add) = (candidates.into_recount(), Recount::add);
    let (recount, kept_from) = reader.explained(selection, sample, recount, add, now).await?;
    Ok(opportunities(site, asked, recount, Sampled::of(sample), kept_from))
}

/// Which components of a site render, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn which_render(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RendersQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<RendersReport, ReadError> {
    let selection = asked.question.selection(id);
    let (told, add) = (Components::default(), Components::add);
    let rendered = reader.renders(selection, told, add, rows_max, now).await?;
    let Rendered { told, sample, kept_from } = rendered;
    Ok(renders(site, asked, told, Sampled::of(sample), kept_from))
}
