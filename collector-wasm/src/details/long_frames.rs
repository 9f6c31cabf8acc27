//! What kept the page from painting, and which script made an interaction slow.

use super::{
    heaviest::heaviest,
    tell::{Tell, put, put_durations, put_length, put_text},
    took::{self, Took},
};
use crate::durations::microseconds;
use beacon::{FrameScript, InvokerType};

/// Scripts that are told apart until those with the most time are told.
pub const SCRIPTS_MAX: usize = 200;
/// Slow interactions that may still be explained.
pub const INTERACTIONS_MAX: usize = 50;
/// Runs of scripts that an interaction may have waited for.
pub const RUNS_MAX: usize = 200;
/// What is slower is not good, as INP has it.
const SLOW_MS: f64 = 200.0;

/// A long animation frame; or a long task, where the browser knows no such frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Frame {
    /// How long it took.
    pub took: Took,
    /// How long of that it kept the page from answering.
    pub blocking_ms: f64,
}

/// A script that ran in it.
#[derive(Clone, Debug)]
pub struct ScriptRun {
    /// Its address without query string; empty for not known.
    pub source: String,
    /// The function that was called; empty for not known.
    pub function: String,
    /// What called it; empty for not known.
    pub invoker: String,
    /// What kind of thing that was.
    pub invoker_type: InvokerType,
    /// When.
    pub span: Span,
    /// How long of that the browser computed style and layout for it.
    pub forced_ms: f64,
}

/// From when on, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Since the page's time origin.
    pub start_ms: f64,
    /// Until it ended.
    pub duration_ms: f64,
}

/// The long frames of a page view.
#[derive(Debug, Default)]
pub struct LongFrames {
    /// All but what the interactions say that may still be explained.
    sums: beacon::LongFrames,
    runs: Vec<(Place, Span)>,
    interactions: Vec<Interaction>,
}

/// Of a script in the list of them.
type Place = usize;

#[derive(Debug)]
struct Interaction {
    /// The browser's name of it.
    id: f64,
    /// Its longest event.
    span: Span,
    /// What ran longest within it, and how long.
    longest: Option<(Place, f64)>,
}

impl LongFrames {
    /// Adds a frame.
    pub fn add(&mut self, frame: &Frame) {
        took::add(&mut self.sums.frames, frame.took);
        // Clocks are coarse, and a part that is larger than the whole would be refused.
        let blocking_us = microseconds(frame.blocking_ms.min(frame.took.ms));
        self.sums.blocking_us = self.sums.blocking_us.saturating_add(blocking_us);
    }

    /// Adds what ran in a frame that was added. A script that is one too many is counted as dropped.
    pub fn add_run(&mut self, frame: &Frame, run: ScriptRun) {
        let ScriptRun { span, forced_ms, .. } = run;
        let Some(place) = self.place_of(run) else {
            self.sums.dropped += 1;
            return;
        };
        let blocking_ms = frame.blocking_ms * (span.duration_ms / frame.took.ms);
        let script = &mut self.sums.scripts[place];
        script.count += 1;
        for (sum_us, ms) in [
            (&mut script.total_us, span.duration_ms),
            (&mut script.blocking_us, blocking_ms.min(span.duration_ms)),
            (&mut script.forced_us, forced_ms.min(span.duration_ms)),
        ] {
            *sum_us = sum_us.saturating_add(microseconds(ms));
        }
        self.interactions.iter_mut().for_each(|it| it.meet(place, span));
        if self.runs.len() == RUNS_MAX {
            self.runs.remove(0);
        }
        self.runs.push((place, span));
    }

