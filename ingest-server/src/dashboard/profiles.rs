//! Where the time of scripts on a site's pages goes.

use super::{
    PageContext,
    find::{Find, FindForm},
    flames::{Flames, FrameKey},
    frame::{Chip, Frame, Link, Place},
    number, print,
    scope::Scope,
    told::{self, Source},
};
use crate::report::{FunctionRow, Interactions, ProfilesReport, StackRow, Unit};
use askama::Template;
use inferno::flamegraph::{
    self, Options,
    color::{BackgroundColor, BasicPalette, Color, Palette},
};
use url::form_urlencoded::Serializer;

/// Pixels that a function is high in the flame graph.
const FRAME_HEIGHT: usize = 20;
/// As the page has it.
const WIDTH: usize = 1000;
const WHITE: Color = Color { r: 255, g: 255, b: 255 };

#[derive(Template)]
#[template(path = "profiles.html")]
struct ProfilesPage<'a> {
    frame: Frame,
    site: &'a str,
    /// As in "12 functions".
    count: String,
    period: &'static str,
    /// What it was read from.
    source: String,
    functions: Vec<Function>,
    /// To all samples, and to those within slow interactions.
    samples: Vec<Link>,
    /// Whether nothing was left out by the question.
    is_whole: bool,
    /// Of the page views' slowest interaction, if they are those of one only.
    target: Option<Chip>,
    flames: Flames,
    find: FindForm,
    /// The address of the flame graph as a picture.
    flame_graph: String,
    /// Where there is more of it, as JSON.
    all: String,
    /// What is left out.
    omitted: Option<String>,
}

struct Function {
    name: String,
    from: String,
    page_views: String,
    own: String,
    own_share: String,
    total: String,
    total_share: String,
    percent: f64,
}

/// The page, with a frame at full width if one is chosen, and what is looked for; its picture is asked for by what the
/// answer is kept by.
pub fn profiles_page(
    report: &ProfilesReport,
    context: &PageContext,
    kept: &str,
    (chosen, find): (Option<FrameKey>, Option<&Find>),
) -> String {
    let address = |interactions, target| self::address(&context.scope, interactions, target);
    let target = report.target.as_deref();
    let of_frame = |scope: &Scope, key: Option<FrameKey>| {
        let mut query = scope.query();
        of_samples(&mut query, report.interactions, target);
        query.extend_pairs(key.map(|key| ("frame", key.to_string())));
        query.extend_pairs(find.map(|find| ("find", find.as_str())));
        format!("{}?{}", Place::Profiles.path(), query.finish())
    };
    let flames = Flames::new(&report.stacks, (chosen, find), |key| {
        format!("{}#flames", of_frame(&context.scope, key))
    });
    let samples = [(Interactions::All, "All samples"), (Interactions::Slow, "Slow interactions")];
    let samples = samples.map(|(interactions, text)| Link {
        text: text.to_owned(),
        href: address(interactions, target),
        is_current: interactions == report.interactions,
    });
    print(&ProfilesPage {
        frame: Frame::filtered(context, Place::Profiles, |scope| of_frame(scope, chosen)),
        site: &report.site,
        count: number::functions(report.functions),
        period: context.scope.period.length(),
        source: source(report),
        functions: report.rows.iter().map(function).collect(),
        samples: samples.into(),
        is_whole: target.is_none() && report.interactions == Interactions::All,
        target: target.map(|selector| Chip {
            name: "INP of",
            value: selector.to_owned(),
            others: "Of all elements".to_owned(),
            without: address(report.interactions, None),
        }),
        find: FindForm {
            action: "/profiles#flames",
            hidden: hidden(report, &context.scope, chosen),
            label: "Find a function",
            text: find.map_or_else(String::new, |find| find.as_str().to_owned()),
            found: flames.found.clone(),
        },
        flames,
        flame_graph: format!(
            "/profiles.svg?{}&answer={kept}",
            query(&context.scope, report.interactions, target)
        ),
        all: all(report, &context.scope),
        omitted: omitted(report),
    })
}

/// What the page is asked besides what is looked for.
fn hidden(
    report: &ProfilesReport,
    scope: &Scope,
    chosen: Option<FrameKey>,
) -> Vec<(&'static str, String)> {
    let interactions = Some(report.interactions).filter(|it| *it != Interactions::default());
    let own = [
        ("interactions", interactions.map(|it| it.as_str().to_owned())),
        ("target", report.target.as_deref().map(str::to_owned)),
        ("frame", chosen.map(|key| key.to_string())),
    ];
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
    scope.fields().into_iter().chain(own).collect()
}

