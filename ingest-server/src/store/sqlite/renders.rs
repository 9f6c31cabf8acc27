//! What components did in a page view: a row for each page view that tells it.

use super::{
    ReadError, Reader, Sample, Selection,
    dictionary::Dictionary,
    facts::{self, is_selected},
    kept,
    record::Texts,
    sample::{self, sampled},
};
use crate::{
    transfer::RendersRecord,
    varint::{Malformed, put, take},
};
use beacon::{Render, RenderPhase, Renders};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, params, types::Type};
use std::num::NonZeroU32;

/// The one with the higher sequence has all that the other one had.
const PUT: &str = "
    INSERT INTO renders (page_view_id, sequence, components) VALUES (?1, ?2, ?3)
    ON CONFLICT (page_view_id) DO UPDATE
        SET sequence = excluded.sequence, components = excluded.components
        WHERE excluded.sequence > renders.sequence
";
const OF_PAGE_VIEW: &str = "SELECT sequence, components FROM renders WHERE page_view_id = ?1";
const OF_SAMPLE: &str = sampled!(
    "components",
    "renders ON page_view_id",
    "CROSS JOIN page_views ON page_views.id = page_view_id",
    "TRUE"
);
/// The same of all that there are.
const OF_ALL: &str = concat!(
    "SELECT components FROM renders
        CROSS JOIN page_views ON page_views.id = page_view_id
        CROSS JOIN pages ON pages.id = page_id
        CROSS JOIN circumstances ON circumstances.id = circumstances_id
    WHERE page_view_id > :after AND page_view_id <= :last AND NOT is_bot AND ",
    is_selected!("page_views")
);
/// How many there are, as long as they are not more than that.
const COUNT: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM renders WHERE page_view_id > ?1 AND page_view_id <= ?2 LIMIT ?3
    )
";

/// Page views that are looked at for one answer: with 20 components of 12 bins each, they take a quarter of
/// a second.
pub const RENDERED_MAX: NonZeroU32 = NonZeroU32::new(50_000).unwrap();

/// Writes what a beacon of a page view says; nothing, if it says nothing.
pub(super) fn write(
    connection: &Connection,
    dictionary: &mut Dictionary,
    page_view: i64,
    sequence: u32,
    renders: &Renders,
) -> Result<()> {
    if *renders == Renders::default() {
        return Ok(());
    }
    let bytes = encode(renders, |id| dictionary.text(connection, id))?;
    connection.prepare_cached(PUT)?.execute(params![page_view, sequence, bytes])?;
    Ok(())
}

/// What a page view told.
pub(super) fn of_page_view(
    connection: &Connection,
    page_view: i64,
    texts: &mut Texts,
) -> Result<Option<RendersRecord>> {
    let mut statement = connection.prepare_cached(OF_PAGE_VIEW)?;
    let read = |row: &rusqlite::Row<'_>| {
        let renders = decode(row.get_ref(1)?.as_blob()?, |id| texts.get(connection, id))?;
        Ok(RendersRecord { sequence: row.get(0)?, renders })
    };
    statement.query_row([page_view], read).optional()
}

/// What was read, and of which page views.
#[derive(Debug)]
pub struct Rendered<S> {
    /// What all of them tell.
    pub told: S,
    /// Which ones were looked at.
    pub sample: Sample,
    /// From when on all are still there.
    pub kept_from: Timestamp,
}

impl Reader {
    /// Puts what the selected page views tell of their components into a state; of more than so many, a
    /// sample.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn renders<S: Send + 'static>(
        &self,
        selection: Selection,
        mut told: S,
        add: impl Fn(&mut S, Renders) + Send + 'static,
        rows_max: NonZeroU32,
        now: Timestamp,
    ) -> Result<Rendered<S>, ReadError> {
        let each = move |connection: &mut Connection| {
            let add = |renders| add(&mut told, renders);
            let (sample, kept_from) = each(connection, &selection, rows_max, now, add)?;
            Ok::<_, rusqlite::Error>(Rendered { told, sample, kept_from })
        };
        self.report(each).await
    }
}

fn each(
    connection: &mut Connection,
    selection: &Selection,
    rows_max: NonZeroU32,
    now: Timestamp,
    mut each: impl FnMut(Renders),
) -> Result<(Sample, Timestamp)> {
    let transaction = connection.transaction()?;
    let sample = sample_of(&transaction, selection, rows_max)?;
    let is_all = sample.one_in() == NonZeroU32::MIN;
    let mut texts = Texts::default();
    let mut statement = transaction.prepare_cached(if is_all { OF_ALL } else { OF_SAMPLE })?;
    facts::bind(&mut statement, sample.after, selection)?;
    statement.raw_bind_parameter(":last", sample.last)?;
    if !is_all {
        statement.raw_bind_parameter(":one_in", sample.one_in().get())?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob()?;
        each(decode(bytes, |id| texts.get(&transaction, id))?);
    }
    drop(rows);
    drop(statement);
    let kept_from = kept::from(&transaction, selection, now)?;
    transaction.finish()?;
    Ok((sample, kept_from))
}

