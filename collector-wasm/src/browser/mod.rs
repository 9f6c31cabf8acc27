//! The edge: everything that touches the browser, and nothing that decides.
//!
//! JavaScript sees six functions; the npm package and the script tag wrap them. A guest in
//! somebody's page: what the browser lacks or refuses makes a value absent, never an exception.

#![expect(
    unreachable_pub,
    reason = "what wasm-bindgen exports must be public, and is: to JavaScript"
)]

mod collector;
mod context;
mod entries;
mod globals;
mod listener;
mod measuring;
mod observer;

use collector::{Collector, Past};
use globals::Settings;
use std::cell::Cell;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Window;

thread_local! {
    /// One collector a page: its listeners live as long as it stands here.
    static COLLECTOR: Cell<Option<Box<Collector>>> = const { Cell::new(None) };
    /// Kept when a collector is stopped: the next one goes on with the same page view, which would
    /// otherwise be counted twice.
    static PAST: Cell<Past> = const { Cell::new(Past::None) };
}

/// Acts unless the collector was stopped meanwhile, or is called from within itself: a page may have
/// put its own function in a browser function's place, and it must never see us fail.
fn with(act: impl FnOnce(&mut Collector)) {
    if let Some(mut collector) = COLLECTOR.take() {
        act(&mut collector);
        COLLECTOR.set(Some(collector));
    }
}

/// Begins to measure the page of the window. Does nothing when the browser lacks what it takes.
#[wasm_bindgen]
pub fn start(window: Window, settings: Settings) {
    COLLECTOR.set(Collector::start(window, settings, PAST.take()).map(Box::new));
}

/// Names the route of the page view, such as `/product/:id`.
#[wasm_bindgen(js_name = setRoute)]
pub fn set_route(route: String) {
    with(|collector| collector.set_route(route));
}

/// Looks whether the address has become another page's: for browsers that do not notice themselves.
#[wasm_bindgen(js_name = onAddress)]
pub fn on_address() {
    with(Collector::on_address);
}

/// Sends what is known now, if it is more than was sent before.
#[wasm_bindgen]
pub fn flush() {
    with(Collector::flush);
}

/// Leaves what is known now with the browser, in case that the page ends without being hidden.
#[wasm_bindgen(js_name = sendLater)]
pub fn send_later() {
    with(Collector::send_later);
}

/// Ends measuring, without sending, and takes every listener and observer back.
#[wasm_bindgen]
pub fn stop() {
    if let Some(collector) = COLLECTOR.take() {
        PAST.set(collector.stop());
    }
}