    /// Adds an event of an interaction, which counts when it is slow: the longest one of each.
    pub fn add_event(&mut self, id: f64, span: Span) {
        let known = self.interactions.iter_mut().find(|it| it.id.to_bits() == id.to_bits());
        if !span.is_slow()
            || known.as_ref().is_some_and(|it| it.span.duration_ms >= span.duration_ms)
        {
            return;
        }
        let mut interaction = Interaction { id, span, longest: None };
        self.runs.iter().for_each(|&(place, run)| interaction.meet(place, run));
        if let Some(known) = known {
            *known = interaction;
            return;
        }
        if self.interactions.len() == INTERACTIONS_MAX {
            self.interactions.remove(0).settle(&mut self.sums);
        }
        self.interactions.push(interaction);
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::LongFrames {
        super::tell::told(self, at_most)
    }

    fn place_of(&mut self, run: ScriptRun) -> Option<Place> {
        let scripts = &mut self.sums.scripts;
        let is_same = |it: &FrameScript| {
            it.source == run.source
                && it.function == run.function
                && it.invoker == run.invoker
                && it.invoker_type == run.invoker_type
        };
        if let Some(place) = scripts.iter().position(is_same) {
            return Some(place);
        }
        if scripts.len() == SCRIPTS_MAX {
            return None;
        }
        let ScriptRun { source, function, invoker, invoker_type, .. } = run;
        scripts.push(FrameScript {
            source,
            function,
            invoker,
            invoker_type,
            count: 0,
            total_us: 0,
            blocking_us: 0,
            forced_us: 0,
            slow_interactions: 0,
        });
        Some(scripts.len() - 1)
    }
}

impl Tell for LongFrames {
    /// All frames, and the scripts with the most time.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::LongFrames { frames, blocking_us, slow_interactions, scripts, dropped } =
            &self.sums;
        let explained = |place| {
            let is_it = |it: &&Interaction| it.longest.is_some_and(|(longest, _)| longest == place);
            count(self.interactions.iter().filter(is_it))
        };
        let places = heaviest(scripts.len(), at_most, &|place| u64::from(scripts[place].total_us));
        let mut dropped = scripts.iter().fold(*dropped, |sum, it| sum + it.count);
        put_durations(into, frames);
        put(into, &[*blocking_us, slow_interactions + count(self.interactions.iter())]);
        put_length(into, places.len());
        for place in places {
            let it = &scripts[place];
            for text in [&it.source, &it.function, &it.invoker] {
                put_text(into, text);
            }
            let explained = it.slow_interactions + explained(place);
            let kind = it.invoker_type as u32;
            put(into, &[kind, it.count, it.total_us, it.blocking_us, it.forced_us, explained]);
            dropped -= it.count;
        }
        put(into, &[dropped]);
    }
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    all.fold(0, |sum, _| sum + 1)
}

impl Interaction {
    fn meet(&mut self, place: Place, run: Span) {
        let within_ms = self.span.shared_ms(run);
        if within_ms > self.longest.map_or(0.0, |(_, ms)| ms) {
            self.longest = Some((place, within_ms));
        }
    }

    /// From here on it is known what made it slow.
    fn settle(&self, sums: &mut beacon::LongFrames) {
        sums.slow_interactions += 1;
        if let Some((place, _)) = self.longest {
            sums.scripts[place].slow_interactions += 1;
        }
    }
}

impl Span {
    /// Whether an interaction that takes so long is. What is not a number is not.
    pub(super) fn is_slow(self) -> bool {
        self.duration_ms > SLOW_MS
    }

    pub(super) fn has(self, ms: f64) -> bool {
        (self.start_ms..=self.end_ms()).contains(&ms)
    }

    fn end_ms(self) -> f64 {
        self.start_ms + self.duration_ms
    }

