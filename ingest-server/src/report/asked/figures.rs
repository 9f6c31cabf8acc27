//! What was measured, in numbers.

use crate::{
    ingest::SiteId,
    report::{
        Breakdown, BreakdownQuestion, CompareQuestion, Compared, ListQuestion, OverTime, PageViews,
        Period, Previous, Question, Routes, Summary, Timeseries, TimeseriesQuestion,
        page_views::list, routes, summarize,
    },
    roll_up::Facet,
    store::sqlite::{ReadError, Reader},
};
use beacon::MetricName;
use jiff::{SignedDuration, Timestamp};

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

/// Page views of a site, some of them.
///
/// # Errors
/// See [`ReadError`].
pub async fn page_views(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: ListQuestion,
    now: Timestamp,
) -> Result<PageViews, ReadError> {
    let part = (asked.order, asked.behind, asked.limit);
    let found = reader.list(asked.question.selection(id), part, now).await?;
    Ok(list(site, asked, found))
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

/// Every vital of every route of a site.
///
/// # Errors
/// See [`ReadError`].
pub async fn routes(
    reader: &Reader,
    (id, site): (SiteId, &str),
    question: Question,
) -> Result<Routes, ReadError> {
    let measured = reader.measured_by_value(question.selection(id), Facet::Route).await?;
    Ok(routes::routes(site, question, measured))
}

/// Every vital of two releases or periods of a site, in the order of [`MetricName::ALL`].
///
/// # Errors
/// See [`ReadError`].
pub async fn compared(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: &CompareQuestion,
) -> Result<[Compared; MetricName::ALL.len()], ReadError> {
    let [baseline, candidate] = asked.selected().map(|side| reader.measured(side.selection(id)));
    let (baseline, candidate) = tokio::try_join!(baseline, candidate)?;
    Ok(baseline.distributions.map(|baseline| {
        let name = baseline.name();
        let candidate = candidate.distributions[name as usize].clone();
        asked.of_metric(name).answer(site.to_owned(), [baseline, candidate])
    }))
}

/// One metric of a site over time.
///
/// # Errors
/// See [`ReadError`].
pub async fn timeseries(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: TimeseriesQuestion,
    now: Timestamp,
) -> Result<Timeseries, ReadError> {
    let buckets = asked.buckets(now);
    let selection = asked.question.selection(id);
    let values = reader.over_time(selection, buckets.clone(), asked.metric).await?;
    Ok(asked.answer(site.to_owned(), &buckets, values))
}

/// Every metric of a site over time, whichever one is asked for.
///
/// # Errors
/// See [`ReadError`].
pub async fn over_time(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: TimeseriesQuestion,
    now: Timestamp,
) -> Result<OverTime, ReadError> {
    let buckets = asked.buckets(now);
    let selection = asked.question.selection(id);
    let measured = reader.measured_over_time(selection, buckets.clone()).await?;
    Ok(asked.answer_all(site, &buckets, &measured))
}

/// The releases of a site that began within a period, and when each was first seen, in that order. What
/// was seen in the week before has begun before.
///
/// # Errors
/// See [`ReadError`].
pub async fn releases(
    reader: &Reader,
    site: SiteId,
    period: Period,
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, ReadError> {
    let known_from = period.from - SignedDuration::from_hours(7 * 24);
    let seen = reader.releases(site, (known_from, period.to), now).await?;
    let first_seen = seen.into_iter().filter_map(|(release, hours)| {
        let hour = Timestamp::from_second(hours.first()? * 3600).ok()?;
        (hour >= period.from).then_some((release, hour))
    });
    let mut releases = first_seen.collect::<Vec<_>>();
    releases.sort_by_key(|(_, at)| *at);
    Ok(releases)
}