/// All page views that tell of renders, if they are not too many; otherwise one of so many, be it one
/// that tells or not.
fn sample_of(
    connection: &Connection,
    selection: &Selection,
    rows_max: NonZeroU32,
) -> Result<Sample> {
    let (after, last) = sample::range(connection, selection)?;
    let limit = i64::from(rows_max.get()) + 1;
    let mut statement = connection.prepare_cached(COUNT)?;
    let count: i64 = statement.query_row(params![after, last, limit], |row| row.get(0))?;
    let sample = Sample::new(after, last, rows_max);
    let one_in = if count < limit { NonZeroU32::MIN } else { sample.one_in() };
    Ok(Sample { one_in, ..sample })
}

/// `id_of` is asked for the number of each component's id.
fn encode<E>(
    Renders { components, dropped }: &Renders,
    mut id_of: impl FnMut(&str) -> Result<i64, E>,
) -> Result<Vec<u8>, E> {
    let mut bytes = Vec::new();
    put(&mut bytes, dropped);
    put(&mut bytes, &components.len());
    for Render { id, phase, count, actual_us, base_us, max_us, slow_count, full_count, bins } in
        components
    {
        put(&mut bytes, &id_of(id)?);
        put(&mut bytes, &(*phase as u32));
        for number in [count, actual_us, base_us, max_us, slow_count, full_count] {
            put(&mut bytes, number);
        }
        put(&mut bytes, &bins.len());
        let mut before = 0;
        for (bin, count) in bins {
            put(&mut bytes, &bin.wrapping_sub(before));
            put(&mut bytes, count);
            before = *bin;
        }
    }
    Ok(bytes)
}

/// `text_of` is asked for the id of each component; one that is gone is left out.
fn decode(
    mut bytes: &[u8],
    mut text_of: impl FnMut(i64) -> Result<Option<String>>,
) -> Result<Renders> {
    let bytes = &mut bytes;
    let mut renders = Renders { dropped: number(bytes)?, components: Vec::new() };
    for _ in 0..number::<usize>(bytes)? {
        let id = text_of(number(bytes)?)?;
        let phase = RenderPhase::ALL.get(number::<u32>(bytes)? as usize);
        let phase = *phase.ok_or_else(malformed)?;
        let mut render = Render {
            id: String::new(),
            phase,
            count: number(bytes)?,
            actual_us: number(bytes)?,
            base_us: number(bytes)?,
            max_us: number(bytes)?,
            slow_count: number(bytes)?,
            full_count: number(bytes)?,
            bins: Vec::new(),
        };
        let mut bin: i16 = 0;
        for _ in 0..number::<usize>(bytes)? {
            bin = bin.wrapping_add(number(bytes)?);
            render.bins.push((bin, number(bytes)?));
        }
        renders.components.extend(id.map(|id| Render { id, ..render }));
    }
    Ok(renders)
}

fn number<'a, T: serde::Deserialize<'a>>(bytes: &mut &'a [u8]) -> Result<T> {
    take(bytes).map_err(|Malformed| malformed())
}

fn malformed() -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Malformed.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};

    fn render() -> impl Strategy<Value = Render> {
        let numbers = any::<[u32; 6]>();
        let bins = vec((any::<i16>(), any::<u32>()), 0..5);
        ("[a-c]{1,3}", select(RenderPhase::ALL), numbers, bins).prop_map(
            |(id, phase, [count, actual_us, base_us, max_us, slow_count, full_count], bins)| {
                Render {
                    id,
                    phase,
                    count,
                    actual_us,
                    base_us,
                    max_us,
                    slow_count,
                    full_count,
                    bins,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn renders_are_read_as_they_were_written(components in vec(render(), 0..5), dropped: u32) {
            let renders = Renders { components, dropped };
            let mut ids = Vec::new();
            let bytes = encode(&renders, |id| {
                let number = i64::try_from(ids.len()).unwrap();
                ids.push(id.to_owned());
                Ok::<_, std::convert::Infallible>(number)
            });
            let text_of = |id: i64| Ok(ids.get(usize::try_from(id).unwrap()).cloned());
            prop_assert_eq!(decode(&bytes.unwrap(), text_of).unwrap(), renders);
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes, |_| Ok(None));
        }
    }
}
