//! What is behind the numbers, as a sample of page views tells it.

use crate::{
    ingest::SiteId,
    report::{
        AttributionQuestion, AttributionReport, ErrorsReport, LongFramesReport, MeasuresReport,
        MemoryReport, Opportunities, OpportunitiesQuestion, ProfilesQuestion, ProfilesReport,
        RankedQuestion, RendersReport, RequestsReport, ResourcesQuestion, ResourcesReport, Sampled,
        attribution::{Candidates, Groups, explain},
        errors::{ErrorGroups, errors},
        long_frames::{Scripts, long_frames},
        measures::{Names, measures},
        memory::{self, memory},
        opportunities::{OpportunityCandidates, Recount, opportunities},
        profiles::{Calls, Definitions, Originals, profiles},
        renders::{Components, renders},
        requests::{Urls, requests},
        resources::{Files, resources},
    },
    store::sqlite::{Kept, PagePlace, ReadError, Reader, Selection, Told},
};
use jiff::Timestamp;
use std::num::NonZeroU32;

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
