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
            (InpStep::Longest, None) => {
                self.longest.push(Longest { id: event.interaction_id, ..Longest::default() });
                self.longest.last_mut()
            }
            (_, known) => known,
        };
        if let Some(longest) = longest {
            if step == InpStep::Longest {
                longest.start_ms = event.start_ms;
                longest.end_ms = event.start_ms + event.duration_ms;
                longest.is_keyboard = event.is_keyboard;
                longest.painted_ms = painted_ms;
            }
            // Its first target stays: a later event may have none, because the page took the element
            // away. The longest event may have none either; a shorter one of the same interaction
            // tells what was pressed as well.
            if longest.target.is_empty() {
                longest.target.clone_from(&event.target);
            }
        }
        self.longest.retain(|longest| inp.keeps(longest.id));
    }

    /// Takes a long animation frame.
    pub fn on_long_frame(&mut self, long_frame: LongFrame) {
        self.long_frames.push(long_frame);
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

    /// Keeps the newest, and what belongs to the longest interactions. For when all events are known
    /// that the browser tells at once: one of them may have come before those that stand first.
    pub fn forget(&mut self) {
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

    /// The name of the frame that an interaction was painted in, if it is known.
    pub fn frame_of_interaction(&self, id: u64) -> Option<f64> {
        self.longest(id).map(|longest| longest.painted_ms)
    }

    /// The name of the newest frame that was painted at a time, or so close to it that it is the
    /// same.
    pub fn frame_painted_at(&self, painted_ms: f64) -> Option<f64> {
        let is_same = |frame: &&Frame| (frame.painted_ms - painted_ms).abs() <= SAME_FRAME_MS;
        self.frames.iter().rev().find(is_same).map(|frame| frame.painted_ms)
    }

    /// The names of the frames that are kept.
    pub fn frames(&self) -> impl Iterator<Item = f64> {
        self.frames.iter().map(|frame| frame.painted_ms)
    }

    /// The long animation frames that are kept, in the order in which they came.
    pub fn long_frames(&self) -> impl Iterator<Item = &LongFrame> {
        self.long_frames.iter()
    }

    /// Those of them that an interaction ran in.
    pub fn long_frames_of(&self, id: u64) -> impl Iterator<Item = &LongFrame> {
        let parts = self.longest(id).and_then(|longest| self.parts(longest));
        self.long_frames.iter().filter(move |long| {
            parts.as_ref().is_some_and(|parts| long.meets(parts.start_ms, parts.processed_ms))
        })
    }

    fn longest(&self, id: u64) -> Option<&Longest> {
        self.longest.iter().find(|longest| longest.id == id)
    }

    fn parts(&self, longest: &Longest) -> Option<Parts> {
        let frame = self.frames.iter().find(|frame| is_at(longest.painted_ms, frame))?;
        Some(Parts::new(longest, frame))
    }

    /// Adds what there is to say of an interaction.
    pub fn explain(&self, id: u64, load_times: &LoadTimes, attribution: &mut Attribution) {
        let Some(longest) = self.longest(id) else { return };
        let Some(parts) = self.parts(longest) else { return };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn event(interaction_id: u64, start_ms: f64, end_ms: f64, processing_start_ms: f64) -> Event {
        Event {
            interaction_id,
            start_ms,
            duration_ms: end_ms - start_ms,
            processing_start_ms,
            processing_end_ms: processing_start_ms + 5.0,
            is_keyboard: false,
            target: String::new(),
            is_first_input: false,
        }
    }

    #[test]
    fn what_came_before_an_event_is_known_when_a_later_one_is_told_first() {
        let (mut inp, mut interactions) = (Inp::default(), Interactions::default());
        interactions.on_long_frame(LongFrame {
            start_ms: 100.0,
            end_ms: 300.0,
            style_and_layout_start_ms: 290.0,
            scripts: Vec::new(),
        });
        // Both waited for the long frame's end, or came after it, and were painted together.
        for event in [event(14, 310.0, 350.0, 320.0), event(7, 150.0, 352.0, 325.0)] {
            let step = inp.on_event(&event, 0.0);
            interactions.on_event(&event, step, &inp);
        }
        interactions.forget();
        assert_eq!(interactions.long_frames_of(7).count(), 1);
        assert_eq!(interactions.long_frames_of(14).count(), 0);
    }

    #[test]
    fn the_target_of_a_shorter_event_is_that_of_the_interaction() {
        let (mut inp, mut interactions) = (Inp::default(), Interactions::default());
        let pointer_down = event(7, 100.0, 310.0, 300.0);
        let click = Event { target: "#buy".to_owned(), ..event(7, 180.0, 310.0, 305.0) };
        for event in [pointer_down, click] {
            let step = inp.on_event(&event, 0.0);
            interactions.on_event(&event, step, &inp);
        }
        assert_eq!(interactions.longest[0].target, "#buy");
    }
}
