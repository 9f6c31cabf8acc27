//! One page view: where and when it was, what was measured, and when what took how long.

use super::{
    PageContext,
    frame::{Frame, Link, Place},
    moment::Moment,
    number, part, print, profiles,
    rated::Rated,
    requests::path,
    resources::one,
    scope::Scope,
};
use crate::{
    ingest::check::host,
    report::{Happened, Interactions, MeasuredMetric, PageView, Span, Unit, metric_name::IN_ORDER},
    roll_up::Facet,
    store::sqlite::PageViewKey,
};
use askama::Template;
use beacon::{Load, MetricName, NumberField, PageError, TextField, TimeSpan};

/// What is shorter would not be seen, in percent of the width.
const PERCENT_MIN: f64 = 0.5;
/// Steps of the scale, of which there is room for as many on a phone.
const STEPS_MAX: f64 = 4.0;
/// What begins behind it, in percent, ends where it would begin.
const LABEL_START_MAX: f64 = 85.0;

#[derive(Template)]
#[template(path = "page_view.html")]
struct PageViewPage<'a> {
    frame: Frame,
    site: &'a str,
    title: &'a str,
    url: Option<&'a str>,
    began: Moment,
    /// Device, browser and so on, as far as it is known.
    about: String,
    is_bot: bool,
    /// By metric.
    values: Vec<(&'static str, Rated)>,
    waterfall: Waterfall,
    /// Parts of the slowest interaction.
    interaction: Waterfall,
    /// The element that it was with, and what runs when that is used slowly.
    target: Option<Link>,
    /// What is left out.
    omitted: Option<String>,
    /// To the latest ones of its route.
    others: Option<String>,
    /// All of it, as JSON.
    all: String,
}

/// What took time, on one scale.
struct Waterfall {
    bars: Vec<Bar>,
    /// The scale.
    ticks: Vec<Tick>,
    /// How much time the whole width is.
    length: String,
}

/// A round time on the scale.
struct Tick {
    percent: f64,
    label: String,
    is_at_end: bool,
}

struct Bar {
    name: String,
    note: String,
    class: &'static str,
    start: String,
    duration: String,
    start_percent: f64,
    percent: f64,
}

/// Something that took time, or happened.
struct Event {
    name: String,
    note: String,
    class: &'static str,
    start_ms: f64,
    /// Absent for a moment.
    duration_ms: Option<f64>,
}

/// The address of the page about a page view.
pub(super) fn address(scope: &Scope, key: PageViewKey) -> String {
    scope.address(&format!("/page-views/{key}"))
}

/// The page.
pub fn page_view_page(it: &PageView, context: &PageContext) -> String {
    let own = it.url.as_deref().and_then(host);
    let dropped = it.timeline.as_ref().map_or(0, |timeline| timeline.dropped);
    let route = it.circumstances.route.as_deref();
    print(&PageViewPage {
        frame: Frame::around(context, Place::PageViews),
        site: &it.site,
        title: route.or(it.url.as_deref()).unwrap_or("a page"),
        url: it.url.as_deref(),
        began: Moment::of(it.started_at, &context.scope.zone),
        about: about(it),
        is_bot: it.is_bot,
        values: IN_ORDER.into_iter().filter_map(|name| value(it, name)).collect(),
        waterfall: Waterfall::of(it.happened().filter_map(|that| event(it, that, own)).collect()),
        interaction: Waterfall::of(
            it.interaction().into_iter().filter_map(|span| of_span(it, span)).collect(),
        ),
        target: target(it, context),
        omitted: (dropped > 0).then(|| {
            format!("{} more took less time, or were too many.", number::count(dropped.into()))
        }),
        others: route.map(|route| {
            context.scope.narrowed(Place::PageViews.path(), (Facet::Route, route), None)
        }),
        all: format!("/v1/sites/{}/page-views/{}", it.site, it.id),
    })
}

