//! Questions whose answers are read in the same way for the query API, the dashboard and the terminal.

use super::{
    AttributionQuestion, AttributionReport, Breakdown, BreakdownQuestion, CompareQuestion,
    Compared, ErrorsReport, ListQuestion, LongFramesReport, MeasuresReport, MemoryReport,
    Opportunities, OpportunitiesQuestion, OverTime, PageViews, Period, Previous, ProfilesQuestion,
    ProfilesReport, Question, RankedQuestion, RendersReport, RequestsReport, ResourcesQuestion,
    ResourcesReport, Routes, Sampled, Summary, Timeseries, TimeseriesQuestion,
    attribution::{Candidates, Groups, explain},
    errors::{ErrorGroups, errors},
    long_frames::{Scripts, long_frames},
    measures::{Names, measures},
    memory::{self, memory},
    opportunities::{OpportunityCandidates, Recount, opportunities},
    page_views::list,
    profiles::{Calls, Definitions, Originals, profiles},
    renders::{Components, renders},
    requests::{Urls, requests},
    resources::{Files, resources},
    routes, summarize,
};
use crate::{
    distribution::Distribution,
    ingest::SiteId,
    roll_up::Facet,
    store::sqlite::{Kept, PagePlace, ReadError, Reader, Selection, Told},
};
use beacon::MetricName;
use jiff::{SignedDuration, Timestamp};
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
    let (baseline, candidate) = (baseline.await?.distributions, candidate.await?.distributions);
    let mut sides = baseline.into_iter().zip(candidate);
    Ok(MetricName::ALL.map(|name| {
        let nothing = || (Distribution::new(name), Distribution::new(name));
        let (baseline, candidate) = sides.next().unwrap_or_else(nothing);
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
/// is seen in its first day may have begun before.
///
/// # Errors
/// See [`ReadError`].
pub async fn releases(
    reader: &Reader,
    site: SiteId,
    period: Period,
    now: Timestamp,
) -> Result<Vec<(String, Timestamp)>, ReadError> {
    let seen = reader.releases(site, (period.from, period.to), now).await?;
    let known_from = period.from + SignedDuration::from_hours(24);
    let first_seen = seen.into_iter().filter_map(|(release, hours)| {
        let hour = Timestamp::from_second(hours.first()? * 3600).ok()?;
        (hour >= known_from).then_some((release, hour))
    });
    let mut releases = first_seen.collect::<Vec<_>>();
    releases.sort_by_key(|(_, at)| *at);
    Ok(releases)
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

/// What kept pages of a site from painting, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_blocks(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RankedQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<LongFramesReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, Scripts::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    Ok(long_frames(site, asked, told, sampled, kept_from))
}

/// What pages of a site timed themselves, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_was_timed(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RankedQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<MeasuresReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, Names::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    Ok(measures(site, asked, told, sampled, kept_from))
}

/// What pages of a site load, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_is_loaded(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: ResourcesQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<ResourcesReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, Files::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    Ok(resources(site, asked, told, sampled, kept_from))
}

/// What page views of a site tell of a section, added up, and of which ones it is.
async fn told<S: Kept, T: Default + Send + 'static>(
    reader: &Reader,
    selection: Selection,
    add: impl Fn(&mut T, S, PagePlace<'_>) + Send + 'static,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<(T, Option<Sampled>, Timestamp), ReadError> {
    let read = reader.told(selection, None, T::default(), add, rows_max, now).await?;
    let Told { told, sample, kept_from } = read;
    Ok((told, Sampled::of(sample), kept_from))
}

/// What goes wrong on pages of a site, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_fails(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RankedQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<ErrorsReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, ErrorGroups::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    let report = errors(site, asked, told, sampled, kept_from);
    let scripts = report.sources().into_iter().map(|source| (source, ())).collect();
    let explain =
        |report: &mut ErrorsReport, source: &str, (), map: &[u8]| report.explain(source, map);
    with_source_maps(reader, id, scripts, report, explain).await
}

/// Source maps that are looked at for one answer.
const SOURCE_MAPS_MAX: usize = 20;
/// Scripts that are asked for one; those of others mostly have none.
const SCRIPTS_MAX: usize = 200;

/// Puts what the maps of scripts say into a state, in their order. With each script comes what is asked of it.
async fn with_source_maps<T: Send + 'static, A: Send + 'static>(
    reader: &Reader,
    id: SiteId,
    scripts: Vec<(String, A)>,
    mut state: T,
    add: fn(&mut T, &str, A, &[u8]),
) -> Result<T, ReadError> {
    let mut found = 0;
    for (source, asked) in scripts.into_iter().take(SCRIPTS_MAX) {
        let script = source.clone();
        let look = move |map: Option<&[u8]>| {
            if let Some(map) = map {
                add(&mut state, &source, asked, map);
            }
            (state, map.is_some())
        };
        let (next, is_found) = reader.with_source_map(id, script, look).await?;
        state = next;
        found += usize::from(is_found);
        if found == SOURCE_MAPS_MAX {
            break;
        }
    }
    Ok(state)
}

/// Where the time of scripts on a site's pages goes, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_runs(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: ProfilesQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<ProfilesReport, ReadError> {
    let selection = asked.question.selection(id);
    let of = (selection.clone(), asked.target.clone());
    let originals = where_written(reader, id, of, rows_max, now).await?;
    let calls = Calls::within(asked.interactions, originals);
    let target = asked.target.clone();
    let read = reader.told(selection, target, calls, Calls::add, rows_max, now).await?;
    let Told { told, sample, kept_from } = read;
    Ok(profiles(site, asked, &told, Sampled::of(sample), kept_from))
}

/// Where functions that run on a site's pages were written, as far as its source maps tell.
async fn where_written(
    reader: &Reader,
    id: SiteId,
    (selection, target): (Selection, Option<String>),
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<Originals, ReadError> {
    let (maps, _) = reader.source_maps_version(id).await?;
    if maps == 0 {
        return Ok(Originals::default());
    }
    let (definitions, add) = (Definitions::default(), Definitions::add);
    let read = reader.told(selection, target, definitions, add, rows_max, now).await?;
    let scripts = read.told.by_samples();
    with_source_maps(reader, id, scripts, Originals::default(), Originals::add).await
}

/// How much memory pages of a site take, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_is_kept(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RankedQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<MemoryReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, memory::Routes::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    Ok(memory(site, asked, told, sampled, kept_from))
}

/// What scripts of a site's pages ask servers for, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn what_is_asked_for(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RankedQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<RequestsReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, Urls::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    Ok(requests(site, asked, told, sampled, kept_from))
}

/// Which components of a site render, for at most so many page views.
///
/// # Errors
/// See [`ReadError`].
pub async fn which_render(
    reader: &Reader,
    (id, site): (SiteId, &str),
    asked: RankedQuestion,
    rows_max: NonZeroU32,
    now: Timestamp,
) -> Result<RendersReport, ReadError> {
    let selection = asked.question.selection(id);
    let read = told(reader, selection, Components::add, rows_max, now).await?;
    let (told, sampled, kept_from) = read;
    Ok(renders(site, asked, told, sampled, kept_from))
}
