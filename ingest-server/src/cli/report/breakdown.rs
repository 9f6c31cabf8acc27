//! `rhumb report --by`: one metric by route, browser and the rest.

use crate::{
    cli::{
        config_file::is_on_command_line,
        heading,
        page_views::{PageViews, in_options},
        terminal::{Cell, FAINT, Table, of_rating},
    },
    dashboard::{Badge, PAGE_VIEWS_MIN, number},
    report::{
        Breakdown, BreakdownQuestion, BreakdownRow, Figures, Question, ROWS_DEFAULT, ROWS_MAX,
    },
};
use anyhow::{Result, bail};
use beacon::MetricName;
use clap::{ArgMatches, Args, builder::RangedU64ValueParser};
use jiff::Timestamp;
use std::io::{self, Write};

/// Options that say how a table is made.
const OF_TABLE: [&str; 4] = ["metric", "sort", "min_count", "limit"];

/// What a table is made of, in the words of the query API.
#[derive(Debug, Args)]
pub(super) struct By {
    /// One row for each route, `form_factor`, browser, os, country, connection, release,
    /// `navigation_type` or host
    #[arg(long, env = "RHUMB_BY", value_name = "WHAT")]
    by: Option<String>,
    /// Of the table: lcp, inp, cls, fcp, ttfb or fid
    #[arg(long, env = "RHUMB_METRIC", default_value = "lcp")]
    metric: String,
    /// What rows are sorted by, the largest first: `poor_count`, p75, count
    #[arg(long, env = "RHUMB_SORT", default_value = "poor_count")]
    sort: String,
    /// Rows of fewer page views are left out
    #[arg(long, env = "RHUMB_MIN_COUNT", default_value_t = 1)]
    min_count: u32,
    /// The most rows, up to 1000
    #[arg(long, env = "RHUMB_LIMIT", default_value_t = ROWS_DEFAULT, value_parser = rows())]
    limit: usize,
}

fn rows() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=ROWS_MAX as u64)
}

impl By {
    /// Refuses what says how a table is made where none is asked for. In the environment and in a file
    /// it waits for the reports that have one.
    pub(super) fn check(&self, given: &ArgMatches) -> Result<()> {
        match OF_TABLE.iter().find(|option| is_on_command_line(option, given)) {
            Some(option) if self.by.is_none() => {
                let option = option.replace('_', "-");
                bail!("--{option} says how a table is made; --by asks for one");
            }
            _ => Ok(()),
        }
    }

    /// The question of the table, if one is asked for.
    pub(super) fn question(
        &self,
        site: &str,
        page_views: &PageViews,
        Question { period, .. }: &Question,
        now: Timestamp,
    ) -> Result<Option<BreakdownQuestion>> {
        let Self { by: Some(by), metric, sort, min_count, limit } = self else { return Ok(None) };
        let query = page_views.query([
            ("by", by.clone()),
            ("metric", metric.clone()),
            ("sort", sort.clone()),
            ("min_count", min_count.to_string()),
            ("limit", limit.to_string()),
            ("from", period.from.to_string()),
            ("to", period.to.to_string()),
        ]);
        BreakdownQuestion::parse(site, &query, now).map(Some).map_err(in_options)
    }
}

pub(super) fn write(
    name: MetricName,
    answer: &Breakdown,
    out: &mut impl Write,
    width: usize,
) -> io::Result<()> {
    let Breakdown { site, period, filters, by, rows, next, .. } = answer;
    heading::write(out, width, site, *period, filters)?;
    if rows.is_empty() {
        return writeln!(out, "{} was not measured", name.as_str());
    }
    writeln!(out)?;
    let p75 = format!("{} p75", name.as_str());
    let header = [&by.replace('_', " "), "page views", &p75, "rating", "poor", "share poor"];
    let header = header.map(str::to_owned);
    let rows = rows.iter().map(|it| row(name, answer, it)).collect();
    Table { header, elastic: 0, rows }.write(out, width)?;
    match next {
        Some(_) => writeln!(out, "\nthere are more; --limit shows up to {ROWS_MAX}"),
        None => Ok(()),
    }
}

fn row(name: MetricName, Breakdown { unit, .. }: &Breakdown, row: &BreakdownRow) -> [Cell; 6] {
    let BreakdownRow { value, host, figures, poor_count } = row;
    let Figures { count, p75, rating, shares, .. } = figures;
    let badge = match rating {
        Some(rating) if *count >= PAGE_VIEWS_MIN => (Badge::of(*rating), of_rating(*rating)),
        _ => (Badge::too_few(), FAINT),
    };
    let (Badge { shape, word, .. }, style) = badge;
    let absent = || "–".to_owned();
    [
        match value {
            Some(value) => Cell::text(&[host.as_deref().unwrap_or_default(), value].concat()),
            None => Cell::text("not known").styled(FAINT),
        },
        Cell::number(&number::count(*count)),
        Cell::number(&p75.map_or_else(absent, |p75| number::rated_value(name, p75, *unit))),
        Cell::text(&format!("{shape} {word}")).styled(style),
        Cell::number(&number::count(*poor_count)),
        Cell::number(&shares.map_or_else(absent, |shares| number::share(shares.poor))),
    ]
}
