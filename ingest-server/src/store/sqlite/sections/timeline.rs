//! When a page loaded what it did, and was kept from painting.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{Load, ResourceKind, TimeSpan, Timeline};
use rusqlite::Result;

/// Kind, address, start and duration.
type StoredLoad = (ResourceKind, i64, [u32; 2]);
/// What was dropped, loads, and long frames.
type Stored = (u32, Vec<StoredLoad>, Vec<TimeSpan>);

impl Kept for Timeline {
    const STATEMENTS: Statements = statements!("timelines");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { loads, long_frames, dropped } = self;
        let loads = loads.iter().map(|load| -> Result<StoredLoad, E> {
            let Load { kind, url, start_ms, duration_ms } = load;
            Ok((*kind, id_of(url)?, [*start_ms, *duration_ms]))
        });
        Ok(to_bytes(&(dropped, loads.collect::<Result<Vec<_>, E>>()?, long_frames)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (dropped, stored, long_frames) = from_bytes::<Stored>(bytes)?;
        let mut loads = Vec::new();
        for (kind, url, [start_ms, duration_ms]) in stored {
            loads.extend(text_of(url)?.map(|url| Load { kind, url, start_ms, duration_ms }));
        }
        Ok(Self { loads, long_frames, dropped })
    }
}