/// The address of this page.
pub(super) fn address(scope: &Scope, interactions: Interactions, target: Option<&str>) -> String {
    format!("/profiles?{}", query(scope, interactions, target))
}

/// What an address of this page, or its picture, asks for.
fn query(scope: &Scope, interactions: Interactions, target: Option<&str>) -> String {
    let mut query = scope.query();
    of_samples(&mut query, interactions, target);
    query.finish()
}

fn of_samples(
    query: &mut Serializer<'_, String>,
    interactions: Interactions,
    target: Option<&str>,
) {
    if interactions != Interactions::default() {
        query.append_pair("interactions", interactions.as_str());
    }
    if let Some(target) = target {
        query.append_pair("target", target);
    }
}

fn all(report: &ProfilesReport, scope: &Scope) -> String {
    let mut address = told::all(scope, report.period, "profiles");
    let mut query = Serializer::new(String::new());
    of_samples(&mut query, report.interactions, report.target.as_deref());
    let query = query.finish();
    if !query.is_empty() {
        address.push('&');
        address.push_str(&query);
    }
    address
}

/// From which page views it was read.
pub(crate) fn source(report: &ProfilesReport) -> String {
    let were = if report.page_views == 1 { "was" } else { "were" };
    told::source(&Source {
        page_views: report.page_views,
        tell: &format!("{were} profiled"),
        period: report.period,
        kept_from: report.kept_from,
        sampled: report.sampled,
    })
}

/// What is left out.
pub(crate) fn omitted(report: &ProfilesReport) -> Option<String> {
    let others = report.functions.saturating_sub(report.rows.len() as u64);
    let others = (others > 0).then(|| format!("{} take less time.", number::functions(others)));
    let dropped = (report.dropped_ms > 0.0).then(|| {
        let time = number::value(report.dropped_ms, Unit::Ms);
        format!("{time} ran in stacks past those that a page view can send.")
    });
    told::omitted([others, dropped])
}

/// What people call a function.
pub(crate) fn name(row: &FunctionRow) -> &str {
    row.name.as_deref().unwrap_or("(anonymous)")
}

/// Where a function stands; nothing, for what is the browser's own.
pub(crate) fn place(row: &FunctionRow) -> Option<String> {
    let source = row.source.as_deref()?;
    Some(row.line.map_or_else(|| source.to_owned(), |line| format!("{source}:{line}")))
}

fn function(row: &FunctionRow) -> Function {
    Function {
        name: name(row).to_owned(),
        from: place(row).unwrap_or_else(|| "the browser".to_owned()),
        page_views: number::count(row.page_views),
        own: number::value(row.self_ms, Unit::Ms),
        own_share: number::share(row.self_share),
        total: number::value(row.total_ms, Unit::Ms),
        total_share: number::share(row.total_share),
        percent: (row.total_share * 100.0).min(100.0),
    }
}

/// A flame graph (<https://www.brendangregg.com/flamegraphs.html>) of stacks, as SVG.
///
/// # Errors
/// It cannot be drawn.
pub fn flame_graph(report: &ProfilesReport) -> std::io::Result<Vec<u8>> {
    let lines = report.stacks.iter().map(folded).collect::<Vec<_>>();
    let mut options = Options::default();
    options.title.clear();
    options.colors = Palette::Basic(BasicPalette::Aqua);
    options.bgcolors = Some(BackgroundColor::Flat(WHITE));
    // A function has one color wherever it is called.
    options.hash = true;
    options.image_width = Some(WIDTH);
    "ms".clone_into(&mut options.count_name);
    options.frame_height = FRAME_HEIGHT;
    options.no_javascript = true;
    let mut svg = Vec::new();
    let drawn = flamegraph::from_lines(&mut options, lines.iter().map(String::as_str), &mut svg);
    drawn.map_err(std::io::Error::other)?;
    Ok(svg)
}

/// `outer;inner 120`, as flame graphs are made of. What separates may be part of no name.
fn folded(StackRow { functions, self_ms }: &StackRow) -> String {
    let functions = functions.iter().map(|it| it.replace([';', '\n'], ","));
    format!("{} {:.0}", functions.collect::<Vec<_>>().join(";"), self_ms.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_separator_is_one_function() {
        let functions = vec!["a;b".to_owned(), "c 7".to_owned()];
        assert_eq!(folded(&StackRow { functions, self_ms: 12.4 }), "a,b;c 7 12");
    }
}
