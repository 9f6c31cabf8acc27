//! A check as people read it.

use crate::{
    cli::{
        heading, plus_minus,
        terminal::{Cell, PLAIN, Table, of_rating, shown},
    },
    dashboard::{number, resources::plural},
    report::{
        Bound, Check, CheckResult, Comparison, LimitCheck, ReleaseCheck, ResourceCheck, Unit,
        Verdict, WeightBound,
    },
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
    let bounds = check.limits.iter().map(of_metric).chain(check.resources.iter().map(of_kind));
    let rows = bounds.collect::<Vec<_>>();
    let has_bounds = !rows.is_empty();
    if has_bounds {
        let header = ["budget", "page views", "measured", "sample", "result"].map(str::to_owned);
        Table { header, elastic: 1, rows }.write(out, width)?;
    }
    if let [first, ..] = &check.regressions[..] {
        if has_bounds {
            writeln!(out)?;
        }
        regressions(first, &check.regressions).write(out, width)?;
    }
    Ok(())
}

fn of_metric(it: &LimitCheck) -> [Cell; 5] {
    [
        Cell::text(&budget(it)),
        Cell::text(&page_views(&it.filters)),
        Cell::number(&it.measured.map_or("–".to_owned(), |value| measured(it, value))),
        Cell::number(&sample(it.count, it.page_views_min)),
        result(it.result, ""),
    ]
}

fn of_kind(it: &ResourceCheck) -> [Cell; 5] {
    let (of, max) = match it.bound {
        WeightBound::TransferBytesP75Max(max) => ("over the network", max),
        WeightBound::DecodedBytesP75Max(max) => ("unpacked", max),
    };
    let measured = it.measured.map(u64::from);
    // With all digits, where only these show on which side of the bound it is.
    let is_near = measured.is_some_and(|bytes| number::bytes(bytes) == number::bytes(max));
    let shown = |bytes| {
        if is_near { format!("{} B", number::count(bytes)) } else { number::bytes(bytes) }
    };
    let measured = measured.map(shown);
    [
        Cell::text(&format!("{} {of} p75 ≤ {}", plural(it.kind), shown(max))),
        Cell::text(&page_views(&it.filters)),
        Cell::number(&measured.unwrap_or("–".to_owned())),
        Cell::number(&sample(it.count, it.page_views_min)),
        result(it.result, ""),
    ]
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

fn sample(count: u64, page_views_min: u64) -> String {
    if count < page_views_min {
        format!("{} of {}", number::count(count), number::count(page_views_min))
    } else {
        number::count(count)
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
