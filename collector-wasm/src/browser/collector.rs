//! When page views begin, are hidden, follow each other, and send their beacons.

use super::{
    context,
    entries::{self, Observed},
    globals::{Settings, properties},
    listener::Listener,
    measuring::{Measuring, Report},
    observer::{self, Observer, Wanted},
};
use crate::{page_view::PageView, vitals::EVENT_DURATION_MIN_MS};
use beacon::{Beacon, NavigationType, limits};
use js_sys::Array;
use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, Performance, Window};

const EVENTS: [&str; 3] = ["visibilitychange", "pageshow", "prerenderingchange"];
/// A page is painted between one frame and the next.
const FRAMES_TO_PAINT: u8 = 2;

/// Measures as long as it lives.
pub(super) struct Collector {
    state: Rc<RefCell<State>>,
}

struct State {
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
        let document = window.document()?;
        let performance = window.performance()?;
        let state = Rc::new_cyclic(|state: &Weak<RefCell<State>>| {
            let (fed, heard) = (state.clone(), state.clone());
            RefCell::new(State {
                document,
                performance,
                settings,
                past,
                observer: Observer::new(move |list| with(&fed, |state| state.on_entries(list))),
                listener: Listener::new(window.clone(), &EVENTS, move |signal| {
                    with(&heard, |state| state.on_signal(&signal));
                }),
                window,
                measuring: None,
                next_route: None,
                frames_to_paint: 0,
            })
        });
        with(&Rc::downgrade(&state), |state| {
            if !properties(&state.document).flag("prerendering").unwrap_or(false) {
                state.begin();
            }
        });
        Some(Self { state })
    }

    pub(super) fn set_route(&self, route: String) {
        with(&Rc::downgrade(&self.state), |state| state.set_route(route));
    }

    /// The address has changed, in a browser that does not notice soft navigations.
    pub(super) fn on_address(&self) {
        with(&Rc::downgrade(&self.state), State::on_address);
    }

    pub(super) fn flush(&self) {
        with(&Rc::downgrade(&self.state), State::flush);
    }

    pub(super) fn send_later(&self) {
        with(&Rc::downgrade(&self.state), State::send_later);
    }

    /// Ends measuring; what is left is for the next collector of this document.
    pub(super) fn stop(self) -> Past {
        let Ok(mut state) = self.state.try_borrow_mut() else { return Past::None };
        match state.measuring.take() {
            Some(measuring) => measuring.into_beacon().map_or(Past::Over, Past::Stopped),
            None => std::mem::take(&mut state.past),
        }
    }
}

/// Acts unless the collector was stopped meanwhile, or is called from within itself: a page may
/// have put its own function in a browser function's place, and it must never see us fail.
fn with(state: &Weak<RefCell<State>>, act: impl FnOnce(&mut State)) {
    if let Some(state) = state.upgrade()
        && let Ok(mut state) = state.try_borrow_mut()
    {
        act(&mut state);
    }
}

impl State {
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
                self.send(&ended);
                self.follow(NavigationType::SoftNavigation, source.text("name"));
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
        self.with_page_view(|page_view| page_view.on_restored(now_ms, interaction_count));
        self.follow(NavigationType::BackForwardCache, None);
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

    fn on_address(&mut self) {
        let address = context::address(&self.window);
        let is_new = |measuring: &Measuring| !measuring.report.is_of(&address);
        if self.measuring.as_ref().is_some_and(is_new) {
            self.on_entries(&self.observer.take_records());
            let (now_ms, interaction_count) = (self.performance.now(), self.interaction_count());
            if let Some(measuring) = &mut self.measuring {
                let ended = measuring.page_view.on_route_change(now_ms, interaction_count);
                self.send(&ended);
                self.follow(NavigationType::SoftNavigation, Some(address));
            }
        }
    }

    /// The page may name a route as soon as it has changed the address, and the browser notices the
    /// route change when it is painted.
    fn set_route(&mut self, route: String) {
        let address = context::address(&self.window);
        let follows_routes = self.follows_routes();
        match &mut self.measuring {
            Some(Measuring { report, .. }) if !follows_routes || report.is_of(&address) => {
                report.set_route(route);
            }
            _ => self.next_route = Some(NextRoute { address, route }),
        }
    }

    fn flush(&mut self) {
        self.on_entries(&self.observer.take_records());
        self.send_current();
    }

    /// Another page view has taken the place of the last one.
    fn follow(&mut self, navigation_type: NavigationType, address: Option<String>) {
        let address = self.address(address);
        let beacon = self.beacon(navigation_type, &address);
        if let Some(measuring) = &mut self.measuring {
            measuring.report = Report::new(address, Some(beacon));
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

    fn with_page_view(&mut self, act: impl FnOnce(&mut PageView)) {
        if let Some(measuring) = &mut self.measuring {
            act(&mut measuring.page_view);
        }
    }

    fn send_current(&mut self) {
        let current = self.measuring.as_ref().map(|measuring| measuring.page_view.clone());
        if let Some(page_view) = current {
            self.send(&page_view);
        }
    }

    /// Sends what the page view has become, if that is more than was sent before.
    fn send(&mut self, page_view: &PageView) {
        let (now_ms, interaction_count) = (self.performance.now(), self.interaction_count());
        if let Some(Measuring { report, .. }) = &mut self.measuring
            && let Some(beacon) = report.next(page_view, now_ms, interaction_count)
        {
            let (bytes, sequence) = (beacon::encode(&beacon), beacon.sequence);
            report.on_sent(beacon);
            self.settings.send(&bytes, sequence);
        }
    }

    fn send_later(&mut self) {
        let (now_ms, interaction_count) = (self.performance.now(), self.interaction_count());
        if let Some(Measuring { page_view, report }) = &self.measuring
            && let Some(beacon) = report.next(page_view, now_ms, interaction_count)
        {
            self.settings.send_later(&beacon::encode(&beacon));
        }
    }
}
