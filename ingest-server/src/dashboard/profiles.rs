//! Where the time of scripts on a site's pages goes.

use super::{
    PageContext,
    frame::{Frame, Place},
    number, print,
    told::{self, Source},
};
use crate::report::{FunctionRow, ProfilesReport, StackRow, Unit};
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
    /// The address of the flame graph.
    flame_graph: String,
    /// Where there is more of it, as JSON; all, and within slow interactions.
    all: [String; 2],
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

/// The page.
pub fn profiles_page(report: &ProfilesReport, context: &PageContext) -> String {
    let all = told::all(&report.site, report.period, "profiles");
    let query = Serializer::new(String::new())
        .append_pair("site", &report.site)
        .append_pair("period", context.period.as_str())
        .finish();
    print(&ProfilesPage {
        frame: Frame::in_period(&report.site, context, Place::Profiles),
        site: &report.site,
        count: number::functions(report.functions),
        period: context.period.length(),
        source: source(report),
        functions: report.rows.iter().map(function).collect(),
        flame_graph: format!("/profiles.svg?{query}"),
        all: [all.clone(), format!("{all}&interactions=slow")],
        omitted: omitted(report),
    })
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
        format!("{time} ran in stacks that were too many to be told apart.")
    });
    told::omitted([others, dropped])
}

/// What people call a function.
pub(crate) fn name(row: &FunctionRow) -> &str {
    row.name.as_deref().unwrap_or("(anonymous)")
}

fn function(row: &FunctionRow) -> Function {
    Function {
        name: name(row).to_owned(),
        from: row.source.clone().unwrap_or_else(|| "the browser".to_owned()),
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
