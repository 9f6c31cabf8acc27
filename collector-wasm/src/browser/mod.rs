//! The edge: what JavaScript calls, and nothing that decides.
//!
//! JavaScript holds what the browser calls back (observer, listeners, frames) and reads what it tells:
//! closures and properties are what is dear between wasm and JavaScript. A guest in somebody's page:
//! what the browser lacks or refuses makes a value absent, never an exception.

#![expect(
    unreachable_pub,
    reason = "what wasm-bindgen exports must be public, and is: to JavaScript"
)]

mod collector;
mod document;
mod entries;
mod measuring;
mod page;
mod renders;

use crate::told;
use collector::{Collector, Past};
use std::cell::Cell;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    /// One collector a page.
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

/// Makes the collector of a page, which begins when the page is seen.
#[wasm_bindgen]
pub fn start(sample_rate: f32) {
    COLLECTOR.set(Some(Box::new(Collector::new(sample_rate, PAST.take()))));
}

/// The page is seen, now or because it was activated.
#[wasm_bindgen]
pub fn begin() {
    with(Collector::begin);
}

/// The browser has performance entries.
#[wasm_bindgen(js_name = onEntries)]
pub fn on_entries() {
    with(Collector::on_entries);
}

/// The page was hidden.
#[wasm_bindgen(js_name = onHidden)]
pub fn on_hidden(now_ms: f64) {
    with(|collector| collector.on_hidden(now_ms));
}

/// The page has come back from the back/forward cache. `interaction_count` is NaN where the browser
/// does not count.
#[wasm_bindgen(js_name = onRestored)]
pub fn on_restored(now_ms: f64, interaction_count: f64) {
    with(|collector| collector.on_restored(now_ms, told::count(interaction_count)));
}

/// What came back has been painted.
#[wasm_bindgen(js_name = onRestoredPaint)]
pub fn on_restored_paint(now_ms: f64) {
    with(|collector| collector.on_restored_paint(now_ms));
}

/// The page is at another address: for browsers that do not notice soft navigations themselves.
#[wasm_bindgen(js_name = onRouteChange)]
pub fn on_route_change(now_ms: f64, interaction_count: f64) {
    with(|collector| collector.on_route_change(now_ms, told::count(interaction_count)));
}

/// There is news besides the metrics: the page has named the route of its page view, such as
/// `/product/:id`, or there are details of it.
#[wasm_bindgen(js_name = onNews)]
pub fn on_news() {
    with(Collector::on_news);
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

/// Ends measuring, without sending.
#[wasm_bindgen]
pub fn stop() {
    if let Some(collector) = COLLECTOR.take() {
        PAST.set(collector.stop());
    }
}
