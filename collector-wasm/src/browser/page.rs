//! What JavaScript brings along: `npm/start/` reads properties, holds entries, observers and
//! listeners, and sends. Here it is told what that is called. No object crosses the border: a table of
//! them costs code on both sides.

use wasm_bindgen::prelude::wasm_bindgen;

/// A text of the page, by its place in `npm/start/page.js`.
#[derive(Clone, Copy)]
pub(super) enum Text {
    Site,
    Session,
    Release,
    /// Where the page view is that [`enter`] has begun.
    Url,
    Route,
    /// What was read last is about, a line each, or the component that it is of.
    About,
}

/// The text, unless the page has none. Its characters come as numbers, as everything does: what passes
/// strings, or checks bytes, is more code on both sides.
pub(super) fn text(name: Text) -> Option<String> {
    let mut characters = vec![0.0; open_text(name as u32)];
    read_text(&mut characters);
    // `as` saturates, and every character is below 2^21.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let text = characters.iter().filter_map(|&character| char::from_u32(character as u32));
    Some(text.collect::<String>()).filter(|text| !text.is_empty())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn fill_random(bytes: &mut [u8]);
}

#[wasm_bindgen(raw_module = "./start/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = openText)]
    fn open_text(index: u32) -> usize;
    #[wasm_bindgen(js_name = readText)]
    fn read_text(into: &mut [f64]);
    /// A page view begins: that of the document, of the soft navigation that was read last, or of
    /// another route. Tells how the document was loaded.
    #[wasm_bindgen(js_namespace = page)]
    pub(super) fn enter(into: &mut [f64]);
    /// Asks for all entries that vitals are made from, on demand with those of the past; events only
    /// if they lasted so long. Tells whether layout shifts are among what the browser reports.
    #[wasm_bindgen(js_namespace = page)]
    pub(super) fn observe(buffered: bool, event_duration_min_ms: f64) -> bool;
    /// Reads the next entry, if there is one.
    #[wasm_bindgen(js_namespace = page, js_name = readEntry)]
    pub(super) fn read_entry(into: &mut [f64]) -> bool;
    /// Reads a script of this entry.
    #[wasm_bindgen(js_namespace = page, js_name = readScript)]
    pub(super) fn read_script(index: u32, into: &mut [f64]);
    /// Takes care that the beacon arrives. `sequence` is 0 for the first one of a page view.
    #[wasm_bindgen(js_namespace = page)]
    pub(super) fn send(bytes: &[u8], sequence: u32);
    /// Leaves the beacon with the browser, in case that the page ends without being hidden.
    #[wasm_bindgen(js_namespace = page, js_name = sendLater)]
    pub(super) fn send_later(bytes: &[u8]);
}

#[wasm_bindgen(raw_module = "./start/read.js")]
extern "C" {
    #[wasm_bindgen(js_name = readProgress)]
    pub(super) fn read_progress(into: &mut [f64]);
}

#[wasm_bindgen(raw_module = "./start/renders.js")]
extern "C" {
    /// Reads the next commit of a component that was made before that time, if there is one.
    #[wasm_bindgen(js_name = readRender)]
    pub(super) fn read_render(before_ms: f64, into: &mut [f64]) -> bool;
}
