//! Where the time of a page's scripts went.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{Profile, ProfiledFunction, ProfiledStack};
use rusqlite::Result;

/// Name, source, line and column.
type Function = (i64, u8, u32, u32);
/// Interval, what was dropped, addresses, functions, and stacks.
type Stored = (u32, u32, Vec<i64>, Vec<Function>, Vec<ProfiledStack>);

impl Kept for Profile {
    const STATEMENTS: Statements = statements!("profiles");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { interval_us, sources, functions, stacks, dropped } = self;
        let sources = sources.iter().map(|it| id_of(it)).collect::<Result<Vec<_>, E>>()?;
        let functions = functions.iter().map(|it| -> Result<Function, E> {
            Ok((id_of(&it.name)?, it.source, it.line, it.column))
        });
        let functions = functions.collect::<Result<Vec<_>, E>>()?;
        Ok(to_bytes(&(interval_us, dropped, sources, functions, stacks)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (interval_us, dropped, stored, named, stacks) = from_bytes::<Stored>(bytes)?;
        // Others count on the place of each, so that one whose text is gone stays.
        let mut sources = Vec::new();
        for source in stored {
            sources.push(text_of(source)?.unwrap_or_default());
        }
        let mut functions = Vec::new();
        for (name, source, line, column) in named {
            let name = text_of(name)?.unwrap_or_default();
            functions.push(ProfiledFunction { name, source, line, column });
        }
        Ok(Self { interval_us, sources, functions, stacks, dropped })
    }
}
