//! What the longest interactions were made of: frames of events, and the long animation frames
//! around them: <https://web.dev/articles/find-slow-interactions-in-the-field>

use super::LoadTimes;
use crate::{
    entry::{Event, LongFrame, Script},
    lines,
    vitals::{Inp, InpStep},
};
use beacon::{Attribution, NumberField, TextField};

/// Events that ended so close to each other were painted in one frame: durations are rounded to 8 ms.
const SAME_FRAME_MS: f64 = 8.0;
/// Frames that are kept besides those of the longest interactions.
const FRAMES_MAX: usize = 10;

/// What the lines about a script are.
const SCRIPT_LINES: [TextField; 4] = [
    TextField::LongestScriptUrl,
    TextField::LongestScriptFunction,
    TextField::LongestScriptInvoker,
    TextField::LongestScriptInvokerType,
];

/// What may be asked for when the page is left.
#[derive(Clone, Debug, Default)]
pub struct Interactions {
    longest: Vec<Longest>,
    frames: Vec<Frame>,
    long_frames: Vec<LongFrame>,
    processed_until_ms: f64,
}

/// The longest event of an interaction.
#[derive(Clone, Debug, Default)]
struct Longest {
    id: u64,
    start_ms: f64,
    end_ms: f64,
    is_keyboard: bool,
    target: String,
    /// The frame that it was painted in.
    painted_ms: f64,
}

/// Events that were painted together.
#[derive(Clone, Copy, Debug)]
struct Frame {
    painted_ms: f64,
    start_ms: f64,
    processing_start_ms: f64,
    processing_end_ms: f64,
}

impl Interactions {
    /// Another page view of the same document begins, with an interaction that this one has seen.
    pub fn begin_anew(&mut self) {
        self.longest.clear();
    }

    /// Takes an event, and what has become of it.
    pub fn on_event(&mut self, event: &Event, step: InpStep, inp: &Inp) {
        let painted_ms = self.frame_of(event);
        let known = self.longest.iter_mut().find(|longest| longest.id == event.interaction_id);
        let longest = match (step, known) {
            (InpStep::Ignored, _) | (InpStep::AsLong, None) => None,
            (InpStep::Longest, None) => {
                self.longest.push(Longest { id: event.interaction_id, ..Longest::default() });
                self.longest.last_mut()
            }
            (InpStep::Longest | InpStep::AsLong, known) => known,
        };
        if let Some(longest) = longest {
            if step == InpStep::Longest {
                longest.start_ms = event.start_ms;
                longest.end_ms = event.start_ms + event.duration_ms;
                longest.is_keyboard = event.is_keyboard;
                longest.painted_ms = painted_ms;
            }
            // Its first target stays: a later event may have none, because the page took the element
            // away.
            if longest.target.is_empty() {
                longest.target.clone_from(&event.target);
            }
        }
        self.longest.retain(|longest| inp.keeps(longest.id));
        self.forget();
    }

    /// Takes a long animation frame.
    pub fn on_long_frame(&mut self, long_frame: LongFrame) {
        self.long_frames.push(long_frame);
        self.forget();
    }

    /// The time that the event's frame is known by.
    fn frame_of(&mut self, event: &Event) -> f64 {
        let &Event { start_ms, processing_start_ms, processing_end_ms, .. } = event;
        self.processed_until_ms = self.processed_until_ms.max(processing_end_ms);
        let painted_ms = start_ms + event.duration_ms;
        let is_same = |frame: &&mut Frame| (frame.painted_ms - painted_ms).abs() <= SAME_FRAME_MS;
        if let Some(frame) = self.frames.iter_mut().rev().find(is_same) {
            frame.start_ms = frame.start_ms.min(start_ms);
            frame.processing_start_ms = frame.processing_start_ms.min(processing_start_ms);
            frame.processing_end_ms = frame.processing_end_ms.max(processing_end_ms);
            return frame.painted_ms;
        }
        self.frames.push(Frame { painted_ms, start_ms, processing_start_ms, processing_end_ms });
        painted_ms
    }

    /// Keeps the newest, and what belongs to the longest interactions.
    fn forget(&mut self) {
        let Self { longest, frames, long_frames, processed_until_ms } = self;
        let is_old = frames.len().saturating_sub(FRAMES_MAX);
        let mut index = 0;
        frames.retain(|frame| {
            index += 1;
            index > is_old || longest.iter().any(|longest| is_at(longest.painted_ms, frame))
        });
        let is_old = long_frames.len().saturating_sub(FRAMES_MAX);
        let mut index = 0;
        long_frames.retain(|long| {
            index += 1;
            (index > is_old && long.start_ms > *processed_until_ms)
                || frames.iter().any(|frame| long.meets(frame.start_ms, frame.processing_end_ms))
        });
    }

