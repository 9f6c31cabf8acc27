//! When a page view begins, is hidden, and sends its beacon.

use super::{
    context::{self, Settings},
    entries,
    globals::properties,
    listener::Listener,
    measuring::Measuring,
    transport,
};
use beacon::Beacon;
use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};
use wasm_bindgen::JsCast;
use web_sys::{Document, Event, Performance, Window};

const EVENTS: [&str; 3] = ["visibilitychange", "pageshow", "prerenderingchange"];

/// Measures as long as it lives.
pub(super) struct Collector {
    state: Rc<RefCell<State>>,
    _listener: Listener,
}

struct State {
    window: Window,
    document: Document,
    performance: Performance,
    settings: Settings,
    past: Past,
    /// Absent while the page is prerendered: nobody sees it yet.
    measuring: Option<Measuring>,
}

/// What an earlier collector of this page has left.
#[derive(Default)]
pub(super) enum Past {
    /// There was none.
    #[default]
    None,
    /// Its last beacon, to go on with: the page view would otherwise be counted twice.
    Stopped(Beacon),
    /// The page was restored from the back/forward cache: its vitals were another page view's.
    Restored,
}

impl Collector {
    /// Begins to measure, at once or when a prerendered page is activated.
    pub(super) fn start(window: Window, settings: Settings, past: Past) -> Option<Self> {
        let document = window.document()?;
        let performance = window.performance()?;
        let target = window.clone().into();
        let mut state = State { window, document, performance, settings, past, measuring: None };
        if !properties(&state.document).flag("prerendering").unwrap_or(false) {
            state.begin();
        }
        let state = Rc::new(RefCell::new(state));
        let heard = Rc::downgrade(&state);
        let listener = Listener::new(target, &EVENTS, move |event| {
            with(&heard, |state| state.on_event(event.unchecked_ref()));
        });
        Some(Self { state, _listener: listener })
    }

    pub(super) fn set_route(&self, route: String) {
        with(&Rc::downgrade(&self.state), |state| match &mut state.measuring {
            Some(measuring) => measuring.set_route(route),
            None => state.settings.route = Some(route),
        });
    }

    pub(super) fn flush(&self) {
        with(&Rc::downgrade(&self.state), State::flush);
    }

    /// Ends measuring; what is left is for the next collector of this page.
    pub(super) fn stop(self) -> Past {
        let Ok(mut state) = self.state.try_borrow_mut() else { return Past::None };
        match state.measuring.take() {
            Some(measuring) => Past::Stopped(measuring.into_beacon()),
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
    /// Begins the page view: from here on entries arrive, those of the past first.
    fn begin(&mut self) {
        if matches!(self.past, Past::Restored) {
            return;
        }
        let entry = entries::navigation_entry(&self.performance);
        let navigation = entries::navigation(entry.as_ref());
        let since_ms = navigation.activation_start_ms;
        let Self { window, document, settings, .. } = self;
        let mut beacon =
            context::beacon(window, document, entry.as_ref(), since_ms > 0.0, settings);
        if let Past::Stopped(last) = std::mem::take(&mut self.past)
            && last.site == beacon.site
        {
            beacon.page_view = last.page_view;
            beacon.sequence = last.sequence;
            beacon.metrics = last.metrics;
        }
        let hidden = self.document.hidden();
        let first_hidden_ms = entries::first_hidden_ms(&self.performance, since_ms)
            .unwrap_or(if hidden { 0.0 } else { f64::INFINITY });
        let begun =
            Measuring::begin(beacon, &navigation, first_hidden_ms, self.interaction_count());
        self.measuring = Some(begun);
        if hidden && first_hidden_ms > 0.0 {
            // It was left while the collector was loading, and may never be seen again.
            self.flush();
        }
    }

    fn on_event(&mut self, event: &Event) {
        match event.type_().as_str() {
            "visibilitychange" => self.on_visibility(event.time_stamp()),
            "prerenderingchange" => self.begin(),
            // A page restored from the back/forward cache is another page view, whose vitals start
            // anew; it is not measured rather than added to the first one's.
            _ => {
                if let Some(true) = properties(event).flag("persisted") {
                    self.measuring = None;
                    self.past = Past::Restored;
                }
            }
        }
    }

    fn on_visibility(&mut self, now_ms: f64) {
        if self.document.hidden()
            && let Some(measuring) = &self.measuring
        {
            measuring.on_hidden(now_ms);
            self.flush();
        }
    }

    /// Absent where the browser does not count them.
    fn interaction_count(&self) -> Option<u64> {
        // `as` saturates.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        properties(&self.performance).number("interactionCount").map(|count| count as u64)
    }

    fn flush(&mut self) {
        let interaction_count = self.interaction_count();
        let Self { window, settings, performance, measuring, .. } = self;
        if let Some(measuring) = measuring {
            measuring.flush(performance.now(), interaction_count, |bytes| {
                transport::send(&window.navigator(), &settings.ingest_url, bytes)
            });
        }
    }
}
