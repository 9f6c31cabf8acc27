//! How much memory a page takes.

use super::{
    tell::{Tell, put, put_long},
    time::age_ms,
};
use beacon::{Memory as Sums, MemorySource, limits};

/// Chromium itself looks at the heap so rarely, unless the page is isolated. What it says meanwhile is
/// what it said before.
const STALE_MS: u32 = 20 * 60 * 1000;

/// The memory of a page view.
#[derive(Debug, Default)]
pub struct Memory(Sums);

impl Memory {
    /// Adds what was seen. The whole page says more than the heap, and they are not put together. What has not
    /// changed at all is not known to have been looked at anew.
    pub fn add(&mut self, source: MemorySource, bytes: f64, at_ms: f64) {
        let (bytes, now_ms) = (integer(bytes).min(limits::MEMORY_BYTES_MAX), age_ms(at_ms));
        let it = &mut self.0;
        if it.samples == 0 || source > it.source {
            *it = Sums {
                source,
                samples: 1,
                first_bytes: bytes,
                last_bytes: bytes,
                max_bytes: bytes,
                first_ms: now_ms,
                last_ms: now_ms,
            };
            return;
        }
        let is_new = bytes != it.last_bytes || now_ms >= it.last_ms.saturating_add(STALE_MS);
        if source < it.source || now_ms < it.last_ms || !is_new {
            return;
        }
        it.samples += 1;
        it.last_bytes = bytes;
        it.max_bytes = it.max_bytes.max(bytes);
        it.last_ms = now_ms;
    }

    #[cfg(test)]
    fn told(&self) -> Sums {
        super::tell::told(self, 1)
    }
}

impl Tell for Memory {
    fn tell(&self, _: usize, into: &mut Vec<u8>) {
        let it = &self.0;
        put(into, &[it.source as u32, it.samples]);
        for bytes in [it.first_bytes, it.last_bytes, it.max_bytes] {
            put_long(into, bytes);
        }
        put(into, &[it.first_ms, it.last_ms]);
    }
}

/// `as` saturates and takes NaN for 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn integer(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(samples: &[(MemorySource, f64, f64)]) -> Sums {
        let mut memory = Memory::default();
        for &(source, bytes, at_ms) in samples {
            memory.add(source, bytes, at_ms);
        }
        memory.told()
    }

    #[test]
    fn first_last_and_largest_are_known() {
        let heap = MemorySource::Heap;
        let told = of(&[(heap, 10e6, 1000.0), (heap, 40e6, 11_000.0), (heap, 30e6, 21_000.0)]);
        let expected = Sums {
            source: heap,
            samples: 3,
            first_bytes: 10_000_000,
            last_bytes: 30_000_000,
            max_bytes: 40_000_000,
            first_ms: 1000,
            last_ms: 21_000,
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn what_the_browser_remembers_is_no_new_look() {
        let heap = MemorySource::Heap;
        let told = of(&[(heap, 10e6, 1000.0), (heap, 10e6, 11_000.0), (heap, 10e6, 1_200_000.0)]);
        assert_eq!((told.samples, told.last_ms), (1, 1000));
        let told = of(&[(heap, 10e6, 1000.0), (heap, 10e6, 1_201_000.0)]);
        assert_eq!((told.samples, told.last_ms), (2, 1_201_000));
    }

    #[test]
    fn the_whole_page_takes_the_place_of_the_heap() {
        let (heap, page) = (MemorySource::Heap, MemorySource::Page);
        let told = of(&[(heap, 90e6, 0.0), (page, 20e6, 5.0), (heap, 30e6, 6.0)]);
        assert_eq!((told.source, told.samples, told.max_bytes), (page, 1, 20_000_000));
    }

    proptest! {
        #[test]
        fn the_server_takes_it(samples in prop::collection::vec((any::<f64>(), any::<f64>()), 1..50)) {
            let mut memory = Memory::default();
            for (bytes, at_ms) in samples {
                memory.add(MemorySource::Heap, bytes, at_ms);
            }
            let it = memory.told();
            prop_assert!(it.samples > 0 && it.first_bytes.max(it.last_bytes) <= it.max_bytes);
            prop_assert!(it.max_bytes <= limits::MEMORY_BYTES_MAX);
            prop_assert!(it.first_ms <= it.last_ms && it.last_ms <= limits::AGE_MS_MAX);
        }
    }
}
