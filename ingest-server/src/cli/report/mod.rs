//! `rhumb report`

mod text;
mod trend;

use super::{
    page_views::{PageViews, SiteReader},
    terminal,
};
use crate::{
    report::{self, Question, Summary, summarize},
    store::sqlite::SiteName,
};
use anyhow::Result;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::io::Write;
use trend::Trends;

/// Show how a site's visitors fare: per metric the 75th percentile, how page views are rated, and how
/// that has changed.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rhumb report shop
  rhumb report shop --period 7d --route /product/:id --form-factor phone
  rhumb report shop --from 2026-11-01 --to 2026-11-07 --format csv
  rhumb report shop --format json | jq .metrics.lcp.p75

Colours are for terminals; NO_COLOR=1 leaves them out.")]
pub(crate) struct Report {
    /// The site's key
    site: SiteName,
    #[command(flatten)]
    page_views: PageViews,
    /// How it is written; JSON is what GET /v1/sites/SITE/summary answers
    #[arg(long, env = "RHUMB_FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

impl Report {
    pub(crate) fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let text = runtime.block_on(self.answer(Timestamp::now()))?;
        terminal::stdout().lock().write_all(&text)?;
        Ok(())
    }

    async fn answer(self, now: Timestamp) -> Result<Vec<u8>> {
        let Self { site, page_views, format } = self;
        let question = page_views.question(now)?;
        let site = SiteReader::open(&page_views, &site).await?;
        let Question { period, filters } = question.clone();
        let measured = site.measured(period, filters.clone()).await?;
        let summary = |measured| summarize(&site.name, period, filters, measured);
        Ok(match format {
            Format::Json => json(&summary(measured))?,
            Format::Csv => report::csv(&summary(measured)),
            Format::Text => {
                let trends = Trends::read(&site, &page_views, &question, &measured, now).await?;
                let mut out = Vec::new();
                text::write(&summary(measured), &trends, &mut out, terminal::width())?;
                out
            }
        })
    }
}

fn json(summary: &Summary) -> Result<Vec<u8>> {
    let mut json = serde_json::to_vec(summary)?;
    json.push(b'\n');
    Ok(json)
}
