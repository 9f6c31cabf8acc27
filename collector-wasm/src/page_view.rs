//! One page view: it owns the vitals and is the only place that knows the lifecycle. What loading,
//! hidden, restored and another route mean for each vital is decided here, once.

use crate::{
    attribution::{Interactions, LoadTimes, PaintedElement, RequestTimes, Shifts, explain_lcp},
    entry::{Entry, InteractionPaint, Navigation, SoftNavigation},
    vitals::{Cls, EVENT_DURATION_MIN_MS, Fcp, Fid, Inp, InteractionCount, Lcp, Ttfb},
};
use beacon::{Attribution, Metric, MetricName, NumberField, TextField, limits};

/// INP of a page view that had interactions, all of them too short to be reported: browsers round
/// durations to 8 ms. A loaded page needs no such guess, because its first input is always reported.
const SHORT_INTERACTION_MS: f64 = 8.0;

/// The vitals of one page view. A document has several when it is restored from the back/forward
/// cache, or when it changes its route without loading.
#[derive(Clone, Debug)]
pub struct PageView {
    beginning: Beginning,
    origin_ms: f64,
    first_hidden_ms: f64,
    /// Layout shifts count from the first paint on.
    is_painted: bool,
    cls: Option<Cls>,
    fcp: Fcp,
    fid: Fid,
    inp: Inp,
    interaction_count: InteractionCount,
    lcp: Lcp,
    ttfb: Ttfb,
    shifts: Shifts,
    interactions: Interactions,
    largest_element: PaintedElement,
    request: RequestTimes,
}

/// What the browser tells of the document as a whole, which changes all the time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DocumentState {
    /// `performance.interactionCount`, where the browser has it.
    pub interaction_count: Option<u64>,
    /// How far it is loaded.
    pub load_times: LoadTimes,
}

/// How a page view came about, as far as the vitals are concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Beginning {
    /// The document was loaded.
    Load,
    /// The document came back from the back/forward cache.
    Restore,
    /// The browser has noticed another route, and the interaction that led to it.
    SoftNavigation { interaction_id: u64 },
    /// The address has changed, and the browser tells no more than that.
    RouteChange,
}

impl PageView {
    /// Begins the page view of a document that was loaded. `first_hidden_ms` is when it was hidden
    /// for the first time, as far as the browser remembers: infinite if never, 0 if it was opened
    /// in the background.
    pub fn new(navigation: &Navigation, first_hidden_ms: f64) -> Self {
        Self {
            beginning: Beginning::Load,
            origin_ms: navigation.activation_start_ms,
            first_hidden_ms,
            is_painted: false,
            cls: None,
            fcp: Fcp::default(),
            fid: Fid::default(),
            inp: Inp::default(),
            interaction_count: InteractionCount::default(),
            lcp: Lcp::default(),
            ttfb: Ttfb::new(navigation),
            shifts: Shifts::default(),
            interactions: Interactions::default(),
            largest_element: PaintedElement::default(),
            request: navigation.request,
        }
    }

    /// The browser reports layout shifts, so that none is 0; without this call it is unknown.
    pub fn on_shifts_reported(&mut self) {
        self.cls = Some(Cls::default());
    }

    /// Hands an entry to the vitals that it concerns. One that
    /// [begins a page view](Entry::begins_page_view) makes this the next one: report it before.
    ///
    /// Entries come in the order in which they ended. `interaction_count` is
    /// `performance.interactionCount`, where the browser has it.
    pub fn on_entry(&mut self, entry: Entry, interaction_count: Option<u64>) {
        match entry {
            Entry::FirstContentfulPaint { start_ms } if self.is_load() => {
                self.on_first_paint(start_ms);
            }
            Entry::LargestContentfulPaint { start_ms, element } if self.is_load() => {
                self.on_largest_paint(start_ms, self.origin_ms, element);
            }
            Entry::FirstContentfulPaint { .. } | Entry::LargestContentfulPaint { .. } => {}
            Entry::LayoutShift(shift) => {
                if let Some(shifted) = self.cls.as_mut().and_then(|cls| cls.on_shift(&shift)) {
                    self.shifts.on_shift(shift, shifted);
                }
            }
            Entry::Event(event) => {
                self.interaction_count.on_interaction_id(event.interaction_id);
                if self.is_load() {
                    self.fid.on_event(&event, self.first_hidden_ms);
                }
                let step = self.inp.on_event(&event, EVENT_DURATION_MIN_MS);
                self.interactions.on_event(&event, step, &self.inp);
            }
            Entry::LongFrame(long_frame) => self.interactions.on_long_frame(long_frame),
            Entry::InteractionPaint(paint) => self.on_interaction_paint(paint),
            Entry::SoftNavigation(navigation) => {
                self.on_soft_navigation(navigation, interaction_count);
            }
        }
    }

