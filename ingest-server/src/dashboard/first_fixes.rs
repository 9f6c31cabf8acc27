//! What to fix first: the things without which most page views would be rated better.

use super::{number, page_view, period::ReportPeriod, rated::Rated, scope::Scope, told};
use crate::report::{Kind, Opportunities, Opportunity};
use beacon::NumberField;
use std::sync::Arc;

/// Things that the overview names.
const SHOWN_MAX: usize = 3;

/// What is known of what to fix first.
#[derive(Clone, Debug)]
pub enum FirstFixes {
    /// It was counted.
    Counted(Arc<Opportunities>),
    /// It is being counted, which takes longer than a page waits.
    Counting,
    /// It could not be counted.
    Unknown,
}

/// The panel, ready to be printed.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) fixes: Vec<Fix>,
    /// What it was counted on, or why there is nothing.
    pub(super) note: String,
    /// The same and more as JSON.
    pub(super) all: Option<All>,
}

/// A link to more.
#[derive(Debug)]
pub(super) struct All {
    pub(super) count: usize,
    pub(super) href: String,
}

/// Something to fix.
#[derive(Debug)]
pub(super) struct Fix {
    /// What people call the culprit; absent where it is only a part of the value.
    pub(super) name: Option<String>,
    /// Completes it to a sentence, without its full stop.
    pub(super) problem: &'static str,
    pub(super) metric: &'static str,
    pub(super) route: Option<String>,
    /// Where the culprit is from.
    pub(super) source: Option<String>,
    pub(super) extent: String,
    /// The 75th percentile.
    pub(super) now: Rated,
    pub(super) without: Rated,
    /// What to do: text, and in turn with it what is code.
    pub(super) advice: Vec<String>,
    /// A page view to look at.
    pub(super) evidence: Option<String>,
}

impl Panel {
    pub(super) fn new(fixes: &FirstFixes, scope: &Scope) -> Self {
        let nothing = |note: String| Self { fixes: Vec::new(), note, all: None };
        match fixes {
            FirstFixes::Counted(found) => Self::of(found, scope),
            FirstFixes::Counting => nothing(
                "Still being counted: with this many page views that takes longer than a second. \
                 It is here when the page is shown again in a moment."
                    .to_owned(),
            ),
            FirstFixes::Unknown => {
                let shorter =
                    if scope.period == ReportPeriod::Day { "" } else { " or a shorter period" };
                nothing(format!(
                    "This could not be counted just now; the server's log says why. Another \
                     moment{shorter} may do."
                ))
            }
        }
    }

    fn of(found: &Opportunities, scope: &Scope) -> Self {
        let Opportunities { period, page_views, kept_from, opportunities, .. } = found;
        let kept = told::kept(*page_views, *period, *kept_from);
        let note = if opportunities.is_empty() {
            format!(
                "Nothing to name: on none of {kept} is one element, script or part to blame \
                 for a rating that is not good. Only page views that come with their attribution \
                 can tell."
            )
        } else {
            let counted = told::counted(&kept, found.sampled);
            format!(
                "{counted} Those without which most page views would be rated better come first."
            )
        };
        Self {
            fixes: opportunities.iter().take(SHOWN_MAX).map(|it| Fix::of(it, scope)).collect(),
            note,
            all: (!opportunities.is_empty()).then(|| All {
                count: opportunities.len(),
                href: scope.question("opportunities", *period),
            }),
        }
    }
}

impl Fix {
    fn of(found: &Opportunity, scope: &Scope) -> Self {
        let culprit = &found.culprit;
        let name = match culprit.kind {
            Kind::Subpart => culprit.target.clone(),
            _ => Some(culprit.name.clone()),
        };
        let views = number::page_views(found.page_views);
        let share = number::share(found.share);
        let improved = number::count(found.improved);
        let rated = |value, rating| Rated::of(found.metric.0, value, rating);
        Self {
            problem: problem(found.part.name, name.is_some()),
            metric: found.metric.0.as_str(),
            route: found.route.clone(),
            source: culprit.source.clone().filter(|it| *it != culprit.name),
            extent: format!("{views}, {share} of those measured; {improved} would be rated better"),
            now: rated(found.p75, found.rating),
            without: rated(found.p75_without, found.rating_without),
            advice: found.advice.split('`').map(str::to_owned).collect(),
            evidence: found.evidence.first().map(|key| page_view::address(scope, *key)),
            name,
        }
    }
}

