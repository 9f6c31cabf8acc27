//! What a page timed itself.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{Durations, Measure, MeasureKind, Measures};
use rusqlite::Result;

/// What was dropped, and names.
type Stored = (u32, Vec<(MeasureKind, i64, Durations)>);

impl Kept for Measures {
    const STATEMENTS: Statements = statements!("measures");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { names, dropped } = self;
        let names = names.iter().map(|Measure { kind, name, durations }| {
            id_of(name).map(|name| (*kind, name, durations))
        });
        Ok(to_bytes(&(dropped, names.collect::<Result<Vec<_>, E>>()?)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (dropped, stored) = from_bytes::<Stored>(bytes)?;
        let mut names = Vec::new();
        for (kind, name, durations) in stored {
            names.extend(text_of(name)?.map(|name| Measure { kind, name, durations }));
        }
        Ok(Self { names, dropped })
    }
}
