//! What went wrong on a page.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{ErrorKind, Errors, PageError, StackFrame};
use rusqlite::Result;

/// Function, source, line and column.
type Frame = (i64, i64, u32, u32);
/// What was dropped; and kind, message, count, when it happened first, and stack of each.
type Stored = (u32, Vec<(ErrorKind, i64, u32, u32, Vec<Frame>)>);

impl Kept for Errors {
    const STATEMENTS: Statements = statements!("errors");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { errors, dropped } = self;
        let mut stored = Vec::new();
        for PageError { kind, message, stack, count, first_ms } in errors {
            let message = id_of(message)?;
            let frames = stack.iter().map(|StackFrame { function, source, line, column }| {
                Ok((id_of(function)?, id_of(source)?, *line, *column))
            });
            let frames = frames.collect::<Result<Vec<Frame>, E>>()?;
            stored.push((*kind, message, *count, *first_ms, frames));
        }
        Ok(to_bytes(&(dropped, stored)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (dropped, stored) = from_bytes::<Stored>(bytes)?;
        let mut errors = Vec::new();
        for (kind, message, count, first_ms, frames) in stored {
            let mut stack = Vec::new();
            for (function, source, line, column) in frames {
                let (Some(function), Some(source)) = (text_of(function)?, text_of(source)?) else {
                    continue;
                };
                stack.push(StackFrame { function, source, line, column });
            }
            let message = text_of(message)?;
            errors.extend(message.map(|message| PageError {
                kind,
                message,
                stack,
                count,
                first_ms,
            }));
        }
        Ok(Self { errors, dropped })
    }
}
