//! Sections of beacons that are taken.

use super::round_trip::text;
use beacon::{
    Chain, DURATION_BINS, Durations, ErrorKind, Errors, FrameScript, InvokerType, Load, LongFrames,
    Measure, MeasureKind, Measures, Memory, MemorySource, PageError, Profile, ProfiledFunction,
    ProfiledStack, Render, RenderPhase, Renders, Request, Requests, Resource, ResourceKind,
    Resources, ResourcesOfKind, ServerTiming, StackFrame, TimeSpan, Timeline, Weight,
};
use proptest::{collection, prelude::*, sample};
use std::collections::BTreeSet;

fn spread() -> impl Strategy<Value = Vec<(i16, u32)>> {
    collection::btree_map(DURATION_BINS, 1_u32..1000, 0..6)
        .prop_map(|bins| bins.into_iter().collect())
}

fn durations() -> impl Strategy<Value = Durations> {
    (1_u32..1000, any::<[u32; 2]>(), spread()).prop_map(|(more, us, bins)| Durations {
        count: more + bins.iter().map(|(_, count)| count).sum::<u32>(),
        total_us: us[0],
        max_us: us[1].min(us[0]),
        bins,
    })
}

fn render() -> impl Strategy<Value = Render> {
    let shares = (0_u32..=100, 0_u32..=100);
    (text(128), sample::select(RenderPhase::ALL), shares, any::<u32>(), durations()).prop_map(
        |(id, phase, (slow, full), base_us, Durations { count, total_us, max_us, bins })| Render {
            id,
            phase,
            count,
            actual_us: total_us,
            base_us,
            max_us,
            slow_count: count * slow / 100,
            full_count: count * full / 100,
            bins,
        },
    )
}

/// Without those that have the same key as one before.
fn unique<T, K: Ord>(all: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|it| seen.insert(key(it))).collect()
}

/// Nothing, or something.
fn maybe<T: Clone + Default + std::fmt::Debug>(
    some: impl Strategy<Value = T>,
) -> impl Strategy<Value = T> {
    prop_oneof![Just(T::default()), some]
}

pub(crate) fn renders() -> impl Strategy<Value = Renders> {
    let some = (collection::vec(render(), 0..3), 0_u32..3).prop_map(|(components, dropped)| {
        Renders { components: unique(components, |it| (it.id.clone(), it.phase)), dropped }
    });
    maybe(some)
}

fn script() -> impl Strategy<Value = FrameScript> {
    let texts = (prop_oneof![Just(String::new()), text(40)], text(1024), text(1024));
    (texts, sample::select(InvokerType::ALL), 1_u32..1000, any::<[u32; 3]>()).prop_map(
        |((source, function, invoker), invoker_type, count, us)| FrameScript {
            source: source.replace(['?', '#'], "-"),
            function,
            invoker,
            invoker_type,
            count,
            total_us: us[0],
            blocking_us: us[1].min(us[0]),
            forced_us: us[2].min(us[0]),
            slow_interactions: 0,
        },
    )
}

pub(crate) fn long_frames() -> impl Strategy<Value = LongFrames> {
    let some = (durations(), any::<[u32; 3]>(), collection::vec(script(), 0..4)).prop_map(
        |(frames, [blocking_us, slow_interactions, dropped], scripts)| LongFrames {
            blocking_us: blocking_us.min(frames.total_us),
            frames,
            slow_interactions,
            scripts: unique(scripts, |it| {
                (it.source.clone(), it.function.clone(), it.invoker.clone(), it.invoker_type)
            }),
            dropped,
        },
    );
    maybe(some)
}

pub(crate) fn measures() -> impl Strategy<Value = Measures> {
    let measure = (sample::select(MeasureKind::ALL), text(128), durations())
        .prop_map(|(kind, name, durations)| Measure { kind, name, durations });
    let some = (collection::vec(measure, 0..4), any::<u32>()).prop_map(|(names, dropped)| {
        Measures { names: unique(names, |it| (it.kind, it.name.clone())), dropped }
    });
    maybe(some)
}

fn weight() -> impl Strategy<Value = Weight> {
    (1_u32..1000, any::<[u32; 6]>()).prop_map(|(count, numbers)| {
        let [cached, opaque, blocking, transfer_bytes, encoded_bytes, decoded_bytes] = numbers;
        Weight {
            count,
            cached_count: cached % (count + 1),
            opaque_count: opaque % (count + 1),
            blocking_count: blocking % (count + 1),
            transfer_bytes,
            encoded_bytes,
            decoded_bytes,
        }
    })
}

pub(crate) fn resources() -> impl Strategy<Value = Resources> {
    let kind = || sample::select(ResourceKind::ALL);
    let of_kind = (kind(), weight()).prop_map(|(kind, weight)| ResourcesOfKind { kind, weight });
    let protocol = prop_oneof![Just(String::new()), Just("h2".to_owned())];
    let file = (text(300), kind(), protocol, weight(), durations()).prop_map(
        |(path, kind, protocol, weight, durations)| Resource {
            url: format!("https://shop.example/{}", path.replace(['?', '#'], "-")),
            kind,
            protocol,
            weight,
            durations,
        },
    );
    let some = (collection::vec(of_kind, 0..4), collection::vec(file, 0..4), any::<u32>())
        .prop_map(|(kinds, files, dropped)| Resources {
            kinds: unique(kinds, |it| it.kind),
            files: unique(files, |it| (it.url.clone(), it.kind)),
            dropped,
        });
    maybe(some)
}

