//! `rhumb check`

mod text;

use super::{
    page_views::{PageViews, SiteReader},
    terminal,
};
use crate::{
    report::{
        BUDGET_BYTES_MAX, Budget, Check as Checked, CheckResult, LimitCheck, Question,
        ReleaseCheck, ResourceCheck, ResourcesQuestion, ResourcesReport, Summary, asked, compare,
        newest, predecessor,
    },
    store::sqlite::{Filters, SiteName, TOLD_MAX},
};
use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::{
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What it exits with when something is wrong with the question, or with the database.
pub(super) const COULD_NOT_ASK: u8 = 3;

/// Check whether a site keeps to its budget, and whether a release has made it slower.
#[derive(Debug, Args)]
#[command(after_help = "\
Exits with 0 when the budget is kept, 1 when something in it is broken, 2 when that could not be told
(too few page views, say), and 3 when it could not be asked: no such site, a file that cannot be
read, a wrong option.

Examples:
  rhumb check shop --budget budget.toml
  rhumb check shop --budget budget.toml --period 24h --release 1.4.2
  rhumb check shop --budget budget.toml --release 1.4.2 --baseline 1.4.1 --format json

A budget:
  [[budget]]
  metric = \"lcp\"
  p75_max_ms = 2500

  [[resources]]
  kind = \"script\"
  transfer_bytes_p75_max = 170000

  [regression]
  metrics = [\"lcp\", \"inp\"]")]
pub(crate) struct Check {
    /// The site's key
    site: SiteName,
    /// TOML file: what is to be kept
    #[arg(long, env = "RHUMB_BUDGET", value_name = "FILE")]
    budget: PathBuf,
    /// Release that [regression] compares with; without it, the one that was seen latest before
    /// --release
    #[arg(long, env = "RHUMB_BASELINE", value_name = "RELEASE")]
    baseline: Option<String>,
    #[command(flatten)]
    page_views: PageViews,
    /// How the result is written
    #[arg(long, env = "RHUMB_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Check {
    pub(crate) fn run(self) -> ExitCode {
        ExitCode::from(match self.check() {
            Ok(CheckResult::Kept) => 0,
            Ok(CheckResult::Broken) => 1,
            Ok(CheckResult::CouldNotTell) => 2,
            Err(error) => {
                eprintln!("error: {error:#}");
                COULD_NOT_ASK
            }
        })
    }

    fn check(self) -> Result<CheckResult> {
        let Self { site, budget, baseline, page_views, format } = self;
        let read = read(&budget);
        let budget =
            read.with_context(|| format!("cannot read the budget {}", budget.display()))?;
        ensure!(
            baseline.is_none() || !budget.regression.is_empty(),
            "--baseline: the budget has no [regression] that compares with it"
        );
        let now = Timestamp::now();
        let question = page_views.question(now)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let check = runtime.block_on(async {
            let site = SiteReader::open(&page_views, &site).await?;
            check(&site, &budget, baseline, question, now).await
        })?;
        let mut out = Vec::new();
        match format {
            Format::Text => text::write(&check, &mut out, terminal::width())?,
            Format::Json => writeln!(out, "{}", serde_json::to_string(&check)?)?,
        }
        terminal::print(&out)?;
        for sentence in &check.could_not_tell {
            eprintln!("could not tell: {}", terminal::shown(sentence));
        }
        Ok(check.result)
    }
}

fn read(file: &Path) -> Result<Budget> {
    let mut text = String::new();
    File::open(file)?.take(BUDGET_BYTES_MAX + 1).read_to_string(&mut text)?;
    ensure!(text.len() as u64 <= BUDGET_BYTES_MAX, "it has more than {BUDGET_BYTES_MAX} bytes");
    Ok(Budget::parse(&text)?)
}

