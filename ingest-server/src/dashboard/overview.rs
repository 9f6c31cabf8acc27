//! A site's five vitals, and what to fix first.

use super::{
    PageContext,
    first_fixes::{FirstFixes, Panel},
    first_minute::FirstMinute,
    frame::{Frame, Place},
    histogram::rating_class,
    number,
    period::ReportPeriod,
    print,
    scope::Scope,
    score_card::{PAGE_VIEWS_MIN, ScoreCard},
    spark::Spark,
    traffic::Traffic,
    vital::{CORE, SUPPORTING, Vital},
};
use crate::{
    report::{MetricSummary, Metrics, OverTime, Summary},
    store::sqlite::Filters,
};
use askama::Template;
use beacon::Rating;
use jiff::Timestamp;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
    title: String,
    period: &'static str,
    page_views: String,
    content: Content,
}

enum Content {
    /// Nothing was ever measured, as far as the longest period goes.
    FirstMinute(FirstMinute),
    /// Nothing in this period, or of these page views.
    Nothing,
    Vitals(Box<Vitals>),
}

/// What was measured.
struct Vitals {
    verdict: Verdict,
    /// How many page views could not be measured, if any.
    unmeasured: Option<String>,
    core: Vec<ScoreCard>,
}

/// What stands below. What to fix first takes longer to count.
#[derive(Template)]
#[template(path = "overview_rest.html")]
struct OverviewRest {
    frame: Frame,
    fixes: Panel,
    supporting: Vec<ScoreCard>,
    /// The percentiles of all of them as CSV.
    csv: String,
    traffic: Option<Traffic>,
}

/// Whether the page passes Google's assessment.
#[derive(Debug, PartialEq)]
struct Verdict {
    class: &'static str,
    text: String,
}

/// What has become of a site in the period.
#[derive(Debug)]
pub struct Course {
    /// Its metrics and page views.
    pub over_time: OverTime,
    /// What was released meanwhile, and when.
    pub releases: Vec<(String, Timestamp)>,
}

/// What the overview is made of, but for what to fix first.
#[derive(Debug)]
pub struct Overviewed {
    /// What was measured.
    pub summary: Arc<Summary>,
    /// What has become of it, unless that could not be read; it is left out then.
    pub course: Option<Arc<Course>>,
}

impl Overviewed {
    /// Whether there is more to say than how to begin.
    pub fn has_rest(&self) -> bool {
        self.summary.page_views > 0
    }

    fn cards(&self, vitals: &[Vital], scope: &Scope) -> Vec<ScoreCard> {
        let card = |vital: &Vital| {
            let series = self.course.as_ref().map(|it| &it.over_time.series[vital.name as usize]);
            ScoreCard {
                spark: series.and_then(Spark::new),
                ..ScoreCard::new(vital, &self.summary.metrics, scope)
            }
        };
        vitals.iter().map(card).collect()
    }
}

/// The overview of a site, or the first part of it.
pub fn page(it: &Overviewed, context: &PageContext) -> String {
    let frame = Frame::of(context, Place::Overview);
    print(&Overview {
        frame: if it.has_rest() { frame.going_on() } else { frame },
        title: it.summary.site.clone(),
        period: context.scope.period.length(),
        page_views: number::page_views(it.summary.page_views),
        content: content(it, context),
    })
}

/// The rest of it.
pub fn page_rest(it: &Overviewed, fixes: &FirstFixes, context: &PageContext) -> String {
    let scope = &context.scope;
    let course = it.course.as_ref();
    print(&OverviewRest {
        frame: Frame::around(context, Place::Overview),
        fixes: Panel::new(fixes, scope),
        supporting: it.cards(&SUPPORTING, scope),
        csv: format!("{}&format=csv", scope.question("summary", it.summary.period)),
        traffic: course.and_then(|it| Traffic::new(&it.over_time, &it.releases, &scope.zone)),
    })
}

fn content(it: &Overviewed, context: &PageContext) -> Content {
    let (scope, summary, longest) = (&context.scope, &it.summary, ReportPeriod::FourWeeks);
    if it.has_rest() {
        Content::Vitals(Box::new(Vitals {
            verdict: verdict(&summary.metrics),
            unmeasured: (summary.unmeasured > 0).then(|| number::page_views(summary.unmeasured)),
            core: it.cards(&CORE, scope),
        }))
    } else if scope.period == longest && scope.filters == Filters::default() {
        Content::FirstMinute(FirstMinute::new(context))
    } else {
        Content::Nothing
    }
}

