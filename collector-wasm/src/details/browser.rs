//! The edge: what JavaScript calls, and nothing that decides. `npm/details/` reads entries and brings the
//! bytes on their way.

#![expect(
    unreachable_pub,
    reason = "what wasm-bindgen exports must be public, and is: to JavaScript"
)]

use super::{
    Details,
    errors::Failure,
    long_frames::{Frame, ScriptRun, Span},
    profile::{Called, Number},
    requests::Asked,
    resources::Loaded,
    took::Took,
};

use beacon::{ErrorKind, InvokerType, MeasureKind, MemorySource};
use std::cell::Cell;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(raw_module = "./details/told.js")]
extern "C" {
    /// Of what is told, the text with this number. Returns how many characters it has.
    #[wasm_bindgen(js_name = openText)]
    fn open_text(index: u32) -> usize;
    #[wasm_bindgen(js_name = readText)]
    fn read_text(into: &mut [f64]);
    /// The sections that were asked for.
    #[wasm_bindgen(js_name = hear)]
    fn hear(sections: &[u8]);
}

thread_local! {
    /// Of the page view that goes on.
    static DETAILS: Cell<Option<Box<Details>>> = const { Cell::new(None) };
}

fn with(act: impl FnOnce(&mut Details)) {
    let mut details = DETAILS.take().unwrap_or_default();
    act(&mut details);
    DETAILS.set(Some(details));
}

/// As in the collector: its characters come as numbers.
fn text(index: u32) -> String {
    let mut characters = vec![0.0; open_text(index)];
    read_text(&mut characters);
    // `as` saturates, and every character is below 2^21.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    characters.iter().filter_map(|&character| char::from_u32(character as u32)).collect()
}

/// Forgets all: another page view begins, or nobody may know of this one.
#[wasm_bindgen]
pub fn begin() {
    DETAILS.set(None);
}

/// A frame kept the page from painting, so long after the page view began.
#[wasm_bindgen(js_name = addFrame)]
pub fn add_frame(ms: f64, log2: f64, blocking_ms: f64, start_ms: f64) {
    with(|it| it.add_frame(start_ms, &Frame { took: Took { ms, log2 }, blocking_ms }));
}

/// A script ran in a frame; its texts are source, function and invoker.
#[wasm_bindgen(js_name = addRun)]
pub fn add_run(
    frame_ms: f64,
    blocking_ms: f64,
    invoker_type: usize,
    start_ms: f64,
    duration_ms: f64,
    forced_ms: f64,
) {
    let frame = Frame { took: Took { ms: frame_ms, log2: 0.0 }, blocking_ms };
    let run = ScriptRun {
        source: text(0),
        function: text(1),
        invoker: text(2),
        invoker_type: InvokerType::ALL.get(invoker_type).copied().unwrap_or(InvokerType::Other),
        span: Span { start_ms, duration_ms },
        forced_ms,
    };
    with(|it| it.long_frames.add_run(&frame, run));
}

/// An event of an interaction took long.
#[wasm_bindgen(js_name = addEvent)]
pub fn add_event(interaction_id: f64, start_ms: f64, duration_ms: f64) {
    with(|it| it.add_event(interaction_id, Span { start_ms, duration_ms }));
}

/// The page has timed something; its text is the name.
#[wasm_bindgen(js_name = addMeasure)]
pub fn add_measure(kind: usize, ms: f64, log2: f64) {
    let Some(&kind) = MeasureKind::ALL.get(kind) else { return };
    with(|it| it.measures.add(kind, text(0), Took { ms, log2 }));
}

/// Something was loaded, so long after the page view began; its texts are address, media type, initiator and
/// protocol.
#[wasm_bindgen(js_name = addResource)]
pub fn add_resource(
    ms: f64,
    log2: f64,
    start_ms: f64,
    transfer_bytes: f64,
    encoded_bytes: f64,
    decoded_bytes: f64,
    was_in_cache: bool,
    is_of_other_origin: bool,
    is_blocking: bool,
) {
    let loaded = Loaded {
        url: text(0),
        media_type: text(1),
        initiator: text(2),
        protocol: text(3),
        took: Took { ms, log2 },
        transfer_bytes,
        encoded_bytes,
        decoded_bytes,
        was_in_cache,
        is_of_other_origin,
        is_blocking,
    };
    with(|it| it.add_resource(start_ms, loaded));
}

/// A script asked for something; its texts are address and trace. `wait_ms` is no number for not known.
#[wasm_bindgen(js_name = addRequest)]
pub fn add_request(
    ms: f64,
    log2: f64,
    wait_ms: f64,
    wait_log2: f64,
    start_ms: f64,
    has_failed: bool,
) {
    let asked = Asked {
        url: text(0),
        trace_id: text(1),
        start_ms,
        took: Took { ms, log2 },
        wait: Took { ms: wait_ms, log2: wait_log2 },
        has_failed,
    };
    with(|it| it.requests.add(asked));
}

/// The server tells of the last request; its text is the name.
#[wasm_bindgen(js_name = addServerTiming)]
pub fn add_server_timing(ms: f64, log2: f64) {
    with(|it| it.requests.add_server_timing(text(0), Took { ms, log2 }));
}

/// What is told next went wrong in this call, a line of a stack; its text is the line.
#[wasm_bindgen(js_name = addCall)]
pub fn add_call() {
    with(|it| it.stack.add(&text(0)));
}

/// Something went wrong; its text is what it says.
#[wasm_bindgen(js_name = addError)]
pub fn add_error(kind: usize, at_ms: f64, count: u32) {
    let Some(&kind) = ErrorKind::ALL.get(kind) else { return };
    let message = text(0);
    with(|it| {
        let stack = std::mem::take(&mut it.stack);
        it.errors.add(Failure { kind, message: &message, stack, at_ms, count });
    });
}

/// So much memory was in use.
#[wasm_bindgen(js_name = addMemory)]
pub fn add_memory(is_page: bool, bytes: f64, at_ms: f64) {
    let source = if is_page { MemorySource::Page } else { MemorySource::Heap };
    with(|it| it.memory.add(source, bytes, at_ms));
}

/// A function stands on a stack, or on none; its texts are name and source. Returns the number of both.
#[wasm_bindgen(js_name = stackOf)]
pub fn stack_of(parent: Number, line: u32, column: u32) -> Number {
    let called = Called { name: text(0), source: text(1), line, column };
    let mut number = 0;
    with(|it| number = it.profile.stack(parent, called));
    number
}

/// A stack was sampled, or none.
#[wasm_bindgen(js_name = addSample)]
pub fn add_sample(stack: Number, ms: f64, interval_ms: f64) {
    with(|it| it.profile.add(stack, ms, interval_ms));
}

/// Tells all so far by [`hear`], in at most so many bytes.
#[wasm_bindgen]
pub fn tell(bytes_max: usize) {
    with(|it| hear(&it.sections(bytes_max)));
}
