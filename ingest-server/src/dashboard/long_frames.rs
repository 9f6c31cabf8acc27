//! What keeps a site's pages from painting.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    told::{self, Source},
};
use crate::report::{LongFramesReport, OriginRow, ScriptCost, ScriptRow, Unit};
use askama::Template;
use beacon::InvokerType;

#[derive(Template)]
#[template(path = "long_frames.html")]
struct LongFramesPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "4,210 long frames".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    /// What all of them cost.
    extent: Option<String>,
    scripts: Vec<Script>,
    origins: Vec<Origin>,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Script {
    name: String,
    is_third_party: bool,
    /// Where it is from, and what called it.
    from: String,
    /// How often, and what it did.
    extent: String,
    advice: Option<&'static str>,
    cost: Cost,
}

struct Origin {
    name: String,
    is_third_party: bool,
    page_views: String,
    total: String,
    slow_interactions: String,
    cost: Cost,
}

struct Cost {
    blocking: String,
    share: String,
    share_percent: f64,
}

/// The page.
pub fn long_frames_page(report: &LongFramesReport, context: &PageContext) -> String {
    print(&LongFramesPage {
        frame: Frame::of(context, Place::LongFrames),
        site: &report.site,
        count: number::long_frames(report.frames),
        period: context.scope.period.length(),
        source: source(report),
        extent: extent(report),
        scripts: report.rows.iter().map(script).collect(),
        origins: report.origins.iter().map(origin).collect(),
        all: told::all(&context.scope, report.period, "long-frames"),
        omitted: omitted(report),
    })
}

/// From which page views it was read.
pub(crate) fn source(report: &LongFramesReport) -> String {
    told::source(&Source {
        page_views: report.page_views,
        tell: "had frames of over 50\u{a0}ms",
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What all of them cost; nothing, where there are none.
pub(crate) fn extent(report: &LongFramesReport) -> Option<String> {
    let blocking = number::value(report.blocking_ms, Unit::Ms);
    let p75 = number::value(report.blocking_p75?, Unit::Ms);
    let slow = match report.slow_interactions {
        0 => String::new(),
        count => format!(" {} took over 200\u{a0}ms.", number::interactions(count)),
    };
    Some(format!(
        "They kept pages from answering for {blocking} in all, and three quarters of these page views for \
         at most {p75}.{slow}"
    ))
}

/// What is left out.
pub(crate) fn omitted(report: &LongFramesReport) -> Option<String> {
    let less = report.scripts.saturating_sub(report.rows.len() as u64);
    let less = (less > 0).then(|| format!("{} block less.", number::scripts(less)));
    let dropped = (report.dropped > 0).then(|| {
        format!(
            "Left out: {} past the 50 different scripts that a page view can send.",
            number::count(report.dropped)
        )
    });
    told::omitted([less, dropped])
}

/// What people call a script: its function, its file, or what called it.
pub(crate) fn name(row: &ScriptRow) -> &str {
    let file = row.source.as_deref().map(|source| source.rsplit('/').next().unwrap_or(source));
    let file = file.filter(|file| !file.is_empty());
    let called = row.function.as_deref().or(file).or(row.invoker.as_deref());
    called.unwrap_or("inline in the page")
}

/// Where it is from, and what called it.
pub(crate) fn from(row: &ScriptRow) -> String {
    let source = row.source.as_deref().unwrap_or("inline in the page");
    let invoker = row.invoker.as_deref().filter(|invoker| Some(*invoker) != row.source.as_deref());
    let called = invoker.map(|invoker| format!(", called by {invoker}")).unwrap_or_default();
    format!("{source}{called}{}", kind(row.invoker_type))
}

fn kind(invoker_type: InvokerType) -> &'static str {
    match invoker_type {
        InvokerType::ClassicScript | InvokerType::ModuleScript => ", as it was loaded",
        InvokerType::ResolvePromise | InvokerType::RejectPromise => ", after a promise",
        InvokerType::EventListener | InvokerType::UserCallback | InvokerType::Other => "",
    }
}

fn script(row: &ScriptRow) -> Script {
    let ScriptCost { page_views, count, total_ms, forced_ms, slow_interactions, .. } = row.cost;
    let forced = (forced_ms >= 1.0)
        .then(|| format!(", {} of that computing layout", number::value(forced_ms, Unit::Ms)));
    let slow = (slow_interactions > 0).then(|| {
        let share = number::share(row.cost.slow_interactions_share);
        let interactions = number::slow_interactions(slow_interactions);
        format!("; most of the time of {interactions}, {share} of all")
    });
    Script {
        name: name(row).to_owned(),
        is_third_party: row.is_third_party,
        from: from(row),
        extent: format!(
            "Ran {} on {}, for {}{}{}.",
            number::times(count),
            number::page_views(page_views),
            number::value(total_ms, Unit::Ms),
            forced.unwrap_or_default(),
            slow.unwrap_or_default()
        ),
        advice: row.advice,
        cost: cost(&row.cost),
    }
}

fn origin(row: &OriginRow) -> Origin {
    let ScriptCost { page_views, total_ms, slow_interactions, .. } = row.cost;
    Origin {
        name: row.origin.clone().unwrap_or_else(|| "inline in the page".to_owned()),
        is_third_party: row.is_third_party,
        page_views: number::count(page_views),
        total: number::value(total_ms, Unit::Ms),
        slow_interactions: number::count(slow_interactions),
        cost: cost(&row.cost),
    }
}

fn cost(cost: &ScriptCost) -> Cost {
    Cost {
        blocking: number::value(cost.blocking_ms, Unit::Ms),
        share: number::share(cost.blocking_share),
        share_percent: (cost.blocking_share * 100.0).min(100.0),
    }
}
