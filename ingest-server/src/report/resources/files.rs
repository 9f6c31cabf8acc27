//! What many page views loaded, added up by file and by kind.

use crate::{
    report::{durations::DurationSum, host},
    store::sqlite::PagePlace,
};
use beacon::{Resource, ResourceKind, Resources, ResourcesOfKind, Weight};
use std::collections::HashMap;

/// Files that are told apart; a page view has at most 100. They take some 20 MB at most.
const TOLD_APART_MAX: usize = 5000;
/// The kinds, in the order of [`ResourceKind::ALL`].
const KINDS: usize = 8;
const _: () = assert!(ResourceKind::ALL.len() == KINDS);

/// How many there were, and how much they weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct WeightSum {
    pub(super) count: u64,
    pub(super) cached_count: u64,
    pub(super) opaque_count: u64,
    pub(super) blocking_count: u64,
    pub(super) transfer_bytes: u64,
    pub(super) encoded_bytes: u64,
    pub(super) decoded_bytes: u64,
}

/// All of a kind.
#[derive(Clone, Debug, Default)]
pub(super) struct OfKind {
    pub(super) weight: WeightSum,
    /// Bytes over the network, of each page view that loaded any.
    pub(super) transfer_bytes_each: Vec<u32>,
    /// Bytes unpacked, of each page view that loaded any.
    pub(super) decoded_bytes_each: Vec<u32>,
}

/// All loads of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    host: String,
    /// Whether it is somebody else's on any of the pages.
    pub(super) is_third_party: bool,
    pub(super) page_views: u64,
    pub(super) weight: WeightSum,
    pub(super) durations: DurationSum,
    /// How it came the last time.
    pub(super) protocol: String,
}

/// What was loaded.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(super) page_views: u64,
    /// How many were loaded of files that were one too many, in a page view or here.
    pub(super) dropped: u64,
    /// In the order of [`ResourceKind::ALL`].
    pub(super) by_kind: [OfKind; KINDS],
    pub(super) by_url: HashMap<(ResourceKind, String), File>,
}

impl Files {
    /// Adds what a page view on that host tells.
    pub(crate) fn add(
        &mut self,
        Resources { kinds, files, dropped }: Resources,
        place: PagePlace<'_>,
    ) {
        self.page_views += 1;
        self.dropped += u64::from(dropped);
        for ResourcesOfKind { kind, weight } in kinds {
            let of_kind = &mut self.by_kind[kind as usize];
            of_kind.weight.add(&weight);
            of_kind.transfer_bytes_each.push(weight.transfer_bytes);
            of_kind.decoded_bytes_each.push(weight.decoded_bytes);
        }
        for file in files {
            self.add_file(file, place.host);
        }
    }

    fn add_file(&mut self, file: Resource, page: &str) {
        let Resource { url, kind, protocol, weight, durations } = file;
        let key = (kind, url);
        if !self.by_url.contains_key(&key) {
            if self.by_url.len() >= TOLD_APART_MAX {
                self.dropped += u64::from(weight.count);
                return;
            }
            let host = host::of(&key.1).unwrap_or_default();
            self.by_url.insert(key.clone(), File { host, ..File::default() });
        }
        if let Some(known) = self.by_url.get_mut(&key) {
            // A page view has each address and kind once.
            known.page_views += 1;
            known.is_third_party |= host::is_third_party(page, &known.host);
            known.weight.add(&weight);
            known.durations.add(&durations);
            known.protocol = protocol;
        }
    }
}

impl WeightSum {
    fn add(&mut self, weight: &Weight) {
        self.count += u64::from(weight.count);
        self.cached_count += u64::from(weight.cached_count);
        self.opaque_count += u64::from(weight.opaque_count);
        self.blocking_count += u64::from(weight.blocking_count);
        self.transfer_bytes += u64::from(weight.transfer_bytes);
        self.encoded_bytes += u64::from(weight.encoded_bytes);
        self.decoded_bytes += u64::from(weight.decoded_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::durations::tests::durations;

    #[test]
    fn files_that_are_too_many_are_counted_as_dropped() {
        let mut files = Files::default();
        for n in 0..TOLD_APART_MAX + 5 {
            let file = Resource {
                url: format!("https://shop.example/{n}.js"),
                kind: ResourceKind::Script,
                protocol: "h2".to_owned(),
                weight: Weight { count: 2, ..Weight::default() },
                durations: durations(&[1.0, 2.0]),
            };
            files.add(
                Resources { files: vec![file], ..Resources::default() },
                PagePlace::on("shop.example"),
            );
        }
        assert_eq!((files.by_url.len(), files.dropped), (TOLD_APART_MAX, 10));
        assert!(files.by_url.values().all(|file| !file.is_third_party));
    }
}
