//! The rhumb collector: browser entries → vitals → page view → beacon bytes → transport.
//!
//! [`vitals`] and [`page_view`] are pure and run anywhere; `browser` is the only place that names
//! the browser and exists only for wasm, so that native code cannot even mention it. With the
//! feature `drop-in` there is `drop_in` in its place, for pages that call the functions of web-vitals; with
//! the feature `details` what the collector loads later to explain page views, the edge of [`details`].

pub mod attribution;
// The collector's own module is smaller when this is no part of the crate.
#[cfg(any(not(target_arch = "wasm32"), feature = "details"))]
pub mod details;
pub mod durations;
pub mod entry;
pub mod lines;
pub mod page_view;
pub mod renders;
pub mod told;
pub mod vitals;

#[cfg(all(target_arch = "wasm32", not(any(feature = "details", feature = "drop-in"))))]
mod browser;
#[cfg(all(target_arch = "wasm32", feature = "drop-in"))]
mod drop_in;

/// Half the size of std's default. It assumes one thread, which is what a page's wasm has.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
