//! How much memory a page took.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::Memory;
use rusqlite::Result;

impl Kept for Memory {
    const STATEMENTS: Statements = statements!("memory");

    fn encode<E>(&self, _id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        Ok(to_bytes(self))
    }

    fn decode(bytes: &[u8], _text_of: impl FnMut(i64) -> Result<Option<String>>) -> Result<Self> {
        from_bytes(bytes)
    }
}
