//! Two releases, or two periods, side by side.

use super::{
    PageContext,
    frame::{Frame, Place},
    moment::{Moment, day},
    number, print,
    rated::Rated,
    scope::Scope,
    score_card::{ShareOfBar, bar},
    vital::SHOWN,
};
use crate::report::{Compared, Comparison, Period, Side, Verdict, metric_name::lower};
use askama::Template;
use beacon::MetricName;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use url::form_urlencoded::Serializer;

/// What the page is made of.
#[derive(Debug)]
pub struct CompareParts {
    /// Every vital, in the order of [`MetricName::ALL`]; absent where there is nothing to compare with.
    pub compared: Option<[Compared; MetricName::ALL.len()]>,
    /// The releases that there are to choose from, the newest first.
    pub releases: Vec<String>,
    /// Those that the form begins with, the baseline first; fewer than two make no form.
    pub chosen: Option<[String; 2]>,
    /// Those that the address names, which stay whatever else is chosen.
    pub named: Option<[String; 2]>,
    /// Whether a filter by release was left out.
    pub is_any_release: bool,
    /// The address of this page that compares the period with the one before.
    pub periods: Option<String>,
}

#[derive(Template)]
#[template(path = "compare.html")]
struct ComparePage<'a> {
    frame: Frame,
    site: &'a str,
    period: &'static str,
    /// What is said of all of it.
    verdict: String,
    names: [String; 2],
    rows: Vec<Row>,
    /// What the form says besides what is chosen.
    hidden: Vec<(&'static str, String)>,
    /// Absent where there are no two releases.
    choices: Option<[Choice; 2]>,
    is_any_release: bool,
    periods: Option<&'a str>,
    /// Each vital as CSV.
    csv: Vec<(&'static str, String)>,
}

/// A list of releases to choose from.
struct Choice {
    name: &'static str,
    label: &'static str,
    /// And whether it is the one that is shown.
    options: Vec<(String, bool)>,
}

/// Smaller shares say nothing.
const SHARE_MIN: f64 = 0.0005;

/// A vital.
struct Row {
    abbreviation: &'static str,
    title: &'static str,
    sides: [Cell; 2],
    difference: String,
    interval: String,
    verdict: Word,
}

struct Cell {
    p75: Option<Rated>,
    page_views: String,
    shares: Option<[ShareOfBar; 3]>,
}

/// A verdict as shape and word.
struct Word {
    class: &'static str,
    shape: &'static str,
    text: &'static str,
}

/// The page.
pub fn compare_page(it: &CompareParts, context: &PageContext) -> String {
    let scope = &context.scope;
    let compared = it.compared.as_ref();
    let unmeasured = compared.map(unmeasured).unwrap_or_default();
    let measured = compared.filter(|_| unmeasured != [true; 2]);
    let rows = measured.into_iter().flat_map(|found| {
        SHOWN.into_iter().map(|name| row(name, &found[name as usize].comparison))
    });
    let names =
        compared.map_or_else(Default::default, |found| names(&found[0].comparison, &scope.zone));
    let choice = |name, label, chosen: &String| Choice {
        name,
        label,
        options: it.releases.iter().map(|it_is| (it_is.clone(), it_is == chosen)).collect(),
    };
    print(&ComparePage {
        frame: Frame::filtered(context, Place::Compare, |scope| match &it.named {
            Some(sides) if scope.site == context.scope.site => scope.compared(sides),
            _ => Place::Compare.address(scope),
        }),
        site: &scope.site,
        period: scope.period.length(),
        verdict: compared.map_or_else(String::new, |found| match unmeasured {
            [false, false] => verdict(found),
            _ => nothing(&names, unmeasured, found[0].period.map(|_| scope.period.length())),
        }),
        names,
        rows: rows.collect(),
        is_any_release: it.is_any_release,
        hidden: scope.fields(),
        choices: it.chosen.as_ref().map(|[baseline, candidate]| {
            [choice("baseline", "Baseline", baseline), choice("candidate", "Candidate", candidate)]
        }),
        periods: it.periods.as_deref(),
        csv: compared.map_or_else(Vec::new, |found| {
            SHOWN.map(|name| (name.as_str(), csv(&found[name as usize], scope))).into()
        }),
    })
}

/// Where the same is, as a table.
fn csv(it: &Compared, scope: &Scope) -> String {
    let mut query = Serializer::new(String::new());
    // Periods stand for themselves.
    if let Some(Period { from, to }) = it.period {
        query.append_pair("from", &from.to_string()).append_pair("to", &to.to_string());
    }
    query.extend_pairs(it.filters.given()).append_pair("metric", lower(it.metric.0));
    query.append_pair("baseline", &it.comparison.baseline.asked());
    query.append_pair("candidate", &it.comparison.candidate.asked()).append_pair("format", "csv");
    format!("/v1/sites/{}/compare?{}", scope.site, query.finish())
}

/// What the sides are called.
fn names(it: &Comparison, zone: &TimeZone) -> [String; 2] {
    [&it.baseline, &it.candidate].map(|side| match (&side.release, side.period) {
        (Some(release), _) => format!("Release {release}"),
        (None, Some(period)) => span(period, zone),
        (None, None) => String::new(),
    })
}

/// Whole days by their first and last; other spans by their moments.
fn span(period: Period, zone: &TimeZone) -> String {
    let is_midnight = |time: Timestamp| time.as_second().rem_euclid(86_400) == 0;
    if is_midnight(period.from) && is_midnight(period.to) {
        let last = period.to - SignedDuration::from_secs(1);
        return format!("{} to {}", day(period.from), day(last));
    }
    let [from, to] = [period.from, period.to].map(|time| Moment::brief(time, zone).text);
    format!("{from} to {to}")
}

/// Of which side there is no page view.
fn unmeasured(found: &[Compared; MetricName::ALL.len()]) -> [bool; 2] {
    let sides: [fn(&Comparison) -> &Side; 2] = [|it| &it.baseline, |it| &it.candidate];
    sides.map(|side| found.iter().all(|it| side(&it.comparison).count == 0))
}

/// As in "Release 1.4.2 has no page views in the last 7 days, so there is nothing to compare."
fn nothing(names: &[String; 2], unmeasured: [bool; 2], period: Option<&str>) -> String {
    let without = match unmeasured {
        [true, true] => format!("Neither {} nor {} has any", names[0], names[1]),
        [true, false] => format!("{} has no", names[0]),
        [false, _] => format!("{} has no", names[1]),
    };
    let when = period.map(|period| format!(" in the last {period}")).unwrap_or_default();
    format!("{without} page views{when}, so there is nothing to compare.")
}

/// As in "Worse: LCP, INP. Better: CLS."
fn verdict(found: &[Compared; MetricName::ALL.len()]) -> String {
    let of = |verdict: Verdict| {
        let names =
            SHOWN.into_iter().filter(|name| found[*name as usize].comparison.verdict == verdict);
        names.map(MetricName::as_str).collect::<Vec<_>>().join(", ")
    };
    let said = [
        ("Worse", of(Verdict::Regressed)),
        ("Better", of(Verdict::Improved)),
        ("No real difference", of(Verdict::NoDifference)),
        ("Too few page views to tell", of(Verdict::TooFewSamples)),
    ];
    let said = said.into_iter().filter(|(_, names)| !names.is_empty());
    said.map(|(word, names)| format!("{word}: {names}.")).collect::<Vec<_>>().join(" ")
}

fn row(name: MetricName, it: &Comparison) -> Row {
    let share = it.relative.filter(|relative| relative.abs() >= SHARE_MIN);
    let share = share.map(|relative| format!(" ({})", signed(relative, number::share)));
    let show = |value: f64| signed(value, |value| number::difference(value, it.unit));
    Row {
        abbreviation: name.as_str(),
        title: super::vital::vital(name).title,
        sides: [&it.baseline, &it.candidate].map(|side| cell(name, side)),
        difference: it.difference.map_or_else(
            || "–".to_owned(),
            |difference| format!("{}{}", show(difference), share.unwrap_or_default()),
        ),
        interval: it
            .interval_95
            .map_or_else(String::new, |[low, high]| format!("{} to {}", show(low), show(high))),
        verdict: word(it.verdict),
    }
}

fn cell(name: MetricName, side: &Side) -> Cell {
    Cell {
        p75: Rated::percentile(name, side.p75, side.p75.map(|p75| name.rate(p75)), side.count),
        page_views: number::page_views(side.count),
        shares: side.shares.map(bar),
    }
}

/// With its sign, which a minus of its own width is.
fn signed(value: f64, show: impl Fn(f64) -> String) -> String {
    // What is shown as nothing has no sign.
    let sign = match value {
        _ if show(value.abs()) == show(0.0) => "",
        _ if value > 0.0 => "+",
        _ if value < 0.0 => "−",
        _ => "",
    };
    format!("{sign}{}", show(value.abs()))
}

const fn word(verdict: Verdict) -> Word {
    let (class, shape, text) = match verdict {
        Verdict::Regressed => ("worse", "↑", "Worse"),
        Verdict::Improved => ("better", "↓", "Better"),
        Verdict::NoDifference => ("same", "→", "No real difference"),
        Verdict::TooFewSamples => ("same", "○", "Too few to tell"),
    };
    Word { class, shape, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Unit;

    #[test]
    fn a_difference_has_a_sign() {
        let ms = |value| signed(value, |value| number::value(value, Unit::Ms));
        assert_eq!(ms(361.0), "+361\u{a0}ms");
        assert_eq!(ms(-1200.0), "−1.20\u{a0}s");
        assert_eq!(ms(0.0), "0\u{a0}ms");
        assert_eq!(ms(-0.2), "0\u{a0}ms");
    }

    #[test]
    fn whole_days_are_told_with_their_last_one_and_other_spans_by_the_hour() {
        let of = |from: &str, to: &str| {
            let period = Period { from: from.parse().unwrap(), to: to.parse().unwrap() };
            span(period, &TimeZone::UTC)
        };
        let days = of("2026-11-01T00:00:00Z", "2026-11-09T00:00:00Z");
        assert_eq!(days, "1 November 2026 to 8 November 2026");
        let hours = of("2026-11-12T00:00:00Z", "2026-11-19T11:00:00Z");
        assert_eq!(hours, "12 Nov, 00:00 UTC to 19 Nov, 11:00 UTC");
    }
}
