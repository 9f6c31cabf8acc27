//! When page views begin, are hidden, follow each other, and send their beacons.

use super::{
    context,
    entries::{self, Observed},
    globals::{Settings, properties},
    listener::Listener,
    measuring::{Measuring, Report},
    observer::{self, Observer, Wanted},
    with,
};
use crate::{page_view::PageView, vitals::EVENT_DURATION_MIN_MS};
use beacon::{Beacon, NavigationType, limits};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, Performance, Window};

const EVENTS: [&str; 3] = ["visibilitychange", "pageshow", "prerenderingchange"];
/// A page is painted between one frame and the next.
const FRAMES_TO_PAINT: u8 = 2;

/// Measures as long as it lives.
pub(super) struct Collector {
    window: Window,
    document: Document,
    performance: Performance,
    settings: Settings,
    past: Past,
    observer: Observer,
    listener: Listener,
    /// Absent while the page is prerendered: nobody sees it yet.
    measuring: Option<Measuring>,
    /// What the page has called the address that it is at, if that is no page view yet.
    next_route: Option<NextRoute>,
    frames_to_paint: u8,
}

struct NextRoute {
    address: String,
    route: String,
}

/// What an earlier collector of this document has left.
#[derive(Default)]
pub(super) enum Past {
    /// There was none.
    #[default]
    None,
    /// The last beacon of the page view that the document was loaded for, to go on with: it would
    /// otherwise be counted twice.
    Stopped(Beacon),
    /// The document's first page view is over, and the one that followed it was stopped.
    Over,
}

impl Collector {
    /// Begins to measure, at once or when a prerendered page is activated.
    pub(super) fn start(window: Window, settings: Settings, past: Past) -> Option<Self> {
        let mut collector = Self {
            document: window.document()?,
            performance: window.performance()?,
            settings,
            past,
            observer: Observer::new(|list| with(|collector| collector.on_entries(list))),
            listener: Listener::new(window.clone(), &EVENTS, |signal| {
                with(|collector| collector.on_signal(&signal));
            }),
            window,
            measuring: None,
            next_route: None,
            frames_to_paint: 0,
        };
        if properties(&collector.document).flag("prerendering") != Some(true) {
            collector.begin();
        }
        Some(collector)
    }

    /// Ends measuring; what is left is for the next collector of this document.
    pub(super) fn stop(self) -> Past {
        match self.measuring {
            Some(measuring) => measuring.into_beacon().map_or(Past::Over, Past::Stopped),
            None => self.past,
        }
    }

    /// Begins the page view that the document was loaded for: from here on entries arrive, those of
    /// the past first.
    fn begin(&mut self) {
        let entry = entries::navigation_entry(&self.performance);
        let navigation = entries::navigation(entry.as_ref());
        let since_ms = navigation.activation_start_ms;
        let hidden = self.document.hidden();
        let first_hidden_ms = entries::first_hidden_ms(&self.performance, since_ms)
            .unwrap_or(if hidden { 0.0 } else { f64::INFINITY });
        let mut page_view = PageView::new(&navigation, first_hidden_ms);

        let entry = entry.as_ref();
        let address = self.address(entry.and_then(|entry| entry.text("name")));
        let navigation_type = context::navigation_type(&self.document, entry, since_ms);
        let past = std::mem::take(&mut self.past);
        let is_over = matches!(past, Past::Over);
        let mut beacon = self.beacon(navigation_type, &address);
        if let Past::Stopped(last) = past
            && last.site == beacon.site
        {
            beacon.page_view = last.page_view;
            beacon.sequence = last.sequence;
            beacon.metrics = last.metrics;
        }

        if self.observe(!is_over) {
            page_view.on_shifts_reported();
        }
        let report = Report::new(address, (!is_over).then_some(beacon));
        self.measuring = Some(Measuring { page_view, report });
        if hidden && first_hidden_ms > 0.0 {
            // It was left while the collector was loading, and may never be seen again.
            self.flush();
        }
    }

    fn observe(&self, buffered: bool) -> bool {
        // Where the browser does not count interactions, every one is looked at for its id.
        let event_duration_min_ms = self.interaction_count().map_or(0.0, |_| EVENT_DURATION_MIN_MS);
        let soft_navigations =
            self.follows_routes() && observer::knows_soft_navigations(&self.window);
        self.observer.observe(&Wanted { buffered, soft_navigations, event_duration_min_ms })
    }

    fn on_signal(&mut self, signal: &JsValue) {
        let Some(kind) = properties(signal).text("type") else { return self.on_frame() };
        let event = signal.unchecked_ref::<Event>();
        match kind.as_str() {
            "visibilitychange" if self.document.hidden() => self.on_hidden(event.time_stamp()),
            "pageshow" if properties(event).flag("persisted") == Some(true) => {
                self.on_restored(event.time_stamp());
            }
            "prerenderingchange" => self.begin(),
            _ => {}
        }
    }

    fn on_entries(&mut self, list: &Array) {
        let interaction_count = self.interaction_count();
        for Observed { entry, source, .. } in entries::in_order(list) {
            let Some(measuring) = &mut self.measuring else { return };
            if let Some(ended) = measuring.page_view.on_entry(&entry, interaction_count) {
                let address = source.text("name");
                self.follow(&ended, NavigationType::SoftNavigation, address);
            }
        }
        self.settings.changed();
    }