async fn check(
    site: &SiteReader,
    budget: &Budget,
    baseline: Option<String>,
    question: Question,
    now: Timestamp,
) -> Result<Checked> {
    let limits = limits(site, budget, &question).await?;
    let regressions = match budget.regression[..] {
        [] => Ok(Vec::new()),
        _ => match releases(site, &question, baseline, now).await? {
            Ok(releases) => Ok(regressions(site, budget, &question, releases).await?),
            Err(why) => Err(why),
        },
    };
    let resources = resources(site, budget, &question, now).await?;
    Ok(Checked::new(&site.name, question, limits, resources, regressions))
}

async fn limits(
    site: &SiteReader,
    budget: &Budget,
    Question { period, filters }: &Question,
) -> Result<Vec<LimitCheck>> {
    let mut summaries = Vec::<Summary>::new();
    let mut limits = Vec::new();
    for limit in &budget.limits {
        let filters = limit.among(filters).with_context(|| {
            let metric = limit.metric.as_str();
            format!("a budget of {metric} is not about --route or --form-factor as given")
        })?;
        if !summaries.iter().any(|summary| summary.filters == filters) {
            let question = Question { period: *period, filters: filters.clone() };
            summaries.push(site.summary(question).await?);
        }
        let summary = summaries.iter().find(|summary| summary.filters == filters);
        limits.extend(summary.map(|summary| LimitCheck::new(limit, summary)));
    }
    Ok(limits)
}

async fn resources(
    site: &SiteReader,
    budget: &Budget,
    Question { period, filters }: &Question,
    now: Timestamp,
) -> Result<Vec<ResourceCheck>> {
    let mut answers = Vec::<ResourcesReport>::new();
    let mut checks = Vec::new();
    for limit in &budget.resources {
        let filters = limit.among(filters).with_context(|| {
            let kind = limit.kind.as_str();
            format!("a budget of {kind} is not about --route or --form-factor as given")
        })?;
        if !answers.iter().any(|answer| answer.filters == filters) {
            let question = Question { period: *period, filters: filters.clone() };
            let asked = ResourcesQuestion { question, kind: None, limit: 0 };
            let of = (site.site, &*site.name);
            answers.push(asked::what_is_loaded(&site.reader, of, asked, TOLD_MAX, now).await?);
        }
        let answer = answers.iter().find(|answer| answer.filters == filters);
        checks.extend(answer.map(|answer| ResourceCheck::new(limit, answer)));
    }
    Ok(checks)
}

/// A release, and what it is compared with.
struct Releases {
    baseline: String,
    candidate: String,
}

/// Which releases are compared, or why there are none.
async fn releases(
    site: &SiteReader,
    Question { period, filters }: &Question,
    baseline: Option<String>,
    now: Timestamp,
) -> Result<Result<Releases, String>> {
    let seen = site.reader.releases(site.site, (period.from, period.to), now).await?;
    let Some(candidate) = filters.release.as_deref().or(newest(&seen)) else {
        return Ok(Err("no page view of this period has a release".to_owned()));
    };
    if !seen.contains_key(candidate) {
        return Ok(Err(format!("release {candidate} was not seen in this period")));
    }
    let Some(baseline) = baseline.as_deref().or(predecessor(&seen, candidate)) else {
        return Ok(Err(format!(
            "no release was seen before {candidate} in this period; --from reaches further back, \
             --baseline names one"
        )));
    };
    if baseline == candidate {
        bail!("--baseline: {baseline} cannot be compared with itself");
    }
    Ok(Ok(Releases { baseline: baseline.to_owned(), candidate: candidate.to_owned() }))
}

async fn regressions(
    site: &SiteReader,
    budget: &Budget,
    Question { period, filters }: &Question,
    Releases { baseline, candidate }: Releases,
) -> Result<Vec<ReleaseCheck>> {
    let of = |release: &str| {
        let filters = Filters { release: Some(release.to_owned()), ..filters.clone() };
        site.measured(*period, filters)
    };
    let (before, after) = (of(&baseline).await?, of(&candidate).await?);
    let check = |metric| {
        let [before, after] = [&before, &after].map(|it| it.distributions[metric as usize].clone());
        ReleaseCheck::new(metric, baseline.clone(), candidate.clone(), compare(before, after))
    };
    Ok(budget.regression.iter().map(|metric| check(*metric)).collect())
}
