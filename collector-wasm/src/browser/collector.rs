//! When a page view begins, is told of hidden and input, and sends its beacon.

use super::{
    Identity,
    context::{Context, Settings},
    entries,
    globals::{Document, PageShowEvent, Performance},
    listener::Listener,
    measuring::Measuring,
    transport,
};
use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};
use wasm_bindgen::JsCast;
use web_sys::{Event, Window};

/// Measures as long as it lives.
pub(super) struct Collector {
    state: Rc<RefCell<State>>,
    _listeners: Vec<Listener>,
}

struct State {
    /// What callbacks hold: none keeps a stopped collector alive.
    this: Weak<RefCell<State>>,
    window: Window,
    document: Document,
    performance: Performance,
    settings: Settings,
    /// The page view of a collector that was stopped, to go on with.
    resumed: Option<Identity>,
    /// Absent while the page is prerendered: nobody sees it yet.
    measuring: Option<Measuring>,
}

impl Collector {
    /// Begins to measure, at once or when a prerendered page is activated.
    pub(super) fn start(
        window: Window,
        settings: Settings,
        resumed: Option<Identity>,
    ) -> Option<Self> {
        let document = window.document()?.unchecked_into::<Document>();
        let performance = window.performance()?.unchecked_into::<Performance>();
        let prerendering = document.prerendering().unwrap_or(false);
        let state = Rc::new_cyclic(|this| {
            RefCell::new(State {
                this: this.clone(),
                window,
                document,
                performance,
                settings,
                resumed,
                measuring: None,
            })
        });
        let listeners = {
            let mut state = state.borrow_mut();
            if !prerendering {
                state.begin();
            }
            state.listeners()
        };
        Some(Self { state, _listeners: listeners })
    }

    pub(super) fn set_route(&self, route: String) {
        with(&Rc::downgrade(&self.state), |state| state.settings.route = Some(route));
    }

    /// Absent when no page view was begun.
    pub(super) fn identity(&self) -> Option<Identity> {
        let state = self.state.try_borrow().ok()?;
        state.measuring.as_ref().map(Measuring::identity)
    }

    pub(super) fn flush(&self) {
        with(&Rc::downgrade(&self.state), State::flush);
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
    fn listeners(&self) -> Vec<Listener> {
        let on = |kind, react: fn(&mut State, &Event)| {
            let this = self.this.clone();
            Listener::new(&self.window, kind, move |event| {
                with(&this, |state| react(state, &event));
            })
        };
        vec![
            on("visibilitychange", State::on_visibility),
            on("pageshow", State::on_page_show),
            on("prerenderingchange", |state, _| state.begin()),
        ]
    }

    /// Begins the page view: from here on entries arrive, those of the past first.
    fn begin(&mut self) {
        let navigation_entry = entries::navigation_entry(&self.performance);
        let navigation = entries::navigation(navigation_entry.as_ref());
        let activation_start_ms = navigation.activation_start_ms;
        let Some(identity) = self.resumed.or_else(Identity::random) else { return };
        let context = Context::read(
            &self.window,
            &self.document,
            navigation_entry.as_ref(),
            activation_start_ms,
            self.settings.session,
        );
        let first_hidden_ms = entries::first_hidden_ms(&self.performance, activation_start_ms)
            .unwrap_or(if self.document.hidden() { 0.0 } else { f64::INFINITY });
        let performance = &self.performance;
        let begun = Measuring::begin(identity, context, &navigation, first_hidden_ms, performance);
        self.measuring = Some(begun);
    }

    /// A page restored from the back/forward cache is another page view, whose vitals start anew;
    /// it is not measured rather than added to the first one's.
    fn on_page_show(&mut self, event: &Event) {
        if event.unchecked_ref::<PageShowEvent>().persisted() {
            self.measuring = None;
        }
    }

    fn on_visibility(&mut self, event: &Event) {
        if self.document.hidden()
            && let Some(measuring) = &self.measuring
        {
            measuring.on_hidden(event.time_stamp());
            self.flush();
        }
    }

    /// Sends a beacon if it says more than the one before.
    fn flush(&mut self) {
        let Some(measuring) = &mut self.measuring else { return };
        let Some(beacon) = measuring.beacon(&self.settings, &self.performance) else { return };
        let bytes = beacon::encode(&beacon);
        if transport::send(&self.window.navigator(), &self.settings.ingest_url, bytes) {
            measuring.on_sent(beacon.metrics);
        }
    }
}
