use super::*;
use crate::entry::{Event, LayoutShift};
use beacon::MetricName;

const PAINTED: Entry = Entry::FirstContentfulPaint { start_ms: 800.0 };
const NOW: DocumentState = DocumentState {
    interaction_count: None,
    load_times: LoadTimes {
        is_loading: false,
        dom_interactive_ms: 500.0,
        dom_content_loaded_ms: 600.0,
        dom_complete_ms: 2400.0,
    },
};

fn loaded() -> Navigation {
    Navigation { response_start_ms: Some(120.0), ..Navigation::default() }
}

fn page_view(first_hidden_ms: f64) -> PageView {
    let mut page_view = PageView::new(&loaded(), first_hidden_ms);
    page_view.on_shifts_reported();
    page_view
}

fn largest(start_ms: f64) -> Entry {
    let element = PaintedElement { about: "#hero".to_owned(), resource: None };
    Entry::LargestContentfulPaint { start_ms, element }
}

fn visible() -> PageView {
    page_view(f64::INFINITY)
}

fn value(page_view: &PageView, name: MetricName) -> Option<f64> {
    let metrics = page_view.metrics(&NOW);
    metrics.iter().find(|metric| metric.name == name).map(|metric| metric.value)
}

fn shift(start_ms: f64) -> Entry {
    Entry::LayoutShift(LayoutShift {
        start_ms,
        score: 0.2,
        had_recent_input: false,
        has_sources: true,
        target: "p.banner".to_owned(),
    })
}

fn interaction(interaction_id: u64, duration_ms: f64) -> Entry {
    Entry::Event(Event {
        interaction_id,
        start_ms: 3000.0,
        duration_ms,
        processing_start_ms: 3001.0,
        processing_end_ms: 3100.0,
        is_keyboard: false,
        target: "#buy".to_owned(),
        is_first_input: false,
    })
}

/// A page that was loaded, painted, shifted and clicked.
fn used() -> PageView {
    let mut page_view = visible();
    for entry in [PAINTED, largest(2300.0), shift(900.0), interaction(7, 312.0)] {
        page_view.on_entry(entry);
    }
    page_view
}

/// CLS, FCP, INP, LCP, TTFB.
fn values(page_view: &PageView) -> [Option<f64>; 5] {
    use MetricName::{Cls, Fcp, Inp, Lcp, Ttfb};
    [Cls, Fcp, Inp, Lcp, Ttfb].map(|name| value(page_view, name))
}

#[test]
fn a_visible_page_reports_all_five() {
    assert_eq!(values(&used()), [Some(0.2), Some(800.0), Some(312.0), Some(2300.0), Some(120.0)]);
}

#[test]
fn a_page_back_from_the_cache_begins_anew_when_it_is_shown() {
    let mut page_view = used();
    page_view.on_hidden(5000.0);
    page_view.on_restored(90_000.0, None);
    assert_eq!(values(&page_view), [None, None, None, None, Some(0.0)]);
    page_view.on_restored_paint(90_032.5);
    page_view.on_entry(shift(90_500.0));
    assert_eq!(values(&page_view), [Some(0.2), Some(32.5), None, Some(32.5), Some(0.0)]);
    assert!((page_view.origin_ms() - 90_000.0).abs() < f64::EPSILON);
}

#[test]
fn a_page_back_from_the_cache_that_is_hidden_before_it_is_painted_has_no_paint() {
    let mut page_view = used();
    page_view.on_restored(90_000.0, None);
    page_view.on_hidden(90_010.0);
    page_view.on_restored_paint(99_000.0);
    assert_eq!(values(&page_view), [None, None, None, None, Some(0.0)]);
}

fn soft_navigation() -> SoftNavigation {
    let largest_paint = InteractionPaint {
        start_ms: 10_000.0,
        interaction_id: Some(21),
        paint_ms: 10_050.0,
        element: PaintedElement::default(),
    };
    SoftNavigation {
        start_ms: 10_000.0,
        paint_ms: Some(10_040.0),
        interaction_id: 21,
        interaction_count: None,
        largest_paint: Some(largest_paint),
    }
}

fn painted_by(interaction_id: Option<u64>, paint_ms: f64) -> Entry {
    Entry::InteractionPaint(InteractionPaint {
        start_ms: 10_000.0,
        interaction_id,
        paint_ms,
        element: PaintedElement::default(),
    })
}

#[test]
fn a_soft_navigation_ends_a_page_view_and_begins_the_next() {
    let mut page_view = used();
    page_view.on_entry(Entry::SoftNavigation(soft_navigation()));
    assert_eq!(values(&page_view), [Some(0.0), Some(40.0), None, Some(50.0), Some(0.0)]);
}

#[test]
fn only_paints_of_its_own_interaction_are_a_soft_navigations() {
    let mut page_view = used();
    page_view.on_entry(Entry::SoftNavigation(soft_navigation()));
    page_view.on_entry(painted_by(Some(21), 10_300.0));
    page_view.on_entry(painted_by(Some(28), 10_900.0));
    page_view.on_entry(largest(10_900.0));
    assert_eq!(value(&page_view, MetricName::Lcp), Some(300.0));
    page_view.on_entry(painted_by(None, 10_400.0));
    assert_eq!(value(&page_view, MetricName::Lcp), Some(400.0), "an older browser");
}