    /// The page was hidden. It may become visible again; what is painted first then is no measure
    /// of its loading.
    pub fn on_hidden(&mut self, now_ms: f64) {
        self.first_hidden_ms = self.first_hidden_ms.min(now_ms);
        self.lcp.finalize();
    }

    /// The document came back from the back/forward cache, and this is the next page view.
    pub fn on_restored(&mut self, now_ms: f64, interaction_count: Option<u64>) {
        self.begin_anew(Beginning::Restore, now_ms, interaction_count);
    }

    /// What came back from the back/forward cache has been painted: all of it at once.
    pub fn on_restored_paint(&mut self, now_ms: f64) {
        if self.beginning == Beginning::Restore {
            self.on_first_paint(now_ms);
            self.on_largest_paint(now_ms, self.origin_ms, PaintedElement::default());
            self.lcp.finalize();
        }
    }

    /// The address has changed in a browser that does not tell soft navigations, and this is the
    /// next page view. No paint of it is known.
    pub fn on_route_change(&mut self, now_ms: f64, interaction_count: Option<u64>) {
        let is_painted = self.is_painted;
        self.begin_anew(Beginning::RouteChange, now_ms, interaction_count);
        self.is_painted = is_painted;
        self.ttfb = Ttfb::default();
    }

    fn on_soft_navigation(&mut self, navigation: SoftNavigation, interaction_count: Option<u64>) {
        let SoftNavigation { start_ms, paint_ms, interaction_id, largest_paint } = navigation;
        let beginning = Beginning::SoftNavigation { interaction_id };
        self.begin_anew(beginning, start_ms, interaction_count);
        if let Some(paint_ms) = paint_ms {
            self.on_first_paint(paint_ms);
        }
        if let Some(paint) = largest_paint {
            self.on_interaction_paint(paint);
        }
    }

    /// Another page view of the same document: what was measured is forgotten, what can be measured
    /// is not.
    fn begin_anew(&mut self, beginning: Beginning, now_ms: f64, interaction_count: Option<u64>) {
        self.beginning = beginning;
        self.origin_ms = now_ms;
        self.first_hidden_ms = f64::INFINITY;
        self.is_painted = false;
        self.cls = self.cls.map(|_| Cls::default());
        self.fcp = Fcp::default();
        self.fid = Fid::default();
        self.inp = Inp::default();
        self.interaction_count = self.interaction_count.next(interaction_count);
        self.lcp = Lcp::default();
        self.ttfb = self.ttfb.without_request();
        self.shifts = Shifts::default();
        self.interactions.begin_anew();
        self.largest_element = PaintedElement::default();
    }

    fn on_first_paint(&mut self, paint_ms: f64) {
        self.fcp.on_paint(paint_ms, self.first_hidden_ms, self.origin_ms);
        self.is_painted = self.fcp.value_ms().is_some();
    }

    fn on_largest_paint(&mut self, paint_ms: f64, origin_ms: f64, element: PaintedElement) {
        if self.lcp.on_paint(paint_ms, self.first_hidden_ms, origin_ms) {
            self.largest_element = element;
        }
    }

    /// Paints of other interactions are none of a soft navigation's.
    fn on_interaction_paint(&mut self, paint: InteractionPaint) {
        let Beginning::SoftNavigation { interaction_id } = self.beginning else { return };
        if paint.interaction_id.is_none_or(|id| id == interaction_id) {
            self.on_largest_paint(paint.paint_ms, paint.start_ms, paint.element);
        }
    }

    /// Whether it is the one that the document was loaded for.
    pub fn is_load(&self) -> bool {
        self.beginning == Beginning::Load
    }

    /// When it began.
    pub fn origin_ms(&self) -> f64 {
        self.origin_ms
    }

    /// What is known so far.
    pub fn metrics(&self, document: &DocumentState) -> Vec<Metric> {
        let mut metrics = Vec::with_capacity(limits::METRICS_MAX);
        for name in MetricName::ALL {
            if let Some(value) = self.value(name, document)
                && is_within_limits(name, value)
            {
                metrics.push(Metric {
                    attribution: self.explain(name, value, document),
                    name,
                    value,
                });
            }
        }
        metrics
    }

