//! Questions whose answers are read in the same way for the query API, the dashboard and the terminal.

use super::{
    Components, Opportunities, OpportunitiesQuestion, OpportunityCandidates, Previous, Question,
    Recount, RendersQuestion, RendersReport, Sampled, Summary, opportunities, renders, summarize,
};
use crate::{
    ingest::SiteId,
    store::sqlite::{EXPLAINED_MAX, ReadError, Reader},
};
use jiff::Timestamp;

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
    let compared = before.map(|before| Previous::compare(&before, &now));
    let summary = summarize(site, period, filters, now);
    Ok(match compared {
        Some(compared) => summary.with_previous(previous, compared),
        None => summary,
    })
}

/// What to fix first on a site.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_to_fix(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: OpportunitiesQuestion,
    now: Timestamp,
) -> Result<Opportunities, ReadError> {
    let selection = asked.question.selection(id);
    let candidates = OpportunityCandidates::new(asked.limit);
    let add = OpportunityCandidates::add;
    let sample = reader.sample(selection.clone(), None, EXPLAINED_MAX).await?;
    let (candidates, _) = reader.explained(selection.clone(), sample, candidates, add, now).await?;
    let recount = candidates.into_recount();
    let (recount, kept_from) =
        reader.explained(selection, sample, recount, Recount::add, now).await?;
    Ok(opportunities(site, asked, recount, Sampled::of(sample), kept_from))
}

/// Which components of a site render.
///
/// # Errors
/// See [`ReadError`].
pub async fn which_render(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RendersQuestion,
    now: Timestamp,
) -> Result<RendersReport, ReadError> {
    let selection = asked.question.selection(id);
    let sample = reader.sample(selection.clone(), None, EXPLAINED_MAX).await?;
    let (components, kept_from) =
        reader.renders(selection, sample, Components::default(), Components::add, now).await?;
    Ok(renders(site, asked, components, Sampled::of(sample), kept_from))
}
