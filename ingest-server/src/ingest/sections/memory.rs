//! How much memory a page claims to take → what is true enough to be stored.

use super::{Section, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Memory, limits};

const REASON: Reason = Reason::InvalidMemory;

impl Section for Memory {
    const NAME: &'static str = "memory";

    fn check(self) -> Result<Self, Rejection> {
        if self == Self::default() {
            return Ok(self);
        }
        let Self { samples, first_bytes, last_bytes, max_bytes, first_ms, last_ms, .. } = self;
        if samples == 0 {
            return wrong(REASON, "memory.samples", "is 0; leave memory out instead");
        }
        if max_bytes > limits::MEMORY_BYTES_MAX {
            let detail = format!("is over {}", limits::MEMORY_BYTES_MAX);
            return wrong(REASON, "memory.max_bytes", &detail);
        }
        if first_bytes.max(last_bytes) > max_bytes {
            return wrong(REASON, "memory.max_bytes", "is less than first_bytes or last_bytes");
        }
        if last_ms > limits::AGE_MS_MAX {
            let detail = format!("is over {}", limits::AGE_MS_MAX);
            return wrong(REASON, "memory.last_ms", &detail);
        }
        if first_ms > last_ms {
            return wrong(REASON, "memory.first_ms", "is after last_ms");
        }
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::MemorySource;

    const MEMORY: Memory = Memory {
        source: MemorySource::Heap,
        samples: 3,
        first_bytes: 10,
        last_bytes: 30,
        max_bytes: 40,
        first_ms: 1000,
        last_ms: 9000,
    };

    #[test]
    fn every_error_names_its_field() {
        assert_eq!(MEMORY.check(), Ok(MEMORY));
        assert_eq!(Memory::default().check(), Ok(Memory::default()));
        for (memory, field) in [
            (Memory { samples: 0, ..MEMORY }, "memory.samples"),
            (Memory { max_bytes: u64::MAX, ..MEMORY }, "memory.max_bytes"),
            (Memory { last_bytes: 41, ..MEMORY }, "memory.max_bytes"),
            (Memory { last_ms: u32::MAX, ..MEMORY }, "memory.last_ms"),
            (Memory { first_ms: 9001, ..MEMORY }, "memory.first_ms"),
        ] {
            let refused = memory.check().map_err(|rejection| rejection.field);
            assert_eq!(refused, Err(Some(field.to_owned())));
        }
    }
}