    fn value(&self, name: MetricName, document: &DocumentState) -> Option<f64> {
        match name {
            MetricName::Cls => self.cls.as_ref().filter(|_| self.is_painted).map(Cls::value),
            MetricName::Fcp => self.fcp.value_ms(),
            MetricName::Inp => self.inp_ms(document),
            MetricName::Lcp => self.lcp.value_ms(),
            MetricName::Ttfb => self.ttfb.value_ms(),
            MetricName::Fid => self.fid.value_ms(),
        }
    }

    fn inp_ms(&self, document: &DocumentState) -> Option<f64> {
        let count = self.interaction_count.get(document.interaction_count);
        match self.inp.p98(count) {
            Some(interaction) => Some(interaction.latency_ms),
            None => (count > 0 && !self.is_load()).then_some(SHORT_INTERACTION_MS),
        }
    }

    fn explain(&self, name: MetricName, value: f64, document: &DocumentState) -> Attribution {
        let mut attribution = Attribution::default();
        let DocumentState { interaction_count, load_times } = document;
        let ttfb_ms = self.ttfb.value_ms().unwrap_or(0.0);
        match name {
            MetricName::Cls => self.shifts.explain(load_times, &mut attribution),
            MetricName::Fcp => {
                attribution.number(NumberField::TimeToFirstByte, ttfb_ms);
                attribution.number(NumberField::FirstByteToFcp, value - ttfb_ms);
                attribution
                    .text(TextField::LoadState, self.state_at_first_paint(value, load_times));
            }
            MetricName::Inp => {
                let count = self.interaction_count.get(*interaction_count);
                if let Some(interaction) = self.inp.p98(count) {
                    self.interactions.explain(interaction.id, load_times, &mut attribution);
                }
            }
            MetricName::Lcp => {
                let (element, origin_ms) = (&self.largest_element, self.origin_ms);
                explain_lcp(element, value, ttfb_ms, origin_ms, &mut attribution);
            }
            MetricName::Ttfb if self.is_load() => {
                self.request.explain(value, self.origin_ms, &mut attribution);
            }
            MetricName::Ttfb | MetricName::Fid => {}
        }
        attribution
    }

    fn state_at_first_paint(&self, fcp_ms: f64, load_times: &LoadTimes) -> &'static str {
        match self.beginning {
            Beginning::Load => load_times.state_at(fcp_ms + self.origin_ms),
            Beginning::Restore => load_times.state_at(self.origin_ms),
            Beginning::SoftNavigation { .. } | Beginning::RouteChange => "complete",
        }
    }
}

