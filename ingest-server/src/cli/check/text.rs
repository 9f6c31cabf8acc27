//! A check as people read it.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, PLAIN, Table, of_rating, shown},
    },
    dashboard::number,
    report::{Bound, Check, CheckResult, Comparison, LimitCheck, ReleaseCheck, Unit, Verdict},
    store::sqlite::Filters,
};
use anstyle::Style;
use beacon::{FormFactor, Rating};
use std::io::{self, Write};

/// A value that is as near to its bound as that, as a share of it, is shown with all its digits.
const NEAR: f64 = 0.01;

pub(super) fn write(check: &Check, out: &mut impl Write, width: usize) -> io::Result<()> {
    heading::write(out, width, &check.site, check.period, &check.filters)?;
    writeln!(out)?;
    if !check.limits.is_empty() {
        limits(&check.limits).write(out, width)?;
    }
    if let [first, ..] = &check.regressions[..] {
        if !check.limits.is_empty() {
            writeln!(out)?;
        }
        regressions(first, &check.regressions).write(out, width)?;
    }
    Ok(())
}

fn limits(limits: &[LimitCheck]) -> Table<5> {
    let header = ["budget", "page views", "measured", "sample", "result"].map(str::to_owned);
    let row = |it: &LimitCheck| {
        [
            Cell::text(&budget(it)),
            Cell::text(&page_views(&it.filters)),
            Cell::number(&it.measured.map_or("–".to_owned(), |value| measured(it, value))),
            Cell::number(&sample(it)),
            result(it.result, ""),
        ]
    };
    Table { header, elastic: 1, rows: limits.iter().map(row).collect() }
}

/// `LCP p75 ≤ 2.5 s`
fn budget(LimitCheck { metric, bound, .. }: &LimitCheck) -> String {
    let name = metric.0.as_str();
    match *bound {
        Bound::P75Max(max) => {
            format!("{name} p75 ≤ {}", number::round_value(max, Unit::of(metric.0)))
        }
        Bound::ShareGoodMin(min) => format!("{name} good ≥ {} %", round(min * 100.0)),
    }
}

/// Without decimals that it does not need.
fn round(percent: f64) -> f64 {
    (percent * 1000.0).round() / 1000.0
}

/// Those of the budget; what else they are alike in stands above.
fn page_views(Filters { route, form_factor, .. }: &Filters) -> String {
    let of = [route.as_deref(), form_factor.map(FormFactor::as_str)];
    let of = of.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if of.is_empty() { "all".to_owned() } else { of }
}

/// With as many digits as show on which side of the bound it is, and by how much it may be off.
fn measured(LimitCheck { metric, bound, error, .. }: &LimitCheck, value: f64) -> String {
    let is_near = |bound: f64| (value - bound).abs() <= bound * NEAR;
    let value = match (*bound, Unit::of(metric.0)) {
        (Bound::ShareGoodMin(min), _) if is_near(min) => format!("{:.3} %", value * 100.0),
        (Bound::ShareGoodMin(_), _) => number::share(value),
        (Bound::P75Max(max), Unit::Ms) if is_near(max) => format!("{value:.1} ms"),
        (Bound::P75Max(max), Unit::Score) if is_near(max) => format!("{value:.4}"),
        (Bound::P75Max(_), unit) => number::value(value, unit),
    };
    let error = plus_minus::of(*error).map(|it| format!(" {it}")).unwrap_or_default();
    value + &error
}

fn sample(LimitCheck { count, page_views_min, .. }: &LimitCheck) -> String {
    if count < page_views_min {
        format!("{} of {}", number::count(*count), number::count(*page_views_min))
    } else {
        number::count(*count)
    }
}

fn regressions(first: &ReleaseCheck, regressions: &[ReleaseCheck]) -> Table<6> {
    let ReleaseCheck { baseline, candidate, .. } = first;
    let header = ["metric", baseline, candidate, "difference (95 %)", "sample", "result"];
    let row = |it: &ReleaseCheck| {
        let Comparison { unit, baseline, candidate, verdict, .. } = &it.comparison;
        let value =
            |value: Option<f64>| value.map_or("–".to_owned(), |it| number::value(it, *unit));
        let counts = [baseline.count, candidate.count].map(number::count);
        [
            Cell::text(&format!("{} p75", it.metric.0.as_str())),
            Cell::number(&value(baseline.p75)),
            Cell::number(&value(candidate.p75)),
            Cell::number(&interval(&it.comparison)),
            Cell::number(&counts.join(", ")),
            result(it.result, in_words(*verdict)),
        ]
    };
    let header = header.map(shown);
    Table { header, elastic: 4, rows: regressions.iter().map(row).collect() }
}

/// `+240 ms to +480 ms`
fn interval(Comparison { unit, interval_95, verdict, .. }: &Comparison) -> String {
    let signed = |bound: f64| {
        let sign = if bound < 0.0 { "−" } else { "+" };
        format!("{sign}{}", number::value(bound.abs(), *unit))
    };
    let interval = interval_95.filter(|_| *verdict != Verdict::TooFewSamples);
    interval.map_or("–".to_owned(), |bounds| bounds.map(signed).join(" to "))
}

const fn in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Regressed => ": worse",
        Verdict::Improved => ": better",
        Verdict::NoDifference => ": no difference",
        Verdict::TooFewSamples => "",
    }
}

fn result(result: CheckResult, why: &str) -> Cell {
    let (text, style): (_, Style) = match result {
        CheckResult::Kept => ("● kept", of_rating(Rating::Good)),
        CheckResult::Broken => ("■ broken", of_rating(Rating::Poor)),
        CheckResult::CouldNotTell => ("○ could not tell", PLAIN),
    };
    Cell::text(&format!("{text}{why}")).styled(style)
}
