//! What a page view loaded, by kind and by file.

use super::{
    heaviest::heaviest,
    resource_kind,
    tell::{Tell, put, put_durations, put_length, put_text},
    took::{self, Took},
};
use beacon::{Durations, Resource, ResourceKind, ResourcesOfKind, Weight, limits, without_hashes};

/// Files that are told apart until the heaviest are told.
pub const FILES_MAX: usize = 500;

/// A resource that was loaded.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Its address without query string; empty for what the page does not want to be told.
    pub url: String,
    /// As `Content-Type` has it; empty for not known.
    pub media_type: String,
    /// Who asked for it, such as `img` or `fetch`.
    pub initiator: String,
    /// How it came, such as `h2`; empty for not known.
    pub protocol: String,
    /// How long loading it took.
    pub took: Took,
    /// What came over the network, headers included.
    pub transfer_bytes: f64,
    /// Its body as it came.
    pub encoded_bytes: f64,
    /// Its body, unpacked.
    pub decoded_bytes: f64,
    /// Whether the browser says that it was in its cache.
    pub was_in_cache: bool,
    /// Whether it is of another origin than the page.
    pub is_of_other_origin: bool,
    /// Whether the page was not painted until it was there.
    pub is_blocking: bool,
}

impl Loaded {
    /// What it is.
    pub fn kind(&self) -> ResourceKind {
        resource_kind::kind(&self.url, &self.media_type, &self.initiator)
    }
}

/// What was loaded in a page view.
#[derive(Debug, Default)]
pub struct Resources(beacon::Resources);

impl Resources {
    /// Adds a resource. What scripts ask for is in no file: its addresses are as many as there are things
    /// to ask for.
    pub fn add(&mut self, loaded: Loaded) {
        let kind = loaded.kind();
        let weight = weight(&loaded);
        add(self.weight_of(kind), &weight);
        if kind != ResourceKind::Request {
            self.add_file(kind, &weight, loaded);
        }
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::Resources {
        super::tell::told(self, at_most)
    }

    fn weight_of(&mut self, kind: ResourceKind) -> &mut Weight {
        let known = self.0.kinds.iter().position(|it| it.kind == kind);
        let place = known.unwrap_or_else(|| {
            self.0.kinds.push(ResourcesOfKind { kind, weight: Weight::default() });
            self.0.kinds.len() - 1
        });
        &mut self.0.kinds[place].weight
    }

    fn add_file(&mut self, kind: ResourceKind, weight: &Weight, loaded: Loaded) {
        let url = without_hashes(&loaded.url);
        let is_same = |it: &Resource| it.kind == kind && is_same(it.url.as_bytes(), url.as_bytes());
        let known = self.0.files.iter().position(is_same);
        if url.is_empty() || (known.is_none() && self.0.files.len() == FILES_MAX) {
            self.0.dropped += 1;
            return;
        }
        let place = known.unwrap_or_else(|| {
            self.0.files.push(unseen(url, kind));
            self.0.files.len() - 1
        });
        let file = &mut self.0.files[place];
        add(&mut file.weight, weight);
        took::add(&mut file.durations, loaded.took);
        let is_fit = loaded.protocol.len() <= limits::PROTOCOL_BYTES_MAX;
        file.protocol = if is_fit { loaded.protocol } else { String::new() };
    }
}

impl Tell for Resources {
    /// All kinds, and the heaviest files.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::Resources { files, kinds, dropped } = &self.0;
        // What is not known, because it is opaque, is told by how long it took.
        let heavy = |place: usize| {
            let file = &files[place];
            u64::from(file.weight.decoded_bytes) << 32 | u64::from(file.durations.total_us)
        };
        let places = heaviest(files.len(), at_most, &heavy);
        let mut dropped = files.iter().fold(*dropped, |sum, it| sum + it.weight.count);
        put_length(into, kinds.len());
        for ResourcesOfKind { kind, weight } in kinds {
            put(into, &[*kind as u32]);
            put_weight(into, weight);
        }
        put_length(into, places.len());
        for place in places {
            let Resource { url, kind, protocol, weight, durations } = &files[place];
            put_text(into, url);
            put(into, &[*kind as u32]);
            put_text(into, protocol);
            put_weight(into, weight);
            put_durations(into, durations);
            dropped -= weight.count;
        }
        put(into, &[dropped]);
    }
}

fn put_weight(into: &mut Vec<u8>, it: &Weight) {
    put(into, &[it.count, it.cached_count, it.opaque_count, it.blocking_count]);
    put(into, &[it.transfer_bytes, it.encoded_bytes, it.decoded_bytes]);
}

/// Looks from the end, because most addresses begin alike.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && (0..one.len()).rev().all(|at| one[at] == other[at])
}

fn unseen(url: String, kind: ResourceKind) -> Resource {
    Resource {
        url,
        kind,
        protocol: String::new(),
        weight: Weight::default(),
        durations: Durations::default(),
    }
}

/// Of one resource.
fn weight(loaded: &Loaded) -> Weight {
    let bytes = [loaded.transfer_bytes, loaded.encoded_bytes, loaded.decoded_bytes].map(integer);
    let [transfer_bytes, encoded_bytes, decoded_bytes] = bytes;
    let is_from_cache = loaded.was_in_cache || (transfer_bytes == 0 && decoded_bytes > 0);
    let is_opaque = loaded.is_of_other_origin && bytes == [0; 3];
    Weight {
        count: 1,
        cached_count: u32::from(is_from_cache),
        opaque_count: u32::from(is_opaque),
        blocking_count: u32::from(loaded.is_blocking),
        transfer_bytes,
        encoded_bytes,
        decoded_bytes,
    }
}

