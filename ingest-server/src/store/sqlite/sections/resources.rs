//! What a page loaded.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{Durations, Resource, ResourceKind, Resources, ResourcesOfKind, Weight};
use rusqlite::Result;

/// Address, kind, protocol, weight and durations.
type File = (i64, ResourceKind, i64, Weight, Durations);
/// What was dropped, kinds, and files.
type Stored = (u32, Vec<ResourcesOfKind>, Vec<File>);

impl Kept for Resources {
    const STATEMENTS: Statements = statements!("resources");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { kinds, files, dropped } = self;
        let files = files.iter().map(|file| {
            let Resource { url, kind, protocol, weight, durations } = file;
            Ok((id_of(url)?, *kind, id_of(protocol)?, *weight, durations))
        });
        Ok(to_bytes(&(dropped, kinds, files.collect::<Result<Vec<_>, E>>()?)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (dropped, kinds, stored) = from_bytes::<Stored>(bytes)?;
        let mut files = Vec::new();
        for (url, kind, protocol, weight, durations) in stored {
            let (Some(url), Some(protocol)) = (text_of(url)?, text_of(protocol)?) else { continue };
            files.push(Resource { url, kind, protocol, weight, durations });
        }
        Ok(Self { kinds, files, dropped })
    }
}