fn about(it: &PageView) -> String {
    let it = &it.circumstances;
    let known = [
        it.form_factor.map(|it| it.as_str().to_owned()),
        it.browser.clone(),
        it.os.clone(),
        it.country.clone(),
        it.connection.map(|it| it.as_str().to_owned()),
        it.release.as_ref().map(|release| format!("release {release}")),
        it.navigation_type.map(|it| it.as_str().to_owned()),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn value(it: &PageView, name: MetricName) -> Option<(&'static str, Rated)> {
    let MeasuredMetric { value, .. } = it.metrics[name as usize].as_ref()?;
    Some((name.as_str(), Rated::of(name, value.value, value.rating)))
}

fn text(it: &PageView, name: MetricName, wanted: TextField) -> Option<&String> {
    let MeasuredMetric { attribution, .. } = it.metrics[name as usize].as_ref()?;
    attribution.texts.iter().find(|(field, _)| *field == wanted).map(|(_, text)| text)
}

fn target(it: &PageView, context: &PageContext) -> Option<Link> {
    let selector = text(it, MetricName::Inp, TextField::InteractionTarget)?;
    let href = profiles::address(&context.scope, Interactions::Slow, Some(selector));
    Some(Link { text: selector.clone(), href, is_current: false })
}

impl Waterfall {
    /// In the order of time.
    fn of(mut events: Vec<Event>) -> Self {
        events.sort_by(|a, b| a.start_ms.total_cmp(&b.start_ms));
        let end = |it: &Event| it.start_ms + it.duration_ms.unwrap_or(0.0);
        let length_ms = events.iter().map(end).fold(1.0, f64::max);
        let bars = events.into_iter().map(|it| Bar::of(it, length_ms)).collect();
        Self { bars, ticks: ticks(length_ms), length: number::value(length_ms, Unit::Ms) }
    }
}

/// At steps of 1, 2 or 5 of a power of ten.
fn ticks(length_ms: f64) -> Vec<Tick> {
    let power = 10_f64.powf((length_ms / STEPS_MAX).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    let step = steps.into_iter().find(|step| length_ms / step <= STEPS_MAX);
    let step = step.unwrap_or(length_ms);
    let times = std::iter::successors(Some(0.0), |time| Some(time + step));
    let tick = |ms: f64| {
        let percent = ms / length_ms * 100.0;
        let label = number::round_value(ms, Unit::Ms);
        Tick { percent, label, is_at_end: percent > LABEL_START_MAX }
    };
    times.take_while(|ms| *ms <= length_ms).map(tick).collect()
}

impl Bar {
    fn of(event: Event, length_ms: f64) -> Self {
        let Event { name, note, class, start_ms, duration_ms } = event;
        let percent = duration_ms.unwrap_or(0.0) / length_ms * 100.0;
        // A quotient of equals may be rounded to more than all.
        let percent = percent.clamp(PERCENT_MIN, 100.0);
        let start_percent = start_ms / length_ms * 100.0;
        Self {
            name,
            note,
            class,
            start: number::value(start_ms, Unit::Ms),
            duration: duration_ms.map_or_else(|| "–".to_owned(), |ms| number::value(ms, Unit::Ms)),
            start_percent: start_percent.clamp(0.0, 100.0 - percent),
            percent,
        }
    }
}

/// The slowest interaction is shown apart.
fn event(it: &PageView, happened: Happened<'_>, own: Option<&str>) -> Option<Event> {
    match happened {
        Happened::Part(span) if span.metric.0 == MetricName::Inp => None,
        Happened::Part(span) => of_span(it, span),
        Happened::Load(it) => Some(load(it, own)),
        Happened::LongFrame(it) => Some(long_frame(it)),
        Happened::Error(it) => Some(error(it)),
    }
}

/// The time to the first byte has parts of its own.
fn of_span(it: &PageView, span: Span) -> Option<Event> {
    let element = match span.name {
        NumberField::LargestShiftTime => text(it, MetricName::Cls, TextField::LargestShiftTarget),
        NumberField::ElementRenderDelay => text(it, MetricName::Lcp, TextField::Target),
        _ => None,
    };
    let metric = span.metric.0.as_str();
    let is_shown = span.name != NumberField::TimeToFirstByte && span.duration != Some(0.0);
    is_shown.then(|| Event {
        name: part::words(span.name).to_owned(),
        note: element.map_or_else(|| metric.to_owned(), |element| format!("{metric} of {element}")),
        class: "part",
        start_ms: span.start,
        duration_ms: span.duration,
    })
}

/// A host is named where it is not the page's own.
fn load(Load { kind, url, start_ms, duration_ms }: &Load, own: Option<&str>) -> Event {
    let foreign = host(url).filter(|host| Some(*host) != own);
    let foreign = foreign.map(|host| format!(" from {host}"));
    Event {
        name: path(url).to_owned(),
        note: format!("{}{}", one(*kind), foreign.unwrap_or_default()),
        class: "load",
        start_ms: f64::from(*start_ms),
        duration_ms: Some(f64::from(*duration_ms)),
    }
}

fn long_frame(TimeSpan { start_ms, duration_ms }: TimeSpan) -> Event {
    Event {
        name: "Long frame".to_owned(),
        note: "nothing was painted meanwhile".to_owned(),
        class: "frame-bar",
        start_ms: f64::from(start_ms),
        duration_ms: Some(f64::from(duration_ms)),
    }
}

fn error(PageError { message, first_ms, count, .. }: &PageError) -> Event {
    let again = (*count > 1).then(|| format!(", {}", number::times((*count).into())));
    Event {
        name: message.clone(),
        note: format!("error{}", again.unwrap_or_default()),
        class: "error-bar",
        start_ms: f64::from(*first_ms),
        duration_ms: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(start_ms: f64, duration_ms: Option<f64>) -> Event {
        Event { name: String::new(), note: String::new(), class: "load", start_ms, duration_ms }
    }

    #[test]
    fn bars_stand_in_the_order_of_time_on_one_scale() {
        let events = vec![event(500.0, Some(1500.0)), event(0.0, Some(200.0)), event(2000.0, None)];
        let Waterfall { bars, length, .. } = Waterfall::of(events);
        let places = bars.iter().map(|it| (it.start_percent, it.percent)).collect::<Vec<_>>();
        assert_eq!(places, [(0.0, 10.0), (25.0, 75.0), (99.5, 0.5)]);
        assert_eq!(length, "2.00\u{a0}s");
        assert_eq!(bars[2].duration, "–");
    }

    #[test]
    fn the_scale_has_round_times() {
        let labels = |ms| ticks(ms).into_iter().map(|it| it.label).collect::<Vec<_>>();
        let labels = |ms| labels(ms).join(", ").replace('\u{a0}', " ");
        assert_eq!(labels(2000.0), "0 ms, 500 ms, 1 s, 1.5 s, 2 s");
        assert_eq!(labels(2001.0), "0 ms, 1 s, 2 s");
        assert_eq!(labels(38.0), "0 ms, 10 ms, 20 ms, 30 ms");
        assert_eq!(labels(1.0), "0 ms, 0.5 ms, 1 ms");
        assert!(ticks(2000.0).last().unwrap().is_at_end);
    }

    #[test]
    fn a_bar_that_is_as_wide_as_all_is_never_wider() {
        for tenths in 0..100_000_u32 {
            let (start_ms, ms) = (f64::from(tenths % 7), f64::from(tenths) / 10.0);
            let bar = &Waterfall::of(vec![event(start_ms, Some(ms))]).bars[0];
            assert!(bar.start_percent + bar.percent <= 100.001, "{tenths}");
        }
    }

    #[test]
    fn of_nothing_there_is_no_bar() {
        assert!(Waterfall::of(Vec::new()).bars.is_empty());
    }
}
