//! INP. An interaction is known by the browser's id of it.

use super::{explain::numbers, or_nan};
use crate::{
    attribution::{Interactions, LoadTimes},
    entry::{Event, LongFrame, Script},
    page_view::SHORT_INTERACTION_MS,
    told::count,
    vitals::{Inp, InpStep, InteractionCount},
};
use beacon::{Attribution, TextField};
use wasm_bindgen::prelude::wasm_bindgen;

/// The interactions of a page view, and of those before it the frames that may still matter.
#[wasm_bindgen]
#[derive(Default)]
pub struct Responses {
    inp: Inp,
    count: InteractionCount,
    interactions: Interactions,
}

/// In `of_document` stands `performance.interactionCount`, NaN where the browser does not count.
#[wasm_bindgen]
impl Responses {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event: 1 if it is the longest of its interaction, 2 if it is as long, else 0. How
    /// short it may be the browser was told.
    pub fn add(
        &mut self,
        id: f64,
        start_ms: f64,
        duration_ms: f64,
        processing_start_ms: f64,
        processing_end_ms: f64,
    ) -> u32 {
        let event = Event {
            interaction_id: integer(id),
            start_ms,
            duration_ms,
            processing_start_ms,
            processing_end_ms,
            is_keyboard: false,
            target: String::new(),
            is_first_input: false,
        };
        let step = self.inp.on_event(&event, 0.0);
        self.interactions.on_event(&event, step, &self.inp);
        match step {
            InpStep::Ignored => 0,
            InpStep::Longest => 1,
            InpStep::AsLong => 2,
        }
    }

    /// Notes the id of an event, where the browser does not count interactions.
    pub fn note(&mut self, id: f64) {
        self.count.on_interaction_id(integer(id));
    }

    /// Takes a long animation frame: its scripts are triples of start, duration and forced layout.
    #[wasm_bindgen(js_name = addLongFrame)]
    pub fn add_long_frame(
        &mut self,
        start_ms: f64,
        duration_ms: f64,
        style_and_layout_start_ms: f64,
        scripts: &[f64],
    ) {
        let script = |times: &[f64]| Script {
            start_ms: times[0],
            duration_ms: times[1],
            forced_layout_ms: times[2],
            about: String::new(),
        };
        self.interactions.on_long_frame(LongFrame {
            start_ms,
            end_ms: start_ms + duration_ms,
            style_and_layout_start_ms,
            scripts: scripts.chunks_exact(3).map(script).collect(),
        });
    }

    /// Another page view of the same document begins.
    pub fn begin(&mut self, of_document: f64) {
        self.inp = Inp::default();
        self.count = self.count.next(count(of_document));
        self.interactions.begin_anew();
    }

    /// Forgets the frames that will not matter.
    pub fn forget(&mut self) {
        self.interactions.forget();
    }

    /// The interaction that is the 98th percentile.
    pub fn p98(&self, of_document: f64) -> f64 {
        let interaction = self.inp.p98(self.count.get(count(of_document)));
        // Browsers keep the id as such a number.
        #[expect(clippy::cast_precision_loss)]
        or_nan(interaction.map(|interaction| interaction.id as f64))
    }

    /// INP so far. A page view for which no document was loaded has no `first-input` entry:
    /// `is_later` says that its interactions may all have been too short to be reported.
    pub fn value(&self, of_document: f64, is_later: bool) -> f64 {
        let count = self.count.get(count(of_document));
        let short = || (count > 0 && is_later).then_some(SHORT_INTERACTION_MS);
        or_nan(self.inp.p98(count).map(|interaction| interaction.latency_ms).or_else(short))
    }

    /// Whether it is one of the longest.
    pub fn keeps(&self, id: f64) -> bool {
        self.inp.keeps(integer(id))
    }

    /// What an interaction was made of: when it came and was painted, input delay, processing,
    /// presentation delay; with long animation frames also the totals of scripts, layout, paint and
    /// the rest, and how long the longest script ran.
    pub fn parts(&self, id: f64) -> Vec<f64> {
        numbers(&self.attribution(id))
    }

    /// In which part of the interaction the longest script ran.
    #[wasm_bindgen(js_name = subpartOfLongestScript)]
    pub fn subpart_of_longest_script(&self, id: f64) -> String {
        let texts = self.attribution(id).texts;
        let is_subpart =
            |(field, _): &(TextField, String)| *field == TextField::LongestScriptSubpart;
        texts.into_iter().find(is_subpart).map(|(_, text)| text).unwrap_or_default()
    }

    /// The starts of the long animation frames that an interaction ran in.
    #[wasm_bindgen(js_name = longFramesOf)]
    pub fn long_frames_of(&self, id: f64) -> Vec<f64> {
        self.interactions.long_frames_of(integer(id)).map(|long| long.start_ms).collect()
    }

    /// The starts of the long animation frames that are kept.
    #[wasm_bindgen(js_name = longFrames)]
    pub fn long_frames(&self) -> Vec<f64> {
        self.interactions.long_frames().map(|long| long.start_ms).collect()
    }

    /// The name of the frame that an interaction was painted in.
    #[wasm_bindgen(js_name = frameOf)]
    pub fn frame_of(&self, id: f64) -> f64 {
        or_nan(self.interactions.frame_of_interaction(integer(id)))
    }

    /// The name of the frame that was painted at a time.
    #[wasm_bindgen(js_name = frameAt)]
    pub fn frame_at(&self, painted_ms: f64) -> f64 {
        or_nan(self.interactions.frame_painted_at(painted_ms))
    }

    /// The names of the frames that are kept.
    pub fn frames(&self) -> Vec<f64> {
        self.interactions.frames().collect()
    }

    fn attribution(&self, id: f64) -> Attribution {
        let mut attribution = Attribution::default();
        self.interactions.explain(integer(id), &LoadTimes::default(), &mut attribution);
        attribution
    }
}

/// `as` saturates and takes NaN for 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn integer(id: f64) -> u64 {
    id as u64
}