/// What is wrong with a culprit, after its name; without one it stands alone.
fn problem(part: NumberField, is_named: bool) -> &'static str {
    use NumberField as F;
    match (part, is_named) {
        (F::LongestScriptDuration, _) => "runs while visitors wait for an answer",
        (F::ResourceLoadDelay, true) => "is asked for late",
        (F::ResourceLoadDelay, false) => "The image is asked for late",
        (F::ResourceLoadDuration, true) => "takes long to load",
        (F::ResourceLoadDuration, false) => "The image takes long to load",
        (F::ElementRenderDelay, true) => "is there, and is painted late",
        (F::ElementRenderDelay, false) => "What is there is painted late",
        (F::LargestShiftValue, _) => "is moved by what appears before it",
        (F::InputDelay, true) => "waits for the main thread when it is used",
        (F::InputDelay, false) => "Visitors wait for the main thread",
        (F::ProcessingDuration, true) => "has event handlers that take long",
        (F::ProcessingDuration, false) => "Event handlers take long",
        (F::PresentationDelay, true) => "is followed by a long time of layout and paint",
        (F::PresentationDelay, false) => "Layout and paint take long",
        (F::FirstByteToFcp, _) => "The first paint comes long after the first byte",
        (F::WaitingDuration, _) => "Redirects, or a service worker, take long",
        (F::CacheDuration, _) => "The browser's cache takes long",
        (F::DnsDuration, _) => "Finding the host's name takes long",
        (F::ConnectionDuration, _) => "Connecting to the server takes long",
        (_, true) => "takes the most time",
        (_, false) => "The server takes long to answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dashboard::fixture::shop,
        report::{Culprit, MetricWord, Part, Period, Sampled, Unit},
        store::sqlite::{Filters, PageViewKey},
    };
    use beacon::{MetricName, Rating};

    fn found(kind: Kind, part: NumberField, target: Option<&str>) -> Opportunities {
        let time = |text: &str| text.parse().unwrap();
        let period =
            Period { from: time("2026-10-26T00:00:00Z"), to: time("2026-11-23T00:00:00Z") };
        let culprit = Culprit {
            kind,
            name: "applyFilters".to_owned(),
            source: Some("/assets/search.js".to_owned()),
            target: target.map(str::to_owned),
        };
        let opportunity = Opportunity {
            metric: MetricWord(MetricName::Inp),
            route: Some("/search".to_owned()),
            culprit,
            page_views: 842,
            share: 0.341,
            improved: 613,
            benefit: 2452,
            unit: Unit::Ms,
            p75: 512.0,
            p75_without: 40.0,
            rating: Rating::Poor,
            rating_without: Rating::Good,
            error: 0.0,
            part: Part { name: part, p75: 480.0 },
            evidence: vec![PageViewKey(7)],
            advice: "Let `applyFilters` do less.".to_owned(),
        };
        Opportunities {
            site: "shop".to_owned(),
            period,
            filters: Filters::default(),
            sampled: None,
            kept_from: period.from,
            page_views: 2470,
            opportunities: vec![opportunity; 4],
        }
    }

    fn panel(found: Opportunities) -> Panel {
        Panel::new(&FirstFixes::Counted(Arc::new(found)), &shop(ReportPeriod::FourWeeks))
    }

    #[test]
    fn three_are_shown_with_culprit_extent_gain_and_where_to_look() {
        let panel = panel(found(Kind::Script, NumberField::LongestScriptDuration, Some("#apply")));
        assert_eq!(panel.fixes.len(), 3);
        let fix = &panel.fixes[0];
        assert_eq!(fix.advice, ["Let ", "applyFilters", " do less."]);
        assert_eq!(fix.name.as_deref(), Some("applyFilters"));
        assert_eq!(fix.problem, "runs while visitors wait for an answer");
        assert_eq!(
            fix.extent,
            "842 page views, 34.1\u{a0}% of those measured; 613 would be rated better"
        );
        assert_eq!((&*fix.now.text, fix.now.badge.word), ("512\u{a0}ms", "Poor"));
        assert_eq!((&*fix.without.text, fix.without.badge.word), ("40\u{a0}ms", "Good"));
        let evidence = "/page-views/0000000000000007?site=shop&period=28d";
        assert_eq!(fix.evidence.as_deref(), Some(evidence));
        let all = "/v1/sites/shop/opportunities?from=2026-10-26T00%3A00%3A00Z&to=2026-11-23T00%3A00%3A00Z";
        let more = panel.all.unwrap();
        assert_eq!((&*more.href, more.count), (all, 4));
    }

    #[test]
    fn a_part_is_told_in_words() {
        let panel = panel(found(Kind::Subpart, NumberField::TimeToFirstByte, None));
        let fix = &panel.fixes[0];
        assert_eq!((fix.name.as_deref(), fix.problem), (None, "The server takes long to answer"));
    }

    #[test]
    fn what_is_not_there_is_said() {
        let without = |found: Opportunities| Opportunities { opportunities: Vec::new(), ..found };
        let nothing = panel(without(found(Kind::Script, NumberField::InputDelay, None)));
        assert!(nothing.note.starts_with("Nothing to name: on none of 2,470 page views is"));
        let deleted = Opportunities {
            kept_from: "2026-11-01T00:00:00Z".parse().unwrap(),
            ..found(Kind::Script, NumberField::InputDelay, None)
        };
        let note = panel(deleted).note;
        assert!(
            note.contains("that began after 1 November 2026; older ones are deleted"),
            "{note}"
        );
        let sampled = Opportunities {
            sampled: Some(Sampled { one_in: 12.try_into().unwrap() }),
            ..found(Kind::Script, NumberField::InputDelay, None)
        };
        let note = panel(sampled).note;
        assert!(note.starts_with("Counted on 2,470 page views: a sample, of one in 12."), "{note}");
        let counting = Panel::new(&FirstFixes::Counting, &shop(ReportPeriod::Day)).note;
        assert!(counting.starts_with("Still being counted"), "{counting}");
        let unknown = Panel::new(&FirstFixes::Unknown, &shop(ReportPeriod::Week)).note;
        assert!(unknown.contains("a shorter period"), "{unknown}");
    }
}
