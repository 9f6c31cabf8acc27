//! The performance observer, disconnected when it is dropped.

use super::globals::{ObserverInit, PerformanceObserver, properties};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{PerformanceObserverEntryList, Window};

const LAYOUT_SHIFT: &str = "layout-shift";
const ENTRY_TYPES: [&str; 5] =
    ["paint", "largest-contentful-paint", LAYOUT_SHIFT, "event", "first-input"];

const SOFT_ENTRY_TYPES: [&str; 2] = ["soft-navigation", "interaction-contentful-paint"];

/// What is asked of the browser.
pub(super) struct Wanted {
    /// The entries from before the observer too.
    pub(super) buffered: bool,
    /// Route changes that the browser notices by itself.
    pub(super) soft_navigations: bool,
    /// Events that lasted so long.
    pub(super) event_duration_min_ms: f64,
}

/// Observes as long as it lives.
#[must_use = "an observer that is dropped sees nothing"]
pub(super) struct Observer {
    observer: PerformanceObserver,
    _callback: Closure<dyn Fn(JsValue)>,
}

impl Observer {
    /// Hands over lists of entries.
    pub(super) fn new(on_entries: impl Fn(&Array) + 'static) -> Self {
        let callback = Closure::<dyn Fn(JsValue)>::new(move |list: JsValue| {
            on_entries(&list.unchecked_ref::<PerformanceObserverEntryList>().get_entries());
        });
        let observer = PerformanceObserver::new(callback.as_ref().unchecked_ref());
        Self { observer, _callback: callback }
    }

    /// Begins to observe, and tells whether layout shifts are among what the browser reports.
    /// Entry types that it does not know are left out: asking for them would print a warning on
    /// the page's console.
    pub(super) fn observe(&self, wanted: &Wanted) -> bool {
        let Some(supported) = PerformanceObserver::supported_entry_types() else { return false };
        let soft: &[_] = if wanted.soft_navigations { &SOFT_ENTRY_TYPES } else { &[] };
        let mut shifts_reported = false;
        for entry_type in ENTRY_TYPES.iter().chain(soft) {
            if supported.includes(&JsValue::from_str(entry_type), 0) {
                let Wanted { buffered, event_duration_min_ms, .. } = *wanted;
                let init = ObserverInit::new(entry_type, buffered, event_duration_min_ms);
                // What one type refuses, the others may give.
                let observed = self.observer.observe(&init).is_ok();
                shifts_reported |= observed && *entry_type == LAYOUT_SHIFT;
            }
        }
        shifts_reported
    }

    /// The entries that the browser has queued but not delivered.
    pub(super) fn take_records(&self) -> Array {
        self.observer.take_records()
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Whether the browser notices route changes by itself, in the shape that it was shipped in.
pub(super) fn knows_soft_navigations(window: &Window) -> bool {
    let method = || {
        let class = properties(window).object("PerformanceSoftNavigation")?;
        class.object("prototype")?.object("getLargestInteractionContentfulPaint")
    };
    method().is_some()
}
