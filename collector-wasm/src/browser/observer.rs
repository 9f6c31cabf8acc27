//! The performance observer, disconnected when it is dropped.

use super::{
    entries,
    globals::{ObserverInit, PerformanceObserver, properties},
};
use crate::page_view::PageView;
use js_sys::Array;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::PerformanceObserverEntryList;

const LAYOUT_SHIFT: &str = "layout-shift";
const ENTRY_TYPES: [&str; 5] =
    ["paint", "largest-contentful-paint", LAYOUT_SHIFT, "event", "first-input"];

/// Feeds a page view as long as it lives.
#[must_use = "an observer that is dropped sees nothing"]
pub(super) struct Observer {
    observer: PerformanceObserver,
    _callback: Closure<dyn Fn(JsValue)>,
}

impl Observer {
    /// Hands over each entry, those from before the observer first. Entry types that the browser
    /// does not know are left out: asking for them would print a warning on the page's console.
    pub(super) fn new(
        event_duration_min_ms: f64,
        page_view: &Rc<RefCell<PageView>>,
    ) -> Option<Self> {
        let fed = page_view.clone();
        let callback = Closure::<dyn Fn(JsValue)>::new(move |list: JsValue| {
            if let Ok(mut page_view) = fed.try_borrow_mut() {
                let list = list.unchecked_ref::<PerformanceObserverEntryList>();
                feed(&mut page_view, &list.get_entries());
            }
        });
        let observer = PerformanceObserver::new(callback.as_ref().unchecked_ref());
        let supported = PerformanceObserver::supported_entry_types()?;
        for entry_type in ENTRY_TYPES {
            if supported.includes(&JsValue::from_str(entry_type), 0) {
                let init = ObserverInit::buffered(entry_type, event_duration_min_ms);
                // What one type refuses, the others may give.
                let observed = observer.observe(&init).is_ok();
                if observed && entry_type == LAYOUT_SHIFT {
                    page_view.borrow_mut().on_shifts_reported();
                }
            }
        }
        Some(Self { observer, _callback: callback })
    }

    /// Hands over the entries that the browser has queued but not delivered.
    pub(super) fn take_records(&self, page_view: &mut PageView) {
        feed(page_view, &self.observer.take_records());
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn feed(page_view: &mut PageView, list: &Array) {
    for index in 0..list.length() {
        if let Some(entry) = entries::read(properties(&list.get(index))) {
            page_view.on_entry(&entry);
        }
    }
}
