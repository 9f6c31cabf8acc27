//! What web-sys does not have: properties that are newer than it, and entry types that it lacks.
//!
//! Properties are read by name, through one import a type: each import costs bytes at both ends,
//! and a browser that lacks the property answers `undefined`, which is absent.

use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Any object, seen as a bag of properties.
    pub(super) type Properties;
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn number(this: &Properties, name: &str) -> Option<f64>;
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn text(this: &Properties, name: &str) -> Option<String>;
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn flag(this: &Properties, name: &str) -> Option<bool>;
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn object(this: &Properties, name: &str) -> Option<Properties>;

    #[wasm_bindgen(js_name = matchMedia)]
    pub(super) fn match_media(query: &str) -> Properties;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn fill_random(bytes: &mut [u8]);

    pub(super) type PerformanceObserver;
    #[wasm_bindgen(constructor)]
    pub(super) fn new(callback: &Function) -> PerformanceObserver;
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

/// An object of web-sys, or any other, as a bag of properties.
pub(super) fn properties(object: &JsValue) -> &Properties {
    object.unchecked_ref()
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