    /// Adds what there is to say of an interaction.
    pub fn explain(&self, id: u64, load_times: &LoadTimes, attribution: &mut Attribution) {
        let Some(longest) = self.longest.iter().find(|longest| longest.id == id) else { return };
        let Some(frame) = self.frames.iter().find(|frame| is_at(longest.painted_ms, frame)) else {
            return;
        };
        let parts = Parts::new(longest, frame);
        parts.explain(attribution);
        attribution.text(TextField::InteractionTarget, &longest.target);
        let kind = if longest.is_keyboard { "keyboard" } else { "pointer" };
        attribution.text(TextField::InteractionType, kind);
        attribution.text(TextField::LoadState, load_times.state_at(longest.start_ms));
        parts.explain_scripts(&self.long_frames, attribution);
    }
}

/// The time is a name here, and never computed anew.
fn is_at(painted_ms: f64, frame: &Frame) -> bool {
    painted_ms.to_bits() == frame.painted_ms.to_bits()
}

/// The times that divide an interaction.
struct Parts {
    start_ms: f64,
    processing_ms: f64,
    processed_ms: f64,
    painted_ms: f64,
}

impl Parts {
    /// Clamped as in web-vitals: handlers of another interaction may have run before this one came,
    /// durations are rounded, and an `alert` goes on after the paint.
    fn new(longest: &Longest, frame: &Frame) -> Self {
        let processing_ms = frame.processing_start_ms.max(longest.start_ms);
        let painted_ms = longest.end_ms.max(processing_ms);
        let processed_ms = frame.processing_end_ms.min(painted_ms);
        Self { start_ms: longest.start_ms, processing_ms, processed_ms, painted_ms }
    }

    fn explain(&self, attribution: &mut Attribution) {
        attribution.number(NumberField::InteractionTime, self.start_ms);
        attribution.number(NumberField::NextPaintTime, self.painted_ms);
        attribution.number(NumberField::InputDelay, self.processing_ms - self.start_ms);
        attribution.number(NumberField::ProcessingDuration, self.processed_ms - self.processing_ms);
        attribution.number(NumberField::PresentationDelay, self.painted_ms - self.processed_ms);
    }

    fn explain_scripts(&self, long_frames: &[LongFrame], attribution: &mut Attribution) {
        let (mut script_ms, mut layout_ms, mut last_ms) = (0.0, 0.0, f64::NAN);
        let mut longest: Option<(f64, &Script)> = None;
        for long in long_frames {
            if !long.meets(self.start_ms, self.processed_ms) {
                continue;
            }
            last_ms = long.end_ms;
            layout_ms += long.end_ms - long.style_and_layout_start_ms;
            for script in &long.scripts {
                let within_ms = script.end_ms() - script.start_ms.max(self.start_ms);
                if within_ms >= 0.0 {
                    // When the layout was forced is not known, so it is spread evenly.
                    let forced_ms =
                        script.forced_layout_ms * within_ms / script.duration_ms.max(1e-9);
                    script_ms += within_ms - forced_ms;
                    layout_ms += forced_ms;
                    if within_ms > longest.map_or(0.0, |(longest_ms, _)| longest_ms) {
                        longest = Some((within_ms, script));
                    }
                }
            }
        }
        if last_ms.is_nan() {
            return;
        }
        let paint_ms = if last_ms >= self.processed_ms { self.painted_ms - last_ms } else { 0.0 };
        let rest_ms = self.painted_ms - self.start_ms - script_ms - layout_ms - paint_ms;
        attribution.number(NumberField::TotalScriptDuration, script_ms);
        attribution.number(NumberField::TotalStyleAndLayoutDuration, layout_ms);
        attribution.number(NumberField::TotalPaintDuration, paint_ms);
        attribution.number(NumberField::TotalUnattributedDuration, rest_ms);
        if let Some((within_ms, script)) = longest {
            attribution.number(NumberField::LongestScriptDuration, within_ms);
            attribution.text(TextField::LongestScriptSubpart, self.part_of(script));
            lines::explain(&SCRIPT_LINES, &script.about, attribution);
        }
    }

    fn part_of(&self, script: &Script) -> &'static str {
        if script.start_ms < self.processing_ms {
            "input-delay"
        } else if script.start_ms >= self.processed_ms {
            "presentation-delay"
        } else {
            "processing-duration"
        }
    }
}