fn add(sum: &mut Weight, more: &Weight) {
    sum.count += more.count;
    sum.cached_count += more.cached_count;
    sum.opaque_count += more.opaque_count;
    sum.blocking_count += more.blocking_count;
    sum.transfer_bytes = sum.transfer_bytes.saturating_add(more.transfer_bytes);
    sum.encoded_bytes = sum.encoded_bytes.saturating_add(more.encoded_bytes);
    sum.decoded_bytes = sum.decoded_bytes.saturating_add(more.decoded_bytes);
}

/// `as` saturates and takes NaN for 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn integer(number: f64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn script(url: &str, decoded_bytes: f64) -> Loaded {
        Loaded {
            url: url.to_owned(),
            initiator: "script".to_owned(),
            protocol: "h2".to_owned(),
            took: Took { ms: 8.0, log2: 0.008_f64.log2() },
            transfer_bytes: 300.0,
            encoded_bytes: decoded_bytes / 3.0,
            decoded_bytes,
            ..Loaded::default()
        }
    }

    #[test]
    fn versions_of_a_file_are_one_file() {
        let mut resources = Resources::default();
        resources.add(script("https://a.example/index-BkZ3a9xQ.js", 900_000.0));
        resources.add(script("https://a.example/index-C0mP1l3D.js", 600_000.0));
        let told = resources.told(100);
        let [file] = &told.files[..] else { panic!("{told:?}") };
        assert_eq!((&*file.url, &*file.protocol), ("https://a.example/index-*.js", "h2"));
        assert_eq!((file.weight.count, file.weight.decoded_bytes), (2, 1_500_000));
        assert_eq!((file.durations.count, file.durations.total_us), (2, 16_000));
        assert_eq!(told.kinds, [ResourcesOfKind { kind: file.kind, weight: file.weight }]);
    }

    #[test]
    fn what_is_cached_and_what_is_opaque_are_told_apart() {
        let weight_of = |loaded: Loaded| {
            let mut resources = Resources::default();
            resources.add(loaded);
            let weight = resources.told(1).kinds[0].weight;
            (weight.cached_count, weight.opaque_count, weight.blocking_count)
        };
        let loaded = script("https://a.example/app.js", 900.0);
        assert_eq!(weight_of(loaded.clone()), (0, 0, 0));
        assert_eq!(weight_of(Loaded { transfer_bytes: 0.0, ..loaded.clone() }), (1, 0, 0));
        assert_eq!(weight_of(Loaded { was_in_cache: true, ..loaded.clone() }), (1, 0, 0));
        assert_eq!(weight_of(Loaded { is_blocking: true, ..loaded.clone() }), (0, 0, 1));
        let silent =
            Loaded { transfer_bytes: 0.0, encoded_bytes: f64::NAN, decoded_bytes: 0.0, ..loaded };
        assert_eq!(weight_of(silent.clone()), (0, 0, 0));
        assert_eq!(weight_of(Loaded { is_of_other_origin: true, ..silent }), (0, 1, 0));
    }

    #[test]
    fn what_scripts_ask_for_is_in_the_totals_only() {
        let mut resources = Resources::default();
        let request =
            Loaded { initiator: "fetch".to_owned(), ..script("https://a.example/api", 9.0) };
        resources.add(request);
        let told = resources.told(100);
        assert_eq!((told.kinds[0].kind, told.kinds[0].weight.count), (ResourceKind::Request, 1));
        assert_eq!((told.files.len(), told.dropped), (0, 0));
    }

    #[test]
    fn what_has_no_address_is_no_file_and_counts() {
        let mut resources = Resources::default();
        resources.add(script("", 9.0));
        let told = resources.told(100);
        assert_eq!((told.kinds[0].weight.count, told.files.len(), told.dropped), (1, 0, 1));
    }

    #[test]
    fn a_protocol_that_is_too_long_is_none() {
        let mut resources = Resources::default();
        resources.add(Loaded { protocol: "x".repeat(17), ..script("https://a.example/a.js", 1.0) });
        assert_eq!(resources.told(1).files[0].protocol, "");
    }

    proptest! {
        #[test]
        fn the_heaviest_files_are_told_and_all_are_counted(
            all in prop::collection::vec((0..900_u32, 0..100_000_u32), 0..1500),
            at_most in 0..=limits::RESOURCES_MAX,
        ) {
            let mut resources = Resources::default();
            for (name, bytes) in &all {
                resources.add(script(&format!("https://a.example/{name}.js"), f64::from(*bytes)));
            }
            let told = resources.told(at_most);
            prop_assert!(told.files.len() <= at_most);
            prop_assert!(told.files.is_sorted_by(|a, b| a.weight.decoded_bytes >= b.weight.decoded_bytes));
            let counted = told.files.iter().map(|it| it.weight.count).sum::<u32>();
            prop_assert_eq!((counted + told.dropped) as usize, all.len());
            let in_totals = told.kinds.iter().map(|it| it.weight.count).sum::<u32>();
            prop_assert_eq!(in_totals as usize, all.len());
        }
    }
}
