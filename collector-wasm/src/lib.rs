//! The rhumb collector: browser entries → vitals → page view → beacon bytes → transport.
//!
//! [`vitals`] and [`page_view`] are pure and run anywhere; `browser` is the only place that names
//! the browser and exists only for wasm, so that native code cannot even mention it.

pub mod attribution;
pub mod entry;
pub mod lines;
pub mod page_view;
pub mod sorted;
pub mod told;
pub mod vitals;

#[cfg(target_arch = "wasm32")]
mod browser;

/// Half the size of std's default. It assumes one thread, which is what a page's wasm has.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
