//! A summary as people read it: number, meaning, spread and change of each metric.

use super::trend::Trends;
use crate::{
    cli::{
        heading, plus_minus,
        terminal::{FAINT, STRONG, of_rating, shown},
    },
    dashboard::{Badge, PAGE_VIEWS_MIN, number},
    report::{
        MetricSummary, Period, Previous, Shares, Summary, Unit, Verdict, metric_name::IN_ORDER,
    },
};
use beacon::{MetricName, Rating};
use std::io::{self, Write};

/// Columns of a metric's name, and what stands before its other lines.
const INDENT: usize = 6;
/// Columns of the longest bar.
const BAR_MAX: usize = 50;
/// From the least to the most.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn write(
    summary: &Summary,
    trends: &Trends,
    out: &mut impl Write,
    width: usize,
) -> io::Result<()> {
    heading::write(out, width, &summary.site, summary.period, &summary.filters)?;
    writeln!(out, "{}", shown(&number::page_views(summary.page_views)))?;
    if summary.unmeasured > 0 {
        writeln!(out, "{} of them not measured", number::count(summary.unmeasured))?;
    }
    if summary.page_views == 0 {
        return Ok(());
    }
    let columns = (width - INDENT).min(BAR_MAX);
    for name in IN_ORDER {
        if let Some(metric) = summary.metrics.get(name) {
            writeln!(out)?;
            write_metric(out, name, metric, trends.of(name), columns)?;
        }
    }
    writeln!(out)?;
    write_legend(out, trends, columns)?;
    match summary.previous_period {
        Some(Period { from, .. }) => {
            writeln!(out, "before: since {}", heading::minute(from))
        }
        None => Ok(()),
    }
}

fn write_metric(
    out: &mut impl Write,
    name: MetricName,
    metric: &MetricSummary,
    points: &[Option<f64>],
    columns: usize,
) -> io::Result<()> {
    write!(out, "{STRONG}{:INDENT$}{STRONG:#}", name.as_str())?;
    let (Some(percentiles), Some(rating), Some(shares)) =
        (metric.percentiles, metric.rating, metric.shares)
    else {
        return writeln!(out, "{FAINT}not measured{FAINT:#}");
    };
    let is_enough = metric.count >= PAGE_VIEWS_MIN;
    let (badge, style) =
        if is_enough { (Badge::of(rating), of_rating(rating)) } else { (Badge::too_few(), FAINT) };
    let p75 = shown(&number::rated_value(name, percentiles.p75, metric.unit));
    writeln!(out, "{p75}  {style}{} {}{style:#}", badge.shape, badge.word)?;
    writeln!(out, "{:INDENT$}{}", "", bar(shares, columns))?;
    writeln!(out, "{:INDENT$}{}", "", percentages(shares))?;
    if !points.is_empty() {
        writeln!(out, "{:INDENT$}{}", "", line(name, points, columns))?;
    }
    if let Some(previous) = &metric.previous {
        let since = shown(&since(percentiles.p75, metric.unit, previous));
        writeln!(out, "{:INDENT$}{since}", "")?;
    }
    let error = plus_minus::of(metric.error).map(|it| format!(", {it}")).unwrap_or_default();
    let sample = shown(&number::page_views(metric.count));
    writeln!(out, "{:INDENT$}{FAINT}{sample}{error}{FAINT:#}", "")
}

/// The shares to scale.
fn bar(Shares { good, needs_improvement, .. }: Shares, columns: usize) -> String {
    let good_end = column(good, columns);
    let fair_end = column(good + needs_improvement, columns).max(good_end);
    let parts = [
        (Rating::Good, "█", good_end),
        (Rating::NeedsImprovement, "▓", fair_end - good_end),
        (Rating::Poor, "░", columns - fair_end),
    ];
    let part = |(rating, block, columns): (Rating, &str, usize)| {
        let style = of_rating(rating);
        format!("{style}{}{style:#}", block.repeat(columns))
    };
    parts.map(part).concat()
}

/// Where a share of so many columns ends.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "shares are from 0 to 1, and columns few"
)]
fn column(share: f64, columns: usize) -> usize {
    ((share * columns as f64).round() as usize).min(columns)
}

fn percentages(Shares { good, needs_improvement, poor }: Shares) -> String {
    let shares =
        [(Rating::Good, good), (Rating::NeedsImprovement, needs_improvement), (Rating::Poor, poor)];
    let percentage = |(rating, share)| {
        let style = of_rating(rating);
        format!("{style}{}{style:#} {}", Badge::of(rating).shape, shown(&number::share(share)))
    };
    shares.map(percentage).join("  ")
}

/// The latest points that there is room for, from zero to the largest of them.
fn line(name: MetricName, points: &[Option<f64>], columns: usize) -> String {
    let points = &points[points.len().saturating_sub(columns)..];
    let largest = points.iter().flatten().copied().fold(f64::MIN_POSITIVE, f64::max);
    let point = |point: &Option<f64>| match *point {
        Some(value) => {
            let (style, last) = (of_rating(name.rate(value)), LEVELS.len() - 1);
            format!("{style}{}{style:#}", LEVELS[column(value / largest, last)])
        }
        None => format!("{FAINT}·{FAINT:#}"),
    };
    points.iter().map(point).collect::<Vec<_>>().concat()
}

/// What has become of the period before.
fn since(now: f64, unit: Unit, Previous { p75, verdict, .. }: &Previous) -> String {
    let Some(p75) = *p75 else { return "not measured before".to_owned() };
    let (before, difference) = (number::value(p75, unit), now - p75);
    let sign = if difference < 0.0 { "−" } else { "+" };
    let change = format!("({sign}{})", number::value(difference.abs(), unit));
    match verdict {
        Verdict::Regressed => format!("worse: {before} before {change}"),
        Verdict::Improved => format!("better: {before} before {change}"),
        Verdict::NoDifference => format!("no real change: {before} before"),
        Verdict::TooFewSamples => "too few page views to compare".to_owned(),
    }
}

fn write_legend(out: &mut impl Write, trends: &Trends, columns: usize) -> io::Result<()> {
    let ratings = [Rating::Good, Rating::NeedsImprovement, Rating::Poor].map(|rating| {
        let (style, Badge { shape, word, .. }) = (of_rating(rating), Badge::of(rating));
        format!("{style}{shape}{style:#} {}", word.to_lowercase())
    });
    writeln!(out, "{}", ratings.join("  "))?;
    let interval = trends.interval.as_str();
    match trends.of(MetricName::Lcp).len() {
        0 => Ok(()),
        points if points <= columns => writeln!(out, "lines: p75 by {interval}"),
        _ => writeln!(out, "lines: p75 by {interval}, the latest {columns}"),
    }
}
