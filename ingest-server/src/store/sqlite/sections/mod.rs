//! What explains page views besides their metrics: of each section a table, with a row for each page view
//! that tells of it.

mod errors;
mod long_frames;
mod measures;
mod memory;
mod profile;
mod renders;
mod requests;
mod resources;
mod statements;
mod timeline;

pub(super) use statements::{PRUNE, TABLES, named};
use statements::{Statements, statements};

use super::{
    ReadError, Reader, Sample, Selection, dictionary::Dictionary, facts,
    interaction_target::InteractionTarget, kept, record::Texts, sample,
};
use crate::{
    ingest::{Section, Sections, for_each_section},
    transfer::{SectionRecord, SectionRecords},
    varint::Malformed,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Result, params, types::Type};
use std::num::NonZeroU32;

/// Page views that are looked at for one answer: with 20 components of 12 bins each, they take a quarter of
/// a second.
pub const TOLD_MAX: NonZeroU32 = NonZeroU32::new(50_000).unwrap();

/// The number of the empty text, which the dictionary does not have.
const EMPTY: i64 = 0;

/// How a section is kept.
pub trait Kept: Section + Send + 'static {
    /// What writes and reads its rows.
    const STATEMENTS: Statements;

    /// Its bytes; `id_of` is asked for the number of each text.
    ///
    /// # Errors
    /// Those of `id_of`.
    fn encode<E>(&self, id_of: impl FnMut(&str) -> Result<i64, E>) -> Result<Vec<u8>, E>;

    /// What bytes say; `text_of` is asked for each text, and what is of a text that is gone is left out.
    ///
    /// # Errors
    /// They were not written by [`encode`](Self::encode), or `text_of` fails.
    fn decode(bytes: &[u8], text_of: impl FnMut(i64) -> Result<Option<String>>) -> Result<Self>;
}

/// Writes what a beacon of a page view tells.
pub(super) fn write(
    connection: &Connection,
    dictionary: &mut Dictionary,
    page_view: (i64, u32),
    sections: &Sections,
) -> Result<()> {
    for_each_section!(Sections, sections, |it| write_one(connection, dictionary, page_view, it)?);
    Ok(())
}

/// Writes what an export of a page view has.
pub(super) fn write_records(
    connection: &Connection,
    dictionary: &mut Dictionary,
    page_view: i64,
    records: &SectionRecords,
) -> Result<()> {
    for_each_section!(SectionRecords, records, |it| {
        write_record(connection, dictionary, page_view, it.as_ref())?;
    });
    Ok(())
}

fn write_record<S: Kept>(
    connection: &Connection,
    dictionary: &mut Dictionary,
    page_view: i64,
    record: Option<&SectionRecord<S>>,
) -> Result<()> {
    let Some(SectionRecord { sequence, told }) = record else { return Ok(()) };
    write_one(connection, dictionary, (page_view, *sequence), told)
}

/// Nothing, if it says nothing.
fn write_one<S: Kept>(
    connection: &Connection,
    dictionary: &mut Dictionary,
    (page_view, sequence): (i64, u32),
    told: &S,
) -> Result<()> {
    if *told == S::default() {
        return Ok(());
    }
    let bytes = told.encode(|text| match text {
        "" => Ok(EMPTY),
        text => dictionary.text(connection, text),
    })?;
    let mut statement = connection.prepare_cached(S::STATEMENTS.put)?;
    statement.execute(params![page_view, sequence, bytes])?;
    Ok(())
}

/// The text of a number; nothing, when it is gone.
fn text_of(connection: &Connection, texts: &mut Texts, id: i64) -> Result<Option<String>> {
    if id == EMPTY { Ok(Some(String::new())) } else { texts.get(connection, id) }
}

/// All that a page view told.
pub(super) fn of_page_view(
    connection: &Connection,
    page_view: i64,
    texts: &mut Texts,
) -> Result<SectionRecords> {
    Ok(SectionRecords {
        renders: record_of(connection, page_view, texts)?,
        long_frames: record_of(connection, page_view, texts)?,
        measures: record_of(connection, page_view, texts)?,
        resources: record_of(connection, page_view, texts)?,
        memory: record_of(connection, page_view, texts)?,
        errors: record_of(connection, page_view, texts)?,
        requests: record_of(connection, page_view, texts)?,
        profile: record_of(connection, page_view, texts)?,
        timeline: record_of(connection, page_view, texts)?,
    })
}

fn record_of<S: Kept>(
    connection: &Connection,
    page_view: i64,
    texts: &mut Texts,
) -> Result<Option<SectionRecord<S>>> {
    let mut statement = connection.prepare_cached(S::STATEMENTS.of_page_view)?;
    let read = |row: &rusqlite::Row<'_>| {
        let told = S::decode(row.get_ref(1)?.as_blob()?, |id| text_of(connection, texts, id))?;
        Ok(SectionRecord { sequence: row.get(0)?, told })
    };
    statement.query_row([page_view], read).optional()
}

