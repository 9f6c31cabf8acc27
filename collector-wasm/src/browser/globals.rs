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

    /// Of a `soft-navigation` entry. Observed only where the browser has it.
    #[wasm_bindgen(method, structural, js_name = getLargestInteractionContentfulPaint)]
    pub(super) fn largest_paint(this: &Properties) -> Option<Properties>;

    /// What the page asked for, checked by the JavaScript that wraps the module.
    pub(super) type Settings;
    /// The route of an address, as the page names it.
    #[wasm_bindgen(method, structural)]
    pub(super) fn route(this: &Settings, address: &str) -> Option<String>;
    /// What may be told of an address.
    #[wasm_bindgen(method, structural)]
    pub(super) fn url(this: &Settings, address: &str) -> Option<String>;

    /// Takes care that the beacon arrives. `sequence` is 0 for the first one of a page view.
    #[wasm_bindgen(method, structural)]
    pub(super) fn send(this: &Settings, bytes: &[u8], sequence: u32);
    /// Leaves the beacon with the browser, in case that the page ends without being hidden.
    #[wasm_bindgen(method, structural, js_name = sendLater)]
    pub(super) fn send_later(this: &Settings, bytes: &[u8]);
    /// There is more to tell than before.
    #[wasm_bindgen(method, structural)]
    pub(super) fn changed(this: &Settings);

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

#[wasm_bindgen(raw_module = "./start/read.js")]
extern "C" {
    #[wasm_bindgen(js_name = numbers)]
    fn read_numbers(object: &Properties, names: &str, into: &mut [f64]);
}

impl Properties {
    /// Several numbers, their names divided by spaces. What is absent or no number is NaN, a flag
    /// that is up is 1.
    pub(super) fn numbers<const N: usize>(&self, names: &str) -> [f64; N] {
        let mut numbers = [f64::NAN; N];
        read_numbers(self, names, &mut numbers);
        numbers
    }

    /// A count or an id.
    pub(super) fn integer(&self, name: &str) -> Option<u64> {
        // `as` saturates and takes NaN for 0.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        self.number(name).map(|number| number as u64)
    }
}

impl ObserverInit {
    /// One entry type, on demand with the entries from before the observer; of `event` only those
    /// that lasted so long (browsers take 16 or more).
    pub(super) fn new(entry_type: &str, buffered: bool, event_duration_min_ms: f64) -> Self {
        let init = Object::new().unchecked_into::<Self>();
        init.set_type(entry_type);
        init.set_buffered(buffered);
        init.set_duration_threshold(event_duration_min_ms);
        init
    }
}
