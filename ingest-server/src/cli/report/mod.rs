//! `rhumb report`

mod breakdown;
mod errors;
mod long_frames;
mod measures;
mod memory;
mod profiles;
mod renders;
mod requests;
mod resources;
mod text;
mod trend;

use super::{
    config_file::is_on_command_line,
    page_views::{PageViews, SiteReader},
    terminal,
};
use crate::{
    report::{
        self, BreakdownQuestion, Interactions, ProfilesQuestion, Question, RANKED_DEFAULT,
        RankedQuestion, ResourcesQuestion, Table, asked,
    },
    store::sqlite::{SiteName, TOLD_MAX},
};
use anyhow::{Result, bail};
use breakdown::By;
use clap::{ArgMatches, Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;
use std::io;
use trend::Trends;

/// Show how a site's visitors fare: per metric the 75th percentile, how page views are rated, and how
/// that has changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb report shop
  rhumb report shop --period 7d --route /product/:id --form-factor phone
  rhumb report shop --by route --metric inp --min-count 75 --sort p75
  rhumb report shop --renders --route /trips
  rhumb report shop --long-frames --form-factor phone
  rhumb report shop --resources --format csv
  rhumb report shop --profiles --slow-interactions --target 'button.sort'
  rhumb report shop --from 2026-11-01 --to 2026-11-07 --format csv
  rhumb report shop --format json | jq .metrics.lcp.p75

Colours are for terminals; NO_COLOR=1 leaves them out.")]
pub(crate) struct Report {
    /// The site's key
    site: SiteName,
    #[command(flatten)]
    page_views: PageViews,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    instead: Instead,
    #[command(flatten)]
    samples: Samples,
    /// How it is written; JSON is what the query API answers: …/summary, …/breakdown with --by, or that of
    /// the name of --renders and its like
    #[arg(long, env = "RHUMB_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What is told in the place of the metrics, at most one.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[derive(Debug, Args)]
#[group(multiple = false)]
struct Instead {
    /// Which components render, in the place of the metrics
    #[arg(long, env = "RHUMB_RENDERS", conflicts_with = "by")]
    renders: bool,
    /// What keeps pages from painting, in the place of the metrics
    #[arg(long, env = "RHUMB_LONG_FRAMES", conflicts_with = "by")]
    long_frames: bool,
    /// What pages load, in the place of the metrics
    #[arg(long, env = "RHUMB_RESOURCES", conflicts_with = "by")]
    resources: bool,
    /// What scripts ask servers for, in the place of the metrics
    #[arg(long, env = "RHUMB_REQUESTS", conflicts_with = "by")]
    requests: bool,
    /// Where the time of scripts goes, in the place of the metrics
    #[arg(long, env = "RHUMB_PROFILES", conflicts_with = "by")]
    profiles: bool,
    /// What pages time themselves, in the place of the metrics
    #[arg(long, env = "RHUMB_MEASURES", conflicts_with = "by")]
    measures: bool,
    /// How much memory pages take, in the place of the metrics
    #[arg(long, env = "RHUMB_MEMORY", conflicts_with = "by")]
    memory: bool,
    /// What goes wrong, in the place of the metrics
    #[arg(long, env = "RHUMB_ERRORS", conflicts_with = "by")]
    errors: bool,
}

/// Which samples --profiles is about.
#[derive(Debug, Args)]
struct Samples {
    /// With --profiles, within slow interactions only: those of over 200 ms
    #[arg(long, env = "RHUMB_SLOW_INTERACTIONS")]
    slow_interactions: bool,
    /// With --profiles, of page views whose INP is of the element with that selector
    #[arg(long, env = "RHUMB_TARGET", value_name = "SELECTOR")]
    target: Option<String>,
}

impl Samples {
    fn of(self, question: Question) -> ProfilesQuestion {
        let slow = self.slow_interactions;
        let interactions = if slow { Interactions::Slow } else { Interactions::All };
        ProfilesQuestion::of(question, interactions, self.target)
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

impl Report {
    /// Whether what stands on the command line goes together.
    pub(super) fn check(&self, given: &ArgMatches) -> Result<()> {
        let of_samples = ["slow_interactions", "target"];
        let option = of_samples.iter().find(|option| is_on_command_line(option, given));
        if let (Some(option), false) = (option, self.instead.profiles) {
            let option = option.replace('_', "-");
            bail!("--{option} says which samples are looked at; --profiles asks for them");
        }
        self.by.check(given)
    }

    pub(crate) fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let text = runtime.block_on(self.answer(Timestamp::now()))?;
        Ok(terminal::print(&text)?)
    }

    async fn answer(self, now: Timestamp) -> Result<Vec<u8>> {
        let Self { site, page_views, by, instead, samples, format } = self;
        let question = page_views.question(now)?;
        let by = by.question(&site.to_string(), &page_views, &question, now)?;
        let site = SiteReader::open(&page_views, &site).await?;
        macro_rules! ranked {
            ($asked:ident, $written:ident) => {{
                let asked = RankedQuestion { question, limit: RANKED_DEFAULT };
                let of = (site.site, &*site.name);
                let answer = asked::$asked(&site.reader, of, asked, TOLD_MAX, now).await?;
                format.print(&answer, $written::write)
            }};
        }
        match by {
            Some(by) => breakdown(&site, by, format).await,
            None if instead.resources => {
                let asked = ResourcesQuestion { question, kind: None, limit: RANKED_DEFAULT };
                let of = (site.site, &*site.name);
                let answer = asked::what_is_loaded(&site.reader, of, asked, TOLD_MAX, now).await?;
                format.print(&answer, resources::write)
            }
            None if instead.profiles => {
                let asked = samples.of(question);
                let of = (site.site, &*site.name);
                let answer = asked::what_runs(&site.reader, of, asked, TOLD_MAX, now).await?;
                format.print(&answer, profiles::write)
            }
            None if instead.renders => ranked!(which_render, renders),
            None if instead.long_frames => ranked!(what_blocks, long_frames),
            None if instead.requests => ranked!(what_is_asked_for, requests),
            None if instead.measures => ranked!(what_was_timed, measures),
            None if instead.memory => ranked!(what_is_kept, memory),
            None if instead.errors => ranked!(what_fails, errors),
            None => summary(&site, &page_views, question, format, now).await,
        }
    }
}

async fn breakdown(site: &SiteReader, by: BreakdownQuestion, format: Format) -> Result<Vec<u8>> {
    let name = by.metric;
    let answer = asked::breakdown(&site.reader, (site.site, &site.name), by).await?;
    if let Some(written) = format.write(&answer)? {
        return Ok(written);
    }
    let mut out = Vec::new();
    breakdown::write(name, &answer, &mut out, terminal::width())?;
    Ok(out)
}

async fn summary(
    site: &SiteReader,
    page_views: &PageViews,
    question: Question,
    format: Format,
    now: Timestamp,
) -> Result<Vec<u8>> {
    let asked = asked::summary(&site.reader, (site.site, &site.name), question.clone(), now);
    let summary = asked.await?;
    if let Some(written) = format.write(&summary)? {
        return Ok(written);
    }
    let trends = Trends::read(site, page_views, &question, now).await?;
    let mut out = Vec::new();
    text::write(&summary, &trends, &mut out, terminal::width())?;
    Ok(out)
}

impl Format {
    /// An answer as it is asked for; `write` writes it for people, in lines of so many columns.
    fn print<A: Serialize + Table>(
        self,
        answer: &A,
        write: impl FnOnce(&A, &mut Vec<u8>, usize) -> io::Result<()>,
    ) -> Result<Vec<u8>> {
        if let Some(written) = self.write(answer)? {
            return Ok(written);
        }
        let mut out = Vec::new();
        write(answer, &mut out, terminal::width())?;
        Ok(out)
    }

    /// An answer for programs; nothing, where it is for people.
    fn write(self, answer: &(impl Serialize + Table)) -> Result<Option<Vec<u8>>> {
        Ok(match self {
            Self::Text => None,
            Self::Json => Some(format!("{}\n", serde_json::to_string(answer)?).into_bytes()),
            Self::Csv => Some(report::csv(answer)),
        })
    }
}
