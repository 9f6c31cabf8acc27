//! What explains a page view besides its metrics: long frames, what the page times itself, what it loads and
//! asks for, what goes wrong, how much memory it takes, and where the time of its scripts goes. A module of its
//! own, with the feature `details`, which the collector loads when the page has time; these parts of it are pure.

#[cfg(all(target_arch = "wasm32", feature = "details"))]
mod browser;
mod chains;
pub mod errors;
mod heaviest;
mod ids;
pub mod long_frames;
pub mod measures;
pub mod memory;
mod place;
pub mod profile;
mod random;
pub mod requests;
mod resource_kind;
pub mod resources;
mod scrub;
pub mod stack;
mod tell;
mod time;
pub mod timeline;
pub mod took;

use beacon::{ResourceKind, Section, limits, without_hashes};
use errors::Errors;
use ids::without_ids;
use long_frames::{Frame, LongFrames, Span};
use measures::Measures;
use memory::Memory;
use profile::Profile;
use requests::Requests;
use resources::{Loaded, Resources};
use stack::Stack;
use tell::{Tell, section};
use timeline::Timeline;

/// The details of a page view.
#[derive(Debug, Default)]
pub struct Details {
    /// What kept it from painting.
    pub long_frames: LongFrames,
    /// What it timed itself.
    pub measures: Measures,
    /// What it loaded.
    pub resources: Resources,
    /// How much memory it took.
    pub memory: Memory,
    /// What went wrong.
    pub errors: Errors,
    /// Of what is told next to have gone wrong.
    pub stack: Stack,
    /// What its scripts asked for.
    pub requests: Requests,
    /// Where the time of its scripts goes.
    pub profile: Profile,
    /// When it loaded what it did, and was kept from painting.
    pub timeline: Timeline,
}

impl Details {
    /// Adds an event of an interaction.
    pub fn add_event(&mut self, id: f64, span: Span) {
        self.long_frames.add_event(id, span);
        self.profile.add_event(span);
    }

    /// Adds a long frame that began so long after the page view.
    pub fn add_frame(&mut self, start_ms: f64, frame: &Frame) {
        self.long_frames.add(frame);
        self.timeline.add_frame(start_ms, frame.took.ms);
    }

    /// Adds a resource that was asked for so long after the page view began.
    pub fn add_resource(&mut self, start_ms: f64, loaded: Loaded) {
        let kind = loaded.kind();
        let url = match kind {
            ResourceKind::Request => without_ids(&loaded.url),
            _ => without_hashes(&loaded.url),
        };
        self.timeline.add(kind, url, start_ms, loaded.took.ms);
        self.resources.add(loaded);
    }

    /// The sections behind its beacon, in at most so many bytes: the longest is halved until all fit. Nothing
    /// if there is nothing to tell, or no room.
    pub fn sections(&self, bytes_max: usize) -> Vec<u8> {
        let all: [(u8, &dyn Tell); 8] = [
            // Where `npm/details/packing.js` finds it.
            (beacon::Profile::TAG, &self.profile),
            (beacon::LongFrames::TAG, &self.long_frames),
            (beacon::Measures::TAG, &self.measures),
            (beacon::Resources::TAG, &self.resources),
            (beacon::Errors::TAG, &self.errors),
            (beacon::Requests::TAG, &self.requests),
            (beacon::Memory::TAG, &self.memory),
            (beacon::Timeline::TAG, &self.timeline),
        ];
        let mut counts = [
            limits::PROFILE_STACKS_MAX,
            limits::FRAME_SCRIPTS_MAX,
            limits::MEASURES_MAX,
            limits::RESOURCES_MAX,
            limits::ERRORS_MAX,
            limits::REQUESTS_MAX,
            // It is of one length.
            0,
            limits::TIMELINE_LOADS_MAX,
        ];
        loop {
            let mut sections = Vec::new();
            let (mut longest, mut place) = (0, None);
            for (at, (tag, it)) in all.into_iter().enumerate() {
                let section = section(tag, it, counts[at]);
                if counts[at] > 0 && section.len() > longest {
                    longest = section.len();
                    place = Some(at);
                }
                sections.extend(section);
            }
            if sections.len() <= bytes_max {
                return sections;
            }
            let Some(place) = place else { return Vec::new() };
            counts[place] /= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        errors::Failure, long_frames::ScriptRun, profile::Called, requests::Asked, took::Took, *,
    };
    use beacon::{ErrorKind, InvokerType, MeasureKind, MemorySource};

    /// How often.
    const FULL: u32 = 6_000;

    /// All that a page can do, with names as long as may be and durations in every bin.
    fn full() -> Details {
        let mut details = Details::default();
        for number in 0..FULL {
            let took = Took { ms: 1.0, log2: f64::from(number / 60 % 216) / 8.0 - 17.0 };
            let name = format!("{:-<128}", number % 60);
            details.measures.add(MeasureKind::Measure, name, took);
            let url = format!("https://a.example/{:->1900}", number % 600);
            details.add_resource(1.0, Loaded { url, took, ..Loaded::default() });
            let frame = Frame { took, blocking_ms: 1.0 };
            details.add_frame(1.0, &frame);
            let run = ScriptRun {
                source: format!("https://a.example/{:->1900}", number % 70),
                function: String::new(),
                invoker: String::new(),
                invoker_type: InvokerType::Other,
                span: Span { start_ms: 0.0, duration_ms: 1.0 },
                forced_ms: 0.0,
            };
            details.long_frames.add_run(&frame, run);
            let often = Took { ms: 1.0, log2: -10.0 };
            let url = format!("https://a.example/{:x>900}", number % 90);
            details.requests.add(Asked { url, took, wait: often, ..Asked::default() });
            details.requests.add_server_timing(format!("{:-<64}", number % 7), often);
            details.errors.add(failure(&format!("{} {}", number % 30, "words ".repeat(150))));
            let name = format!("{:-<128}", number % 250);
            let stack = details.profile.stack(0, Called { name, ..Called::default() });
            details.profile.add(stack, 1.0, 10.0);
            details.memory.add(MemorySource::Heap, f64::from(number), f64::from(number));
        }
        details
    }

    fn failure(message: &str) -> Failure<'_> {
        let mut stack = Stack::default();
        stack.add("function@https://a.example/app.js:1:1");
        Failure { kind: ErrorKind::Error, message, stack, at_ms: 1.0, count: 1 }
    }