    /// As in web-vitals, a largest paint that was not delivered before is not waited for.
    fn on_hidden(&mut self, now_ms: f64) {
        self.with_page_view(|page_view| page_view.on_hidden(now_ms));
        self.on_entries(&self.observer.take_records());
        // There may be another one by now.
        self.with_page_view(|page_view| page_view.on_hidden(now_ms));
        self.send_current();
    }

    fn on_restored(&mut self, now_ms: f64) {
        let interaction_count = self.interaction_count();
        if let Some(measuring) = &mut self.measuring {
            let ended = measuring.page_view.on_restored(now_ms, interaction_count);
            self.follow(&ended, NavigationType::BackForwardCache, None);
        }
        self.frames_to_paint = FRAMES_TO_PAINT;
        self.listener.request_frame();
    }

    fn on_frame(&mut self) {
        self.frames_to_paint -= 1;
        if self.frames_to_paint > 0 {
            return self.listener.request_frame();
        }
        let now_ms = self.performance.now();
        self.with_page_view(|page_view| page_view.on_restored_paint(now_ms));
    }

    /// The address has changed, in a browser that does not notice soft navigations.
    pub(super) fn on_address(&mut self) {
        let address = context::address(&self.window);
        let is_new = |measuring: &Measuring| !measuring.report.is_of(&address);
        if self.measuring.as_ref().is_some_and(is_new) {
            self.on_entries(&self.observer.take_records());
            let (now_ms, interaction_count) = self.now();
            if let Some(measuring) = &mut self.measuring {
                let ended = measuring.page_view.on_route_change(now_ms, interaction_count);
                self.follow(&ended, NavigationType::SoftNavigation, Some(address));
            }
        }
    }

    /// The page may name a route as soon as it has changed the address, and the browser notices the
    /// route change when it is painted.
    pub(super) fn set_route(&mut self, route: String) {
        let address = context::address(&self.window);
        let follows_routes = self.follows_routes();
        match &mut self.measuring {
            Some(Measuring { report, .. }) if !follows_routes || report.is_of(&address) => {
                report.set_route(route);
            }
            _ => self.next_route = Some(NextRoute { address, route }),
        }
    }

    pub(super) fn flush(&mut self) {
        self.on_entries(&self.observer.take_records());
        self.send_current();
    }

    /// A page view has ended, and another one of the same document has begun.
    fn follow(
        &mut self,
        ended: &PageView,
        navigation_type: NavigationType,
        address: Option<String>,
    ) {
        let (now_ms, interaction_count) = self.now();
        let address = self.address(address);
        let beacon = self.beacon(navigation_type, &address);
        if let Some(Measuring { report, .. }) = &mut self.measuring {
            send(&self.settings, report, ended, now_ms, interaction_count);
            *report = Report::new(address, Some(beacon));
        }
    }

    fn beacon(&mut self, navigation_type: NavigationType, address: &str) -> Beacon {
        let mut beacon = context::beacon(&self.window, &self.settings, navigation_type, address);
        if let Some(NextRoute { route, .. }) =
            self.next_route.take_if(|next| context::is_same_page(&next.address, address))
        {
            beacon.route = context::at_most(limits::ROUTE_BYTES_MAX, Some(route));
        }
        beacon
    }

    /// What an entry calls the address, unless the page is still there: an entry knows no fragment.
    fn address(&self, name: Option<String>) -> String {
        let here = context::address(&self.window);
        name.filter(|name| !context::is_same_page(name, &here)).unwrap_or(here)
    }

    fn follows_routes(&self) -> bool {
        properties(&self.settings).flag("softNavigations") == Some(true)
    }

    /// Absent where the browser does not count them.
    fn interaction_count(&self) -> Option<u64> {
        properties(&self.performance).integer("interactionCount")
    }

    fn now(&self) -> (f64, Option<u64>) {
        (self.performance.now(), self.interaction_count())
    }

    fn with_page_view(&mut self, act: impl FnOnce(&mut PageView)) {
        if let Some(measuring) = &mut self.measuring {
            act(&mut measuring.page_view);
        }
    }

    /// Sends what the page view has become, if that is more than was sent before.
    fn send_current(&mut self) {
        let (now_ms, interaction_count) = self.now();
        if let Some(Measuring { page_view, report }) = &mut self.measuring {
            send(&self.settings, report, page_view, now_ms, interaction_count);
        }
    }

    pub(super) fn send_later(&mut self) {
        let (now_ms, interaction_count) = self.now();
        if let Some(Measuring { page_view, report }) = &mut self.measuring
            && let Some(beacon) = report.next(page_view, now_ms, interaction_count)
        {
            self.settings.send_later(&beacon::encode(beacon));
        }
    }
}

fn send(
    settings: &Settings,
    report: &mut Report,
    page_view: &PageView,
    now_ms: f64,
    interaction_count: Option<u64>,
) {
    if let Some(beacon) = report.next(page_view, now_ms, interaction_count) {
        settings.send(&beacon::encode(beacon), beacon.sequence);
        report.on_sent();
    }
}