/// As PageSpeed Insights: every core vital must be good; INP may be unknown, for not every page is
/// interacted with.
fn verdict(metrics: &Metrics) -> Verdict {
    let enough = |metric: &&MetricSummary| metric.count >= PAGE_VIEWS_MIN;
    if !enough(&&metrics.lcp) || !enough(&&metrics.cls) {
        let have = metrics.lcp.count.min(metrics.cls.count);
        let text = format!(
            "Too early to judge the Core Web Vitals: that takes {PAGE_VIEWS_MIN} page views with \
             LCP and CLS; so far there are {have}."
        );
        return Verdict { class: "unknown", text };
    }
    let failing = CORE.iter().filter_map(|vital| {
        let rating = metrics.get(vital.name).filter(enough)?.rating?;
        let how = match rating {
            Rating::Good => return None,
            Rating::NeedsImprovement => "needs improvement",
            Rating::Poor => "is poor",
        };
        Some((rating, format!("{} {how}", vital.name.as_str())))
    });
    let (ratings, failing): (Vec<_>, Vec<_>) = failing.unzip();
    let worst = ratings.into_iter().max_by_key(|rating| *rating as u8).unwrap_or(Rating::Good);
    let text = if failing.is_empty() {
        "Core Web Vitals assessment: passed.".to_owned()
    } else {
        format!("Core Web Vitals assessment: failed. {}.", failing.join(", "))
    };
    Verdict { class: rating_class(worst), text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboard::fixture::{context, summary};
    use beacon::MetricName;

    fn show(summary: Summary, period: ReportPeriod) -> String {
        let (it, context) = (Overviewed { summary: summary.into(), course: None }, context(period));
        page(&it, &context) + &page_rest(&it, &FirstFixes::Counting, &context)
    }

    #[test]
    fn before_the_first_page_view_the_page_says_what_to_do() {
        let page = show(summary(&[]), ReportPeriod::FourWeeks);
        let tag = "&#60;script type=&#34;module&#34; async\n  \
                   src=&#34;https://rum.example.com/rhumb.js&#34;\n  data-site=&#34;shop&#34;&#62;";
        assert!(page.contains(tag), "{page}");
    }

    #[test]
    fn an_empty_day_is_not_a_first_minute() {
        let page = show(summary(&[]), ReportPeriod::Day);
        assert!(page.contains("No page views</span>") && page.contains("period=28d"));
    }

    #[test]
    fn a_vital_is_shown_with_number_rating_and_sentence() {
        let page = show(summary(&[(MetricName::Lcp, 2_312_400, 1204)]), ReportPeriod::FourWeeks)
            .replace('\u{a0}', " ");
        for text in ["2.31 s", "Good", "see the main content within 2.31 s.", "1,204 page views"] {
            assert!(page.contains(text), "{text}");
        }
        assert!(page.contains("Not measured yet"), "the others are not");
    }

    #[test]
    fn few_page_views_are_not_judged() {
        let page = show(summary(&[(MetricName::Lcp, 2_312_400, 74)]), ReportPeriod::FourWeeks);
        assert!(page.contains("Too few to judge") && !page.contains("class=\"rating good\""));
    }

    #[test]
    fn the_assessment_names_the_vitals_that_fail() {
        let verdict = |cls, inp_us| {
            let values = [
                (MetricName::Lcp, 2_000_000, 100),
                (MetricName::Cls, cls, 100),
                (MetricName::Inp, inp_us, 100),
            ];
            let verdict = verdict(&summary(&values).metrics);
            (verdict.class, verdict.text)
        };
        let passed = "Core Web Vitals assessment: passed.".to_owned();
        assert_eq!(verdict(10_000, 200_000), ("good", passed));
        let failed = "Core Web Vitals assessment: failed. INP needs improvement".to_owned();
        assert_eq!(verdict(10_000, 200_001), ("fair", format!("{failed}.")));
        assert_eq!(verdict(250_001, 200_001), ("poor", format!("{failed}, CLS is poor.")));
    }
}
