//! Event listeners and animation frames, taken back when they are dropped.

use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::Window;

/// Listens as long as it lives.
#[must_use = "a listener that is dropped hears nothing"]
pub(super) struct Listener {
    window: Window,
    kinds: &'static [&'static str],
    callback: Closure<dyn Fn(JsValue)>,
    frame: Cell<i32>,
}

impl Listener {
    /// Listens to events of several kinds in the capture phase, before the page can stop them.
    pub(super) fn new(
        window: Window,
        kinds: &'static [&'static str],
        callback: impl Fn(JsValue) + 'static,
    ) -> Self {
        let callback = Closure::<dyn Fn(JsValue)>::new(callback);
        for kind in kinds {
            // It fails only for arguments that are none of these.
            let _ = window.add_event_listener_with_callback_and_bool(
                kind,
                callback.as_ref().unchecked_ref(),
                true,
            );
        }
        Self { window, kinds, callback, frame: Cell::default() }
    }

    /// Calls back once before the next frame, with the time, which is a number instead of an event.
    pub(super) fn request_frame(&self) {
        let requested = self.window.request_animation_frame(self.callback.as_ref().unchecked_ref());
        self.frame.set(requested.unwrap_or_default());
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for kind in self.kinds {
            let _ = self.window.remove_event_listener_with_callback_and_bool(
                kind,
                self.callback.as_ref().unchecked_ref(),
                true,
            );
        }
        let _ = self.window.cancel_animation_frame(self.frame.get());
    }
}
