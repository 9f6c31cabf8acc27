//! The performance observer, disconnected when it is dropped.

use super::{
    entries::PerformanceEntry,
    globals::{ObserverInit, PerformanceObserver},
};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::PerformanceObserverEntryList;

const ENTRY_TYPES: [&str; 5] =
    ["paint", "largest-contentful-paint", "layout-shift", "event", "first-input"];

/// Observes as long as it lives.
#[must_use = "an observer that is dropped sees nothing"]
pub(super) struct Observer {
    observer: PerformanceObserver,
    _callback: Closure<dyn FnMut(PerformanceObserverEntryList)>,
}

impl Observer {
    /// Hands over each entry, those from before the observer first. Entry types that the browser
    /// does not know are left out: asking for them would print a warning on the page's console.
    pub(super) fn new(
        event_duration_min_ms: f64,
        mut on_entry: Box<dyn FnMut(PerformanceEntry)>,
    ) -> Option<Self> {
        let callback = Closure::<dyn FnMut(PerformanceObserverEntryList)>::new(
            move |list: PerformanceObserverEntryList| each(&list.get_entries(), &mut *on_entry),
        );
        let observer = PerformanceObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        let supported = PerformanceObserver::supported_entry_types()?;
        for entry_type in ENTRY_TYPES {
            if supported.includes(&JsValue::from_str(entry_type), 0) {
                let init = ObserverInit::buffered(entry_type, event_duration_min_ms);
                let _ = observer.observe(&init);
            }
        }
        Some(Self { observer, _callback: callback })
    }

    /// Hands over the entries that the browser has queued but not delivered.
    pub(super) fn take_records(&self, on_entry: &mut dyn FnMut(PerformanceEntry)) {
        each(&self.observer.take_records(), on_entry);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn each(entries: &Array, on_entry: &mut dyn FnMut(PerformanceEntry)) {
    for index in 0..entries.length() {
        on_entry(entries.get(index).unchecked_into());
    }
}
