//! One page view: it owns the vitals and is the only place that knows the lifecycle. What loading,
//! hidden, restored and another route mean for each vital is decided here, once.

mod metrics;
#[cfg(test)]
mod tests;

pub use metrics::SHORT_INTERACTION_MS;

use crate::{
    attribution::{Interactions, LoadTimes, PaintedElement, RequestTimes, Shifts},
    entry::{Entry, InteractionPaint, Navigation, SoftNavigation},
    vitals::{Cls, EVENT_DURATION_MIN_MS, Fcp, Fid, Inp, InteractionCount, Lcp, Ttfb},
};

/// The vitals of one page view. A document has several when it is restored from the back/forward
/// cache, or when it changes its route without loading.
#[derive(Clone, Debug)]
pub struct PageView {
    beginning: Beginning,
    origin_ms: f64,
    first_hidden_ms: f64,
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
    /// Entries come in the order in which they ended.
    pub fn on_entry(&mut self, entry: Entry) {
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
            Entry::SoftNavigation(navigation) => self.on_soft_navigation(navigation),
        }
    }

    /// All entries are known that the browser told at once: what can no longer matter is forgotten.
    pub fn forget(&mut self) {
        self.interactions.forget();
    }

    /// The page was hidden. It may become visible again; what is painted first then is no measure
    /// of its loading.
    pub fn on_hidden(&mut self, now_ms: f64) {
        self.first_hidden_ms = self.first_hidden_ms.min(now_ms);
        self.lcp.finalize();
    }

    /// The document came back from the back/forward cache, and this is the next page view.
    /// `interaction_count` is `performance.interactionCount`, where the browser has it.
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
        self.begin_anew(Beginning::RouteChange, now_ms, interaction_count);
    }

    fn on_soft_navigation(&mut self, navigation: SoftNavigation) {
        let SoftNavigation { start_ms, paint_ms, interaction_id, interaction_count, largest_paint } =
            navigation;
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
}