#[test]
fn a_page_that_was_loaded_takes_no_paint_of_an_interaction() {
    let mut page_view = used();
    page_view.on_entry(painted_by(None, 10_300.0));
    assert_eq!(values(&page_view), values(&used()));
}

#[test]
fn short_interactions_of_a_later_page_view_are_8_ms_rather_than_none() {
    let mut page_view = used();
    let interaction_count = Some(1);
    page_view
        .on_entry(Entry::SoftNavigation(SoftNavigation { interaction_count, ..soft_navigation() }));
    let inp = |page_view: &PageView, count| {
        let document = DocumentState { interaction_count: Some(count), ..NOW };
        let metrics = page_view.metrics(&document);
        metrics.iter().find(|m| m.name == MetricName::Inp).map(|m| m.value)
    };
    assert_eq!(inp(&page_view, 1), None);
    assert_eq!(inp(&page_view, 2), Some(8.0));
    page_view.on_entry(interaction(28, 64.0));
    assert_eq!(inp(&page_view, 2), Some(64.0));
}

#[test]
fn a_route_change_that_the_browser_tells_nothing_of_has_no_paints() {
    let mut page_view = used();
    page_view.on_route_change(10_000.0, None);
    page_view.on_entry(shift(10_100.0));
    page_view.on_entry(interaction(28, 64.0));
    assert_eq!(values(&page_view), [Some(0.2), None, Some(64.0), None, Some(0.0)]);
}

#[test]
fn who_changes_the_route_of_a_page_that_was_opened_in_the_background_sees_its_shifts() {
    let mut page_view = page_view(0.0);
    page_view.on_entry(PAINTED);
    page_view.on_route_change(10_000.0, None);
    page_view.on_entry(shift(10_100.0));
    assert_eq!(values(&page_view), [Some(0.2), None, None, None, Some(0.0)]);
}

#[test]
fn a_route_change_that_nothing_is_measured_of_is_a_page_view_that_needed_no_request() {
    let mut page_view = PageView::new(&loaded(), f64::INFINITY);
    page_view.on_route_change(10_000.0, None);
    assert_eq!(values(&page_view), [None, None, None, None, Some(0.0)]);
}

#[test]
fn the_first_input_is_no_later_page_views() {
    let Entry::Event(event) = interaction(7, 16.0) else { unreachable!() };
    let mut page_view = visible();
    page_view.on_route_change(3000.5, None);
    page_view.on_entry(Entry::Event(Event { is_first_input: true, ..event }));
    assert_eq!(value(&page_view, MetricName::Fid), None);
}

#[test]
fn the_first_input_delay_is_measured_too() {
    let mut page_view = visible();
    let Entry::Event(event) = interaction(7, 16.0) else { unreachable!() };
    page_view.on_entry(Entry::Event(Event { is_first_input: true, ..event }));
    assert_eq!(value(&page_view, MetricName::Fid), Some(1.0));
    assert_eq!(value(&page_view, MetricName::Inp), Some(16.0));
}

#[test]
fn a_page_opened_in_the_background_reports_its_first_byte_only() {
    let mut page_view = page_view(0.0);
    page_view.on_entry(PAINTED);
    page_view.on_entry(largest(800.0));
    page_view.on_entry(shift(900.0));
    assert_eq!(values(&page_view), [None, None, None, None, Some(120.0)]);
}

#[test]
fn a_browser_that_reports_no_shifts_has_no_cls_rather_than_0() {
    let mut page_view = PageView::new(&loaded(), f64::INFINITY);
    page_view.on_entry(PAINTED);
    assert_eq!(value(&page_view, MetricName::Cls), None);
}

#[test]
fn shifts_before_the_first_paint_count_once_it_came() {
    let mut page_view = visible();
    page_view.on_entry(shift(700.0));
    assert_eq!(value(&page_view, MetricName::Cls), None);
    page_view.on_entry(PAINTED);
    assert_eq!(value(&page_view, MetricName::Cls), Some(0.2));
}

#[test]
fn what_is_painted_after_the_page_was_hidden_is_not_measured() {
    let mut page_view = visible();
    page_view.on_hidden(500.0);
    page_view.on_hidden(5000.0);
    page_view.on_entry(PAINTED);
    assert_eq!(value(&page_view, MetricName::Fcp), None);
}

#[test]
fn shifts_and_interactions_go_on_after_the_page_was_hidden_and_shown_again() {
    let mut page_view = visible();
    page_view.on_entry(PAINTED);
    page_view.on_hidden(2000.0);
    page_view.on_entry(shift(9000.0));
    assert_eq!(value(&page_view, MetricName::Cls), Some(0.2));
}

#[test]
fn leaving_ends_the_search_for_the_largest_paint() {
    let mut page_view = visible();
    page_view.on_entry(largest(2300.0));
    page_view.on_hidden(5000.0);
    page_view.on_entry(largest(4000.0));
    assert_eq!(value(&page_view, MetricName::Lcp), Some(2300.0));
}

#[test]
fn a_value_that_only_a_broken_clock_can_give_is_absent() {
    let mut page_view = visible();
    page_view.on_entry(Entry::FirstContentfulPaint { start_ms: 1e12 });
    page_view.on_entry(largest(f64::NAN));
    assert_eq!(value(&page_view, MetricName::Fcp), None);
    assert_eq!(value(&page_view, MetricName::Lcp), None);
}
