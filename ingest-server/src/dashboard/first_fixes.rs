//! What to fix first: the things without which most page views would be rated better.

use super::{fix::Fix, frame::Place, number, period::ReportPeriod, scope::Scope, told};
use crate::report::Opportunities;
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
    /// To all of them, as in "12 opportunities".
    pub(super) all: Option<(String, String)>,
}

impl FirstFixes {
    /// What to fix, the greatest benefit first; nothing where it is not known.
    pub(super) fn found(&self) -> Option<&Opportunities> {
        match self {
            Self::Counted(found) => Some(found),
            Self::Counting | Self::Unknown => None,
        }
    }

    /// What it was counted on, or why there is nothing.
    pub(super) fn note(&self, scope: &Scope) -> String {
        match self {
            Self::Counted(found) => note(found),
            Self::Counting => "Still being counted, which takes some seconds with this many page \
                               views. Reload the page in a moment."
                .to_owned(),
            Self::Unknown => {
                let shorter =
                    if scope.period == ReportPeriod::Day { "" } else { " or a shorter period" };
                format!(
                    "This could not be counted just now; the server's log says why. Another \
                     moment{shorter} may do."
                )
            }
        }
    }
}

fn note(found: &Opportunities) -> String {
    let Opportunities { period, page_views, kept_from, opportunities, .. } = found;
    let kept = told::kept(*page_views, *period, *kept_from);
    if *page_views == 0 {
        "There are no page views to look at.".to_owned()
    } else if opportunities.is_empty() {
        format!(
            "Nothing stands out on {kept}: no element, script or part keeps a vital from being \
             good. Only page views with attribution can tell."
        )
    } else {
        let counted = told::counted(&kept, found.sampled);
        format!(
            "{counted} Those that would improve the most ratings come first; LCP, INP and CLS \
             count twice."
        )
    }
}

impl Panel {
    pub(super) fn new(fixes: &FirstFixes, scope: &Scope) -> Self {
        let found = fixes.found().map_or(&[][..], |found| &found.opportunities);
        let all =
            || (number::opportunities(found.len() as u64), Place::Opportunities.address(scope));
        Self {
            fixes: Fix::all(found, scope).into_iter().take(SHOWN_MAX).collect(),
            note: fixes.note(scope),
            all: (!found.is_empty()).then(all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dashboard::fixture::shop,
        report::{Culprit, Kind, MetricWord, Opportunity, Part, Period, Sampled, Unit},
        store::sqlite::{Filters, PageViewKey},
    };
    use beacon::{MetricName, NumberField, Rating};

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
            measured: 2470,
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
            opportunities: ["search", "cart", "home", "help"]
                .map(|file| due_to(file, &opportunity))
                .into(),
        }
    }

    /// The same, due to another script.
    fn due_to(file: &str, it: &Opportunity) -> Opportunity {
        let source = Some(format!("/assets/{file}.js"));
        Opportunity { culprit: Culprit { source, ..it.culprit.clone() }, ..it.clone() }
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
        assert_eq!((fix.kind, fix.target.as_deref()), (Some("a script from"), Some("#apply")));
        assert_eq!((&*fix.now.text, fix.now.badge.word), ("512\u{a0}ms", "Poor"));
        assert_eq!((&*fix.without.text, fix.without.badge.word), ("40\u{a0}ms", "Good"));
        let evidence = "/page-views/0000000000000007?site=shop&period=28d";
        assert_eq!(fix.evidence, [("the worst page view", evidence.to_owned())]);
        let all = ("4 opportunities".to_owned(), "/opportunities?site=shop&period=28d".to_owned());
        assert_eq!(panel.all, Some(all));
    }

    #[test]
    fn what_has_the_same_cause_is_one_thing_to_fix_and_counts_as_much_as_all_of_it() {
        let mut found = found(Kind::Script, NumberField::LongestScriptDuration, Some("#apply"));
        let last = found.opportunities.pop().unwrap();
        let elsewhere = |route: &str, benefit| Opportunity {
            route: Some(route.to_owned()),
            benefit,
            improved: 7,
            culprit: Culprit { target: Some("#sort".to_owned()), ..last.culprit.clone() },
            ..last.clone()
        };
        found.opportunities = [1000, 900, 800].map(|benefit| elsewhere("/c", benefit)).into();
        found.opportunities[0].culprit.source = Some("/assets/other.js".to_owned());
        found.opportunities[2].route = None;
        let panel = panel(found);
        let told = panel.fixes.iter().map(|it| (it.source.as_deref(), it.also.len()));
        let expected = [(Some("/assets/help.js"), 1), (Some("/assets/other.js"), 0)];
        assert_eq!(told.collect::<Vec<_>>(), expected, "1,700 are more than 1,000");
        let also = &panel.fixes[0].also[0];
        assert_eq!((also.metric, also.route.as_deref(), &*also.improved), ("INP", None, "7"));
        assert_eq!(also.target.as_deref(), Some("#sort"));
        assert!(also.evidence.as_ref().unwrap().starts_with("/page-views/"));
        assert_ne!(panel.fixes[0].key, panel.fixes[1].key);
        assert_eq!(panel.all.unwrap().0, "3 opportunities");
    }

    #[test]
    fn percentiles_of_few_page_views_are_not_judged() {
        let words = |measured| {
            let mut found = found(Kind::Script, NumberField::LongestScriptDuration, None);
            found.opportunities.iter_mut().for_each(|it| it.measured = measured);
            let fix = panel(found).fixes.swap_remove(0);
            [fix.now, fix.without].map(|it| it.badge.word)
        };
        assert_eq!(words(74), ["Too few to judge"; 2]);
        assert_eq!(words(75), ["Poor", "Good"]);
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
        assert!(nothing.note.starts_with("Nothing stands out on 2,470 page views:"));
        let empty = panel(Opportunities {
            page_views: 0,
            ..without(found(Kind::Script, NumberField::InputDelay, None))
        });
        assert_eq!(empty.note, "There are no page views to look at.");
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
