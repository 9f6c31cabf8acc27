//! CLS.

use crate::{entry::LayoutShift, vitals::Cls};
use wasm_bindgen::prelude::wasm_bindgen;

/// The layout shifts of a page view.
#[wasm_bindgen]
#[derive(Default)]
pub struct Shifts(Cls);

#[wasm_bindgen]
impl Shifts {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a shift that nobody asked for: 1 if it begins a session window, plus 2 if its session
    /// window is now the largest.
    pub fn add(&mut self, start_ms: f64, score: f64) -> u32 {
        let target = String::new();
        let shift =
            LayoutShift { start_ms, score, had_recent_input: false, has_sources: false, target };
        self.0
            .on_shift(&shift)
            .map_or(0, |shifted| u32::from(shifted.begins) + 2 * u32::from(shifted.is_largest))
    }

    /// CLS so far.
    #[wasm_bindgen(getter)]
    pub fn score(&self) -> f64 {
        self.0.value()
    }
}