/// A value beyond the limits comes from a broken clock; absent beats wrong.
fn is_within_limits(name: MetricName, value: f64) -> bool {
    let max = match name {
        MetricName::Cls => limits::SCORE_MAX,
        _ => limits::TIMING_MS_MAX,
    };
    (0.0..=max).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Event, LayoutShift};

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
            page_view.on_entry(entry, None);
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
        assert_eq!(
            values(&used()),
            [Some(0.2), Some(800.0), Some(312.0), Some(2300.0), Some(120.0)]
        );
    }

    #[test]
    fn a_page_back_from_the_cache_begins_anew_when_it_is_shown() {
        let mut page_view = used();
        page_view.on_hidden(5000.0);
        page_view.on_restored(90_000.0, None);
        assert_eq!(values(&page_view), [None, None, None, None, Some(0.0)]);
        page_view.on_restored_paint(90_032.5);
        page_view.on_entry(shift(90_500.0), None);
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
        page_view.on_entry(Entry::SoftNavigation(soft_navigation()), None);
        assert_eq!(values(&page_view), [Some(0.0), Some(40.0), None, Some(50.0), Some(0.0)]);
    }

    #[test]
    fn only_paints_of_its_own_interaction_are_a_soft_navigations() {
        let mut page_view = used();
        page_view.on_entry(Entry::SoftNavigation(soft_navigation()), None);
        page_view.on_entry(painted_by(Some(21), 10_300.0), None);
        page_view.on_entry(painted_by(Some(28), 10_900.0), None);
        page_view.on_entry(largest(10_900.0), None);
        assert_eq!(value(&page_view, MetricName::Lcp), Some(300.0));
        page_view.on_entry(painted_by(None, 10_400.0), None);
        assert_eq!(value(&page_view, MetricName::Lcp), Some(400.0), "an older browser");
    }

    #[test]
    fn a_page_that_was_loaded_takes_no_paint_of_an_interaction() {
        let mut page_view = used();
        page_view.on_entry(painted_by(None, 10_300.0), None);
        assert_eq!(values(&page_view), values(&used()));
    }

    #[test]
    fn short_interactions_of_a_later_page_view_are_8_ms_rather_than_none() {
        let mut page_view = used();
        page_view.on_entry(Entry::SoftNavigation(soft_navigation()), Some(1));
        let inp = |page_view: &PageView, count| {
            let document = DocumentState { interaction_count: Some(count), ..NOW };
            let metrics = page_view.metrics(&document);
            metrics.iter().find(|m| m.name == MetricName::Inp).map(|m| m.value)
        };
        assert_eq!(inp(&page_view, 1), None);
        assert_eq!(inp(&page_view, 2), Some(8.0));
        page_view.on_entry(interaction(28, 64.0), Some(2));
        assert_eq!(inp(&page_view, 2), Some(64.0));
    }

    #[test]
    fn a_route_change_that_the_browser_tells_nothing_of_has_no_paints() {
        let mut page_view = used();
        page_view.on_route_change(10_000.0, None);
        page_view.on_entry(shift(10_100.0), None);
        page_view.on_entry(interaction(28, 64.0), None);
        assert_eq!(values(&page_view), [Some(0.2), None, Some(64.0), None, None]);
    }

    #[test]
    fn a_route_change_before_the_first_paint_has_no_shifts() {
        let mut page_view = visible();
        page_view.on_route_change(100.0, None);
        assert_eq!(values(&page_view), [None; 5]);
    }

    #[test]
    fn the_first_input_is_no_later_page_views() {
        let Entry::Event(event) = interaction(7, 16.0) else { unreachable!() };
        let mut page_view = visible();
        page_view.on_route_change(3000.5, None);
        page_view.on_entry(Entry::Event(Event { is_first_input: true, ..event }), None);
        assert_eq!(value(&page_view, MetricName::Fid), None);
    }

    #[test]
    fn the_first_input_delay_is_measured_too() {
        let mut page_view = visible();
        let Entry::Event(event) = interaction(7, 16.0) else { unreachable!() };
        page_view.on_entry(Entry::Event(Event { is_first_input: true, ..event }), None);
        assert_eq!(value(&page_view, MetricName::Fid), Some(1.0));
        assert_eq!(value(&page_view, MetricName::Inp), Some(16.0));
    }

    #[test]
    fn a_page_opened_in_the_background_reports_its_first_byte_only() {
        let mut page_view = page_view(0.0);
        page_view.on_entry(PAINTED, None);
        page_view.on_entry(largest(800.0), None);
        page_view.on_entry(shift(900.0), None);
        assert_eq!(values(&page_view), [None, None, None, None, Some(120.0)]);
    }

    #[test]
    fn a_browser_that_reports_no_shifts_has_no_cls_rather_than_0() {
        let mut page_view = PageView::new(&loaded(), f64::INFINITY);
        page_view.on_entry(PAINTED, None);
        assert_eq!(value(&page_view, MetricName::Cls), None);
    }

    #[test]
    fn shifts_before_the_first_paint_count_once_it_came() {
        let mut page_view = visible();
        page_view.on_entry(shift(700.0), None);
        assert_eq!(value(&page_view, MetricName::Cls), None);
        page_view.on_entry(PAINTED, None);
        assert_eq!(value(&page_view, MetricName::Cls), Some(0.2));
    }

    #[test]
    fn what_is_painted_after_the_page_was_hidden_is_not_measured() {
        let mut page_view = visible();
        page_view.on_hidden(500.0);
        page_view.on_hidden(5000.0);
        page_view.on_entry(PAINTED, None);
        assert_eq!(value(&page_view, MetricName::Fcp), None);
    }

    #[test]
    fn shifts_and_interactions_go_on_after_the_page_was_hidden_and_shown_again() {
        let mut page_view = visible();
        page_view.on_entry(PAINTED, None);
        page_view.on_hidden(2000.0);
        page_view.on_entry(shift(9000.0), None);
        assert_eq!(value(&page_view, MetricName::Cls), Some(0.2));
    }

    #[test]
    fn leaving_ends_the_search_for_the_largest_paint() {
        let mut page_view = visible();
        page_view.on_entry(largest(2300.0), None);
        page_view.on_hidden(5000.0);
        page_view.on_entry(largest(4000.0), None);
        assert_eq!(value(&page_view, MetricName::Lcp), Some(2300.0));
    }

    #[test]
    fn a_value_that_only_a_broken_clock_can_give_is_absent() {
        let mut page_view = visible();
        page_view.on_entry(Entry::FirstContentfulPaint { start_ms: 1e12 }, None);
        page_view.on_entry(largest(f64::NAN), None);
        assert_eq!(value(&page_view, MetricName::Fcp), None);
        assert_eq!(value(&page_view, MetricName::Lcp), None);
    }
}
