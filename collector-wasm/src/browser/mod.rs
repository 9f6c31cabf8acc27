//! The edge: everything that touches the browser, and nothing that decides.
//!
//! JavaScript sees four functions; the npm package and the script tag wrap them. A guest in
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
mod transport;

use collector::{Collector, Past};
use std::cell::Cell;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Window;

thread_local! {
    /// One collector a page: its listeners live as long as it stands here.
    static COLLECTOR: Cell<Option<Collector>> = const { Cell::new(None) };
    /// Kept when a collector is stopped: the next one goes on with the same page view, which would
    /// otherwise be counted twice.
    static PAST: Cell<Past> = const { Cell::new(Past::None) };
}

/// Begins to measure the page of the window. Does nothing when the browser lacks what it takes.
#[wasm_bindgen]
pub fn start(
    window: Window,
    ingest_url: String,
    site: String,
    release: Option<String>,
    route: Option<String>,
    session: bool,
) {
    let settings = context::Settings { ingest_url, site, release, route, session };
    COLLECTOR.set(Collector::start(window, settings, PAST.take()));
}

/// Names the route of the page view, such as `/product/:id`.
#[wasm_bindgen(js_name = setRoute)]
pub fn set_route(route: String) {
    if let Some(collector) = COLLECTOR.take() {
        collector.set_route(route);
        COLLECTOR.set(Some(collector));
    }
}

/// Sends what is known now, if it is more than was sent before.
#[wasm_bindgen]
pub fn flush() {
    if let Some(collector) = COLLECTOR.take() {
        collector.flush();
        COLLECTOR.set(Some(collector));
    }
}

/// Ends measuring, without sending, and takes every listener and observer back.
#[wasm_bindgen]
pub fn stop() {
    if let Some(collector) = COLLECTOR.take() {
        PAST.set(collector.stop());
    }
}
