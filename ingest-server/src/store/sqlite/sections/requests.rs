//! What scripts of a page asked servers for.

use super::{Kept, Statements, from_bytes, statements, to_bytes};
use beacon::{Chain, Durations, Request, Requests, ServerTiming};
use rusqlite::Result;

/// Address, how many failed, durations, waits, what the server says, and a trace.
type Url = (i64, u32, Durations, Durations, Vec<(i64, Durations)>, String);
/// What was dropped, times, addresses, and chains.
type Stored = (u32, [u32; 2], Vec<Url>, Vec<Chain>);

impl Kept for Requests {
    const STATEMENTS: Statements = statements!("requests");

    fn encode<E>(&self, mut id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E> {
        let Self { urls, dropped, sequential_us, elapsed_us, chains } = self;
        let mut stored = Vec::new();
        for Request { url, failed_count, durations, waits, server, trace_id } in urls {
            let url = id_of(url)?;
            let server = server.iter().map(|it| Ok((id_of(&it.name)?, &it.durations)));
            let server = server.collect::<Result<Vec<_>, E>>()?;
            // No two have the same trace, so it is no text of the dictionary.
            stored.push((url, failed_count, durations, waits, server, trace_id));
        }
        Ok(to_bytes(&(dropped, [sequential_us, elapsed_us], stored, chains)))
    }

    fn decode(
        bytes: &[u8],
        mut text_of: impl FnMut(i64) -> Result<Option<String>>,
    ) -> Result<Self> {
        let (dropped, [sequential_us, elapsed_us], stored, chains) = from_bytes::<Stored>(bytes)?;
        let mut urls = Vec::new();
        for (url, failed_count, durations, waits, timings, trace_id) in stored {
            let mut server = Vec::new();
            for (name, durations) in timings {
                server.extend(text_of(name)?.map(|name| ServerTiming { name, durations }));
            }
            // Chains count on the place of each, so that one whose text is gone stays.
            urls.push(Request {
                url: text_of(url)?.unwrap_or_default(),
                failed_count,
                durations,
                waits,
                server,
                trace_id,
            });
        }
        Ok(Self { urls, dropped, sequential_us, elapsed_us, chains })
    }
}
