//! How much memory a page takes.

use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// What was looked at.
    MemorySource {
        /// The heap of JavaScript, by `performance.memory`: what Chromium says of its own, in steps.
        Heap = "heap",
        /// The whole page, by `performance.measureUserAgentSpecificMemory`, where it is isolated from other
        /// origins: <https://wicg.github.io/performance-measure-memory/>.
        Page = "page",
    }
}

/// How much memory a page view took, from the first time that it was looked at to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Memory {
    /// What was looked at.
    pub source: MemorySource,
    /// How often it was looked at.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub samples: u32,
    /// The first time, in bytes.
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 1_099_511_627_776u64))]
    pub first_bytes: u64,
    /// The last time, in bytes.
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 1_099_511_627_776u64))]
    pub last_bytes: u64,
    /// The largest of all, in bytes.
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 1_099_511_627_776u64))]
    pub max_bytes: u64,
    /// When the first time was, in milliseconds since the page view began.
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 2_592_000_000u32))]
    pub first_ms: u32,
    /// When the last time was.
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 2_592_000_000u32))]
    pub last_ms: u32,
}

impl Default for Memory {
    /// It was never looked at.
    fn default() -> Self {
        Self {
            source: MemorySource::Heap,
            samples: 0,
            first_bytes: 0,
            last_bytes: 0,
            max_bytes: 0,
            first_ms: 0,
            last_ms: 0,
        }
    }
}
