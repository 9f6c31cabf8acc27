//! Which components of a site's pages render often, long, and for nothing.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    score_card::Badge,
    told::{self, Source},
};
use crate::report::{PhaseRow, RenderRow, RendersReport, Unit, Updates};
use askama::Template;
use beacon::RenderPhase;

#[derive(Template)]
#[template(path = "renders.html")]
struct RendersPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 components".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    components: Vec<Component>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Component {
    name: String,
    badge: Badge,
    /// How often.
    extent: String,
    advice: Option<&'static str>,
    total: String,
    share: String,
    share_percent: f64,
    phases: Vec<Phase>,
}

struct Phase {
    name: &'static str,
    count: String,
    p75: String,
    max: String,
    slow: String,
}

/// The page.
pub fn renders_page(report: &RendersReport, context: &PageContext) -> String {
    print(&RendersPage {
        frame: Frame::of(context, Place::Renders),
        site: &report.site,
        count: number::components(report.components),
        period: context.scope.period.length(),
        source: source(report),
        components: report.rows.iter().map(component).collect(),
        all: told::all(&context.scope, report.period, "renders"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &RendersReport) -> String {
    let tell = if report.page_views == 1 { "reports its" } else { "report their" };
    told::source(&Source {
        page_views: report.page_views,
        tell: &format!("{tell} components"),
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &RendersReport) -> Option<String> {
    let less_costly = report.components.saturating_sub(report.rows.len() as u64);
    let less_costly =
        (less_costly > 0).then(|| format!("{} take less time.", number::components(less_costly)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "{} past the 100 components and phases that a page view can send.",
            number::commits(report.dropped)
        )
    });
    told::omitted([less_costly, dropped])
}

fn component(row: &RenderRow) -> Component {
    let commits = number::commits(row.count);
    let page_views = number::page_views(row.page_views);
    let updates = row.updates_per_mount.map(|it| format!(", {it} updates for each mount"));
    let full = row.full_share.map(number::share);
    let full = full.map(|full| format!("; {full} of updates re-render most of it"));
    let extent = [Some(format!("{commits} on {page_views}")), updates, full];
    let extent = extent.into_iter().flatten().collect();
    Component {
        name: row.component.clone(),
        badge: badge(row.updates),
        extent,
        advice: row.advice,
        total: number::value(row.total_ms, Unit::Ms),
        share: number::share(row.share),
        share_percent: row.share * 100.0,
        phases: row.phases.iter().map(phase).collect(),
    }
}

fn badge(updates: Updates) -> Badge {
    let (class, shape, word) = match updates {
        Updates::InPart => ("good", "●", "updates re-render a part"),
        Updates::Mixed => ("fair", "▲", "most updates re-render all"),
        Updates::InFull => ("poor", "■", "updates re-render all"),
        Updates::Cheap => ("unknown", "○", "updates are cheap"),
        Updates::TooFew => ("unknown", "○", "too few updates to tell"),
    };
    Badge { class, shape, word }
}

fn phase(row: &PhaseRow) -> Phase {
    let name = match row.phase {
        RenderPhase::Mount => "mount",
        RenderPhase::Update => "update",
        RenderPhase::NestedUpdate => "nested update",
    };
    Phase {
        name,
        count: number::count(row.count),
        p75: number::short_duration(row.p75),
        max: number::short_duration(row.max),
        slow: number::share(row.slow_share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dashboard::{ReportPeriod, fixture::context},
        report::Period,
        store::sqlite::Filters,
    };
    use jiff::Timestamp;

    fn report(rows: Vec<RenderRow>) -> RendersReport {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let period =
            Period { from: time("2026-10-26T00:00:00Z"), to: time("2026-11-23T09:00:00Z") };
        RendersReport {
            site: "shop".to_owned(),
            period,
            filters: Filters::default(),
            kept_from: period.from,
            sampled: None,
            page_views: 1840,
            components: rows.len() as u64,
            dropped: 3,
            error: 0.045,
            rows,
        }
    }

    fn row(component: &str) -> RenderRow {
        let phase = PhaseRow {
            phase: RenderPhase::Update,
            count: 11_040,
            total_ms: 191_360.0,
            p75: 1.84,
            max: 80.2,
            slow_count: 8280,
            slow_share: 0.75,
        };
        RenderRow {
            component: component.to_owned(),
            page_views: 1840,
            count: 12_880,
            total_ms: 231_840.0,
            share: 1.0,
            updates_per_mount: Some(6.0),
            full_updates: 10_930,
            full_share: Some(0.99),
            updates: Updates::InFull,
            advice: Some("Do less."),
            phases: vec![phase],
        }
    }

    fn page(report: &RendersReport) -> String {
        renders_page(report, &context(ReportPeriod::FourWeeks)).replace('\u{a0}', " ")
    }

    #[test]
    fn a_component_says_how_often_how_long_and_what_to_do() {
        let page = page(&report(vec![row("Trip<List>")]));
        for text in [
            "Trip&#60;List&#62;",
            "12,880 commits on 1,840 page views, 6 updates for each mount; 99.0 % of updates",
            "updates re-render all",
            "Do less.",
            "1.8 ms",
            "3 commits past the 100 components",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
    }

    #[test]
    fn without_components_the_page_says_how_to_tell_of_them() {
        let page = page(&report(Vec::new()));
        assert!(page.contains("RhumbProfiler"), "{page}");
    }
}