/// Where a page view was that tells something.
#[derive(Clone, Copy, Debug)]
pub struct PagePlace<'a> {
    /// Its host, empty for not known.
    pub host: &'a str,
    /// Its route, empty for not known.
    pub route: &'a str,
}

#[cfg(test)]
impl<'a> PagePlace<'a> {
    /// On a host, without a route.
    pub(crate) const fn on(host: &'a str) -> Self {
        Self { host, route: "" }
    }
}

/// What was read of a section, and of which page views.
#[derive(Debug)]
pub struct Told<T> {
    /// What all of them tell.
    pub told: T,
    /// Which ones were looked at.
    pub sample: Sample,
    /// From when on all are still there.
    pub kept_from: Timestamp,
}

impl Reader {
    /// Puts what the selected page views tell of a section into a state, each with the place that it was at;
    /// of more than so many, a sample. With a selector, only of those whose INP is of that element.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn told<S: Kept, T: Send + 'static>(
        &self,
        selection: Selection,
        target: Option<String>,
        mut told: T,
        add: impl Fn(&mut T, S, PagePlace<'_>) + Send + 'static,
        rows_max: NonZeroU32,
        now: Timestamp,
    ) -> Result<Told<T>, ReadError> {
        let each = move |connection: &mut Connection| {
            let add = |section, place: PagePlace<'_>| add(&mut told, section, place);
            let of = (&selection, target.as_deref());
            let (sample, kept_from) = each(connection, of, rows_max, now, add)?;
            Ok::<_, rusqlite::Error>(Told { told, sample, kept_from })
        };
        self.report(each).await
    }
}

fn each<S: Kept>(
    connection: &mut Connection,
    (selection, target): (&Selection, Option<&str>),
    rows_max: NonZeroU32,
    now: Timestamp,
    mut each: impl FnMut(S, PagePlace<'_>),
) -> Result<(Sample, Timestamp)> {
    let transaction = connection.transaction()?;
    let find = |selector| InteractionTarget::find(&transaction, selector);
    let target = target.map(find).transpose()?;
    let sample = sample_of(&transaction, S::STATEMENTS.count, selection, rows_max)?;
    let is_all = sample.one_in() == NonZeroU32::MIN;
    let mut texts = Texts::default();
    let Statements { of_all, of_sample, .. } = S::STATEMENTS;
    let mut statement = transaction.prepare_cached(if is_all { of_all } else { of_sample })?;
    facts::bind(&mut statement, sample.after, selection)?;
    statement.raw_bind_parameter(":last", sample.last)?;
    if !is_all {
        statement.raw_bind_parameter(":one_in", sample.one_in().get())?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if let Some(target) = target
            && !target.is_of(&transaction, row.get(3)?)?
        {
            continue;
        }
        let bytes = row.get_ref(0)?.as_blob()?;
        let section = S::decode(bytes, |id| text_of(&transaction, &mut texts, id))?;
        let place = PagePlace { host: row.get_ref(1)?.as_str()?, route: row.get_ref(2)?.as_str()? };
        each(section, place);
    }
    drop(rows);
    drop(statement);
    let kept_from = kept::from(&transaction, selection, now)?;
    transaction.finish()?;
    Ok((sample, kept_from))
}

/// All page views that tell of the section, if they are not too many; otherwise one of so many, be it one
/// that tells or not.
fn sample_of(
    connection: &Connection,
    count: &str,
    selection: &Selection,
    rows_max: NonZeroU32,
) -> Result<Sample> {
    let (after, last) = sample::range(connection, selection)?;
    let limit = i64::from(rows_max.get()) + 1;
    let mut statement = connection.prepare_cached(count)?;
    let count: i64 = statement.query_row(params![after, last, limit], |row| row.get(0))?;
    let sample = Sample::new(after, last, rows_max);
    let one_in = if count < limit { NonZeroU32::MIN } else { sample.one_in() };
    Ok(Sample { one_in, ..sample })
}

fn malformed() -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Malformed.into())
}

/// Postcard of what a section is with numbers for its texts.
fn to_bytes(told: &impl serde::Serialize) -> Vec<u8> {
    // Numbers and lists of numbers can always be written.
    postcard::to_allocvec(told).unwrap_or_default()
}

fn from_bytes<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::{
        Errors, LongFrames, Measures, Memory, Profile, Renders, Requests, Resources, Timeline,
    };
    use proptest::prelude::*;

    fn read<S: Kept>(bytes: &[u8]) {
        let _ = S::decode(bytes, |_| Ok(Some(String::new())));
    }

    proptest! {
        #[test]
        fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
            read::<Renders>(&bytes);
            read::<LongFrames>(&bytes);
            read::<Measures>(&bytes);
            read::<Resources>(&bytes);
            read::<Memory>(&bytes);
            read::<Errors>(&bytes);
            read::<Requests>(&bytes);
            read::<Profile>(&bytes);
            read::<Timeline>(&bytes);
        }
    }
}
