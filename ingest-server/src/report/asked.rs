//! Questions whose answers are read in the same way for the query API and for the terminal.

use super::{Previous, Question, Summary, summarize};
use crate::{
    ingest::SiteId,
    store::sqlite::{ReadError, Reader, Selection},
};
use jiff::Timestamp;

/// The summary of a site, compared with the period before.
///
/// # Errors
/// See [`ReadError`].
pub async fn summary(
    reader: &Reader,
    (id, site): (SiteId, &str),
    Question { period, filters }: Question,
    now: Timestamp,
) -> Result<Summary, ReadError> {
    let selection =
        Selection { site: id, from: period.from, to: period.to, filters: filters.clone() };
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