pub(crate) fn memory() -> impl Strategy<Value = Memory> {
    let bytes = 0_u64..1 << 40;
    let bytes = (bytes.clone(), bytes.clone(), bytes);
    let times = (0_u32..1_000_000_000, 0_u32..1_000_000_000);
    let some = (sample::select(MemorySource::ALL), 1_u32..1000, bytes, times).prop_map(
        |(source, samples, (first_bytes, last_bytes, max_bytes), (first_ms, more_ms))| Memory {
            source,
            samples,
            first_bytes,
            last_bytes,
            max_bytes: max_bytes.max(first_bytes).max(last_bytes),
            first_ms,
            last_ms: first_ms + more_ms,
        },
    );
    maybe(some)
}

pub(crate) fn errors() -> impl Strategy<Value = Errors> {
    let names =
        (prop_oneof![Just(String::new()), text(40)], prop_oneof![Just(String::new()), text(80)]);
    let frame = (names, any::<[u32; 2]>()).prop_map(|((function, source), [line, column])| {
        StackFrame { function, source: source.replace(['?', '#'], "-"), line, column }
    });
    let stack = collection::vec(frame, 0..4);
    let error = (sample::select(ErrorKind::ALL), text(1024), stack, 1_u32..9, 0_u32..90_000)
        .prop_map(|(kind, message, stack, count, first_ms)| PageError {
            kind,
            message,
            stack,
            count,
            first_ms,
        });
    let some = (collection::vec(error, 0..4), any::<u32>()).prop_map(|(errors, dropped)| Errors {
        errors: unique(errors, |it| (it.kind, it.message.clone(), format!("{:?}", it.stack))),
        dropped,
    });
    maybe(some)
}

fn request() -> impl Strategy<Value = Request> {
    let timing =
        (text(64), durations()).prop_map(|(name, durations)| ServerTiming { name, durations });
    let server = collection::vec(timing, 0..3);
    let trace_id = prop_oneof![Just(String::new()), "[0-9a-f]{32}"];
    (text(300), durations(), server, trace_id, any::<bool>()).prop_map(
        |(path, durations, server, trace_id, waits)| Request {
            url: format!("https://shop.example/{}", path.replace(['?', '#'], "-")),
            failed_count: durations.count / 2,
            waits: if waits { durations.clone() } else { Durations::default() },
            durations,
            server: unique(server, |it| it.name.clone()),
            trace_id,
        },
    )
}

pub(crate) fn requests() -> impl Strategy<Value = Requests> {
    let some = (collection::vec(request(), 1..4), any::<[u32; 5]>()).prop_map(|(urls, numbers)| {
        let [dropped, sequential_us, elapsed_us, total_us, longest_us] = numbers;
        Requests {
            urls: unique(urls, |it| it.url.clone()),
            dropped,
            sequential_us,
            elapsed_us: elapsed_us.min(sequential_us),
            chains: vec![Chain {
                urls: vec![0, 0],
                total_us,
                longest_us: longest_us.min(total_us),
            }],
        }
    });
    maybe(some)
}

pub(crate) fn profile() -> impl Strategy<Value = Profile> {
    let name = prop_oneof![Just(String::new()), text(80)];
    let function = (name, 0_u8..=1, any::<[u32; 2]>())
        .prop_map(|(name, source, [line, column])| ProfiledFunction { name, source, line, column });
    let counts = collection::vec((0_u16..9, any::<u32>(), any::<u32>()), 1..9);
    let some = (collection::vec(function, 1..4), counts, 1_u32..=1_000_000, any::<u32>()).prop_map(
        |(functions, counts, interval_us, dropped)| {
            let stack =
                |(at, (number, count, slow_count)): (usize, (u16, u32, u32))| ProfiledStack {
                    parent: number % u16::try_from(at + 1).unwrap(),
                    function: number % u16::try_from(functions.len()).unwrap(),
                    count,
                    slow_count: slow_count.min(count),
                };
            Profile {
                interval_us,
                sources: vec!["https://shop.example/a.js".to_owned()],
                stacks: counts.into_iter().enumerate().map(stack).collect(),
                functions,
                dropped,
            }
        },
    );
    maybe(some)
}

pub(crate) fn timeline() -> impl Strategy<Value = Timeline> {
    let span = || (0_u32..=2_592_000_000, 0_u32..=600_000);
    let load =
        (sample::select(ResourceKind::ALL), span()).prop_map(|(kind, (start_ms, duration_ms))| {
            Load { kind, url: "https://shop.example/a.js".to_owned(), start_ms, duration_ms }
        });
    let frame = span().prop_map(|(start_ms, duration_ms)| TimeSpan { start_ms, duration_ms });
    let lists = (collection::vec(load, 0..4), collection::vec(frame, 0..4));
    let some = (lists, any::<u32>()).prop_map(|((loads, long_frames), dropped)| Timeline {
        loads,
        long_frames,
        dropped,
    });
    maybe(some)
}