    fn shared_ms(self, other: Self) -> f64 {
        self.end_ms().min(other.end_ms()) - self.start_ms.max(other.start_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRAME: Frame = Frame { took: Took { ms: 200.0, log2: -2.32 }, blocking_ms: 150.0 };

    fn run(function: &str, start_ms: f64, duration_ms: f64) -> ScriptRun {
        ScriptRun {
            source: "https://a.example/app.js".to_owned(),
            function: function.to_owned(),
            invoker: "BUTTON.onclick".to_owned(),
            invoker_type: InvokerType::EventListener,
            span: Span { start_ms, duration_ms },
            forced_ms: 4.0,
        }
    }

    fn with_runs(runs: impl IntoIterator<Item = ScriptRun>) -> LongFrames {
        let mut frames = LongFrames::default();
        for run in runs {
            frames.add(&FRAME);
            frames.add_run(&FRAME, run);
        }
        frames
    }

    fn slow(start_ms: f64, duration_ms: f64) -> Span {
        Span { start_ms, duration_ms }
    }

    /// How many slow interactions each function explains.
    fn explained(frames: &LongFrames) -> Vec<(String, u32)> {
        let scripts = frames.told(50).scripts;
        scripts.into_iter().map(|it| (it.function, it.slow_interactions)).collect()
    }

    #[test]
    fn no_part_is_larger_than_the_whole_whatever_the_clock_says() {
        let mut frames = LongFrames::default();
        let frame = Frame { took: Took { ms: 60.0, log2: -4.06 }, blocking_ms: 60.1 };
        frames.add(&frame);
        frames.add_run(&frame, ScriptRun { forced_ms: 60.2, ..run("filter", 0.0, 60.1) });
        let told = frames.told(50);
        assert_eq!((told.blocking_us, told.frames.total_us), (60_000, 60_000));
        let script = &told.scripts[0];
        assert_eq!(
            (script.blocking_us, script.forced_us, script.total_us),
            (60_100, 60_100, 60_100)
        );
    }

    #[test]
    fn a_script_has_its_share_of_what_its_frames_blocked() {
        let frames = with_runs([run("filter", 0.0, 100.0), run("filter", 300.0, 50.0)]);
        let told = frames.told(50);
        assert_eq!(
            (told.frames.count, told.frames.total_us, told.blocking_us),
            (2, 400_000, 300_000)
        );
        let [script] = &told.scripts[..] else { panic!("{told:?}") };
        assert_eq!((script.count, script.total_us, script.forced_us), (2, 150_000, 8_000));
        assert_eq!(script.blocking_us, 112_500);
    }

    #[test]
    fn a_frame_without_length_gives_no_share() {
        let mut frames = LongFrames::default();
        frames.add_run(&Frame::default(), run("filter", 0.0, 0.0));
        assert_eq!(frames.told(1).scripts[0].blocking_us, 0);
    }

    #[test]
    fn a_slow_interaction_is_explained_by_what_ran_longest_within_it() {
        // The long run began before it.
        let runs =
            [run("before", 0.0, 400.0), run("short", 420.0, 20.0), run("long", 450.0, 120.0)];
        let mut frames = with_runs(runs);
        frames.add_event(7.0, slow(390.0, 264.0));
        assert_eq!(frames.told(50).slow_interactions, 1);
        let expected = [("before", 0), ("long", 1), ("short", 0)];
        assert_eq!(explained(&frames), expected.map(|(name, count)| (name.to_owned(), count)));
    }

    #[test]
    fn it_does_not_matter_whether_the_frame_or_the_interaction_is_told_first() {
        let mut frames = LongFrames::default();
        frames.add_event(7.0, slow(100.0, 300.0));
        frames.add_event(7.0, slow(100.0, 304.0));
        frames.add_event(7.0, slow(100.0, 208.0));
        frames.add_run(&FRAME, run("filter", 110.0, 120.0));
        assert_eq!(explained(&frames), [("filter".to_owned(), 1)]);
        assert_eq!(frames.told(50).slow_interactions, 1);
    }

    #[test]
    fn a_quick_interaction_is_none() {
        let mut frames = with_runs([run("filter", 100.0, 120.0)]);
        frames.add_event(7.0, slow(100.0, 200.0));
        frames.add_event(8.0, slow(100.0, f64::NAN));
        assert_eq!(frames.told(50).slow_interactions, 0);
    }

    #[test]
    fn interactions_that_are_no_longer_remembered_still_count() {
        let mut frames = LongFrames::default();
        for number in 0..120 {
            let start_ms = f64::from(number) * 1000.0;
            frames.add_run(&FRAME, run("filter", start_ms, 120.0));
            frames.add_event(f64::from(number), slow(start_ms, 300.0));
        }
        let told = frames.told(50);
        assert_eq!((told.slow_interactions, told.scripts[0].slow_interactions), (120, 120));
    }

    proptest! {
        #[test]
        fn every_run_is_told_or_counted_as_dropped(
            functions in prop::collection::vec((0..300_u32, 1.0..500.0), 0..600),
            at_most in 0..60_usize,
        ) {
            let runs = functions.iter().map(|(name, ms)| run(&name.to_string(), 0.0, *ms));
            let frames = with_runs(runs);
            let told = frames.told(at_most);
            prop_assert!(told.scripts.len() <= at_most);
            prop_assert!(told.scripts.is_sorted_by(|a, b| a.total_us >= b.total_us));
            let counted = told.scripts.iter().map(|it| it.count).sum::<u32>();
            prop_assert_eq!((counted + told.dropped) as usize, functions.len());
            prop_assert!(frames.runs.len() <= RUNS_MAX && frames.sums.scripts.len() <= SCRIPTS_MAX);
        }
    }
}
