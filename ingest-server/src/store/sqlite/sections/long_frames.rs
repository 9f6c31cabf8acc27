//! What kept a page from painting.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{Durations, FrameScript, InvokerType, LongFrames};
use rusqlite::Result;

/// Source, function, invoker, its type, and the numbers of a script.
type Script = (i64, i64, i64, InvokerType, [u32; 5]);
/// Frames, blocking time, slow interactions, what was dropped, and scripts.
type Stored = (Durations, [u32; 3], Vec<Script>);

impl Kept for LongFrames {
    const STATEMENTS: Statements = statements!("long_frames");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { frames, blocking_us, slow_interactions, scripts, dropped } = self;
        let scripts = scripts.iter().map(|script| -> Result<Script, E> {
            let FrameScript { source, function, invoker, invoker_type, .. } = script;
            let &FrameScript { count, total_us, blocking_us, forced_us, .. } = script;
            let numbers = [count, total_us, blocking_us, forced_us, script.slow_interactions];
            Ok((id_of(source)?, id_of(function)?, id_of(invoker)?, *invoker_type, numbers))
        });
        let scripts = scripts.collect::<Result<Vec<_>, E>>()?;
        let numbers = [*blocking_us, *slow_interactions, *dropped];
        Ok(to_bytes(&(frames, numbers, scripts)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (frames, [blocking_us, slow_interactions, dropped], stored) =
            from_bytes::<Stored>(bytes)?;
        let mut scripts = Vec::new();
        for (source, function, invoker, invoker_type, numbers) in stored {
            let texts = (text_of(source)?, text_of(function)?, text_of(invoker)?);
            let (Some(source), Some(function), Some(invoker)) = texts else { continue };
            let [count, total_us, blocking_us, forced_us, slow_interactions] = numbers;
            scripts.push(FrameScript {
                source,
                function,
                invoker,
                invoker_type,
                count,
                total_us,
                blocking_us,
                forced_us,
                slow_interactions,
            });
        }
        Ok(Self { frames, blocking_us, slow_interactions, scripts, dropped })
    }
}
