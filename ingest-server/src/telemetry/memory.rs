//! How much memory the program has, as its allocator counts.

use tikv_jemalloc_ctl::{Result, epoch, stats};

/// Bytes, without those that SQLite asks the system for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    /// In use.
    pub(super) allocated_bytes: u64,
    /// Of the machine's memory: what is in use, and what is kept to be used again.
    pub(super) resident_bytes: u64,
}

impl Memory {
    /// As it is now.
    ///
    /// # Errors
    /// The allocator was built so that it does not count.
    pub(super) fn now() -> Result<Self> {
        epoch::advance()?;
        let bytes = |bytes: usize| bytes.try_into().unwrap_or(u64::MAX);
        Ok(Self {
            allocated_bytes: bytes(stats::allocated::read()?),
            resident_bytes: bytes(stats::resident::read()?),
        })
    }
}
