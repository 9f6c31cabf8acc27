//! The event listener, taken back when it is dropped.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::EventTarget;

/// Listens as long as it lives.
#[must_use = "a listener that is dropped hears nothing"]
pub(super) struct Listener {
    target: EventTarget,
    kinds: &'static [&'static str],
    callback: Closure<dyn Fn(JsValue)>,
}

impl Listener {
    /// Listens to events of several kinds in the capture phase, before the page can stop them.
    pub(super) fn new(
        target: EventTarget,
        kinds: &'static [&'static str],
        callback: impl Fn(JsValue) + 'static,
    ) -> Self {
        let callback = Closure::<dyn Fn(JsValue)>::new(callback);
        for kind in kinds {
            // It fails only for arguments that are none of these.
            let _ = target.add_event_listener_with_callback_and_bool(
                kind,
                callback.as_ref().unchecked_ref(),
                true,
            );
        }
        Self { target, kinds, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for kind in self.kinds {
            let _ = self.target.remove_event_listener_with_callback_and_bool(
                kind,
                self.callback.as_ref().unchecked_ref(),
                true,
            );
        }
    }
}