    #[test]
    fn of_nothing_nothing_is_told() {
        assert!(Details::default().sections(48 * 1024).is_empty());
    }

    #[test]
    fn where_there_is_no_room_nothing_is_told() {
        assert!(full().sections(10).is_empty());
    }

    #[test]
    fn what_does_not_fit_is_halved_and_the_rest_stays() {
        let sections = full().sections(20_000);
        assert!((8_000..=20_000).contains(&sections.len()), "{}", sections.len());
        let decoded = decoded(&sections);
        assert_eq!(decoded.long_frames.frames.count, FULL);
        assert!(!decoded.long_frames.scripts.is_empty() && decoded.long_frames.dropped > 0);
        assert!(!decoded.measures.names.is_empty() && decoded.measures.dropped > 0);
        assert!(!decoded.resources.files.is_empty() && decoded.resources.dropped > 0);
        assert_eq!(decoded.resources.kinds[0].weight.count, FULL);
        assert!(!decoded.errors.errors.is_empty() && decoded.errors.dropped > 0);
        assert!(!decoded.requests.urls.is_empty() && decoded.requests.dropped > 0);
        assert!(!decoded.profile.stacks.is_empty() && decoded.profile.dropped > 0);
        assert_eq!(decoded.memory.samples, FULL);
        assert!(!decoded.timeline.loads.is_empty() && decoded.timeline.dropped > 0);
    }

    /// The sections behind a beacon of nothing.
    fn decoded(sections: &[u8]) -> Told {
        let mut told = Told::default();
        let mut rest = sections;
        while !rest.is_empty() {
            let ((tag, content), after): ((u8, &[u8]), _) =
                postcard::take_from_bytes(rest).unwrap();
            match tag {
                1 => told.long_frames = postcard::from_bytes(content).unwrap(),
                2 => told.measures = postcard::from_bytes(content).unwrap(),
                3 => told.resources = postcard::from_bytes(content).unwrap(),
                4 => told.memory = postcard::from_bytes(content).unwrap(),
                5 => told.errors = postcard::from_bytes(content).unwrap(),
                6 => told.requests = postcard::from_bytes(content).unwrap(),
                7 => told.profile = postcard::from_bytes(content).unwrap(),
                _ => told.timeline = postcard::from_bytes(content).unwrap(),
            }
            rest = after;
        }
        told
    }

    #[derive(Default)]
    struct Told {
        long_frames: beacon::LongFrames,
        measures: beacon::Measures,
        resources: beacon::Resources,
        memory: beacon::Memory,
        errors: beacon::Errors,
        requests: beacon::Requests,
        profile: beacon::Profile,
        timeline: beacon::Timeline,
    }

    #[test]
    fn there_are_never_more_bytes_than_there_is_room() {
        let details = full();
        for bytes_max in (0..60_000).step_by(2_500) {
            let sections = details.sections(bytes_max);
            assert!(sections.len() <= bytes_max, "{} of {bytes_max}", sections.len());
            decoded(&sections);
        }
    }
}
