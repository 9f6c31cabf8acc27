//! A site of made-up page views, for those who want to see what there would be to see.

mod details;
mod loads;
mod profile;
mod took;
mod visits;
mod work;

use crate::{
    ingest::{AgentHeaders, EnrichConfig, Enricher, PageView, RequestFacts, accept},
    store::sqlite::{Database, Sites},
};
use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use std::path::Path;
use visits::{Visit, Visits};

/// The name of the site.
pub const SAMPLE_SITE: &str = "sample";
/// Page views of the four weeks until now.
const PAGE_VIEWS: usize = 6000;
/// Those of one transaction.
const AT_ONCE: usize = 500;
/// The same seed makes the same page views.
const SEED: u64 = 20_261_126;

/// Fills the site, unless the database has one of that name; whether it did.
///
/// # Errors
/// The database cannot be opened or written.
pub fn fill(database: &Path, now: Timestamp) -> Result<bool> {
    let mut database = Database::open(database)?;
    if database.sites()?.get(SAMPLE_SITE).is_some() {
        return Ok(false);
    }
    let name = SAMPLE_SITE.parse().map_err(|problem: String| anyhow!(problem))?;
    database.put_site(&name, &[])?;
    let filled = write(&mut database, now);
    if filled.is_err() {
        // Half a sample would be taken for all of it the next time.
        let _ = database.remove_site(&name);
    }
    filled.map(|()| true)
}

fn write(database: &mut Database, now: Timestamp) -> Result<()> {
    let sites = database.sites()?;
    let enricher = Enricher::new(EnrichConfig::default())?;
    let mut visits = Visits::new(SEED).take(PAGE_VIEWS).collect::<Vec<_>>();
    // As they would have arrived.
    visits.sort_by_key(|visit| std::cmp::Reverse(visit.beacon.age_ms));
    for some in visits.chunks(AT_ONCE) {
        let page_views = some.iter().map(|visit| page_view(visit, &sites, &enricher, now));
        let page_views = page_views.collect::<Result<Vec<_>>>()?;
        database.write(page_views.iter(), now).context("cannot write the sample")?;
    }
    Ok(())
}

/// As if its page had sent it just now.
fn page_view(
    visit: &Visit,
    sites: &Sites,
    enricher: &Enricher,
    now: Timestamp,
) -> Result<PageView> {
    let agent = AgentHeaders { user_agent: Some(visit.user_agent), ..AgentHeaders::default() };
    let facts =
        RequestFacts { agent, time_zone: Some(visit.time_zone), ..RequestFacts::arrived_at(now) };
    let checked = accept(visit.beacon.clone(), &facts, sites);
    let checked =
        checked.map_err(|rejection| anyhow!("made-up page view: {}", rejection.detail))?;
    Ok(enricher.enrich(checked, &facts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{Question, asked},
        roll_up::Facet,
        store::sqlite::Reader,
    };
    use beacon::MetricName;

    #[tokio::test]
    async fn a_sample_is_there_once_and_its_newest_release_has_a_slow_search() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rhumb.db");
        let now = Timestamp::now();
        assert!(fill(&path, now).unwrap());
        assert!(!fill(&path, now).unwrap(), "it is filled once");
        let reader = Reader::open(&path).unwrap();
        let site = (reader.sites().await.unwrap().get(SAMPLE_SITE).unwrap().id, SAMPLE_SITE);
        let question = Question::last_hours(28 * 24, now);
        let summary = asked::summary(&reader, site, question.clone(), now).await.unwrap();
        assert_eq!(summary.page_views, PAGE_VIEWS as u64);
        let of = async |release: &str| {
            let mut question = question.clone();
            question.filters.release = Some(release.to_owned());
            question.filters.route = Some("/search".to_owned());
            let values = reader.values(question.selection(site.0), MetricName::Inp).await.unwrap();
            crate::report::metric(values).percentiles.unwrap().p75
        };
        let (before, after) = (of(visits::RELEASES[1]).await, of(visits::RELEASES[2]).await);
        assert!(after > 1.4 * before, "{before} ms before, {after} ms after");
        let countries =
            reader.by_value(question.selection(site.0), Facet::Country, MetricName::Lcp);
        assert!(countries.await.unwrap().len() >= 4);
    }
}
