//! Sections of beacons that are taken.

use super::round_trip::text;
use beacon::{
    DURATION_BINS, Durations, FrameScript, InvokerType, LongFrames, Measure, MeasureKind, Measures,
    Render, RenderPhase, Renders, Resource, ResourceKind, Resources, ResourcesOfKind, Weight,
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
