//! What web-sys does not have: properties that are newer than it, and entry types that it lacks.
//! Each getter is structural, so a browser without the property answers `undefined`: absent.

use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = web_sys::Performance)]
    pub(super) type Performance;
    #[wasm_bindgen(method, getter, structural, js_name = interactionCount)]
    pub(super) fn interaction_count(this: &Performance) -> Option<f64>;

    #[wasm_bindgen(extends = web_sys::Document)]
    pub(super) type Document;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn prerendering(this: &Document) -> Option<bool>;
    #[wasm_bindgen(method, getter, structural, js_name = wasDiscarded)]
    pub(super) fn was_discarded(this: &Document) -> Option<bool>;

    #[wasm_bindgen(extends = web_sys::Navigator)]
    pub(super) type Navigator;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn connection(this: &Navigator) -> Option<NetworkInformation>;

    pub(super) type NetworkInformation;
    #[wasm_bindgen(method, getter, structural, js_name = effectiveType)]
    pub(super) fn effective_type(this: &NetworkInformation) -> Option<String>;

    #[wasm_bindgen(extends = web_sys::Event)]
    pub(super) type PageShowEvent;
    #[wasm_bindgen(method, getter, structural)]
    pub(super) fn persisted(this: &PageShowEvent) -> bool;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn fill_random(bytes: &mut [u8]) -> Result<JsValue, JsValue>;

    pub(super) type PerformanceObserver;
    #[wasm_bindgen(catch, constructor)]
    pub(super) fn new(callback: &Function) -> Result<PerformanceObserver, JsValue>;
    #[wasm_bindgen(catch, method)]
    pub(super) fn observe(this: &PerformanceObserver, init: &ObserverInit) -> Result<(), JsValue>;
    #[wasm_bindgen(method, js_name = takeRecords)]
    pub(super) fn take_records(this: &PerformanceObserver) -> Array;
    #[wasm_bindgen(method)]
    pub(super) fn disconnect(this: &PerformanceObserver);
    #[wasm_bindgen(static_method_of = PerformanceObserver, getter, js_name = supportedEntryTypes)]
    pub(super) fn supported_entry_types() -> Option<Array>;

    #[wasm_bindgen(extends = Object)]
    pub(super) type ObserverInit;
    #[wasm_bindgen(method, setter, structural, js_name = type)]
    fn set_type(this: &ObserverInit, entry_type: &str);
    #[wasm_bindgen(method, setter, structural)]
    fn set_buffered(this: &ObserverInit, buffered: bool);
    #[wasm_bindgen(method, setter, structural, js_name = durationThreshold)]
    fn set_duration_threshold(this: &ObserverInit, milliseconds: f64);
}

impl ObserverInit {
    /// One entry type, with the entries from before the observer; of `event` only those that lasted
    /// so long (browsers take 16 or more).
    pub(super) fn buffered(entry_type: &str, event_duration_min_ms: f64) -> Self {
        let init = Object::new().unchecked_into::<Self>();
        init.set_type(entry_type);
        init.set_buffered(true);
        init.set_duration_threshold(event_duration_min_ms);
        init
    }
}
