//! CSV (RFC 4180): names in the first line. What is absent is empty; texts never are.

use super::table::{BadRow, Column, Fault, Position, ROW_BYTES_MAX, Value, Values};
use anyhow::{Context, Result};
use csv::{ByteRecord, ReaderBuilder, Writer};
use std::{
    cell::Cell,
    io::{self, Read, Write},
    iter,
    rc::Rc,
    str,
};

/// Writes the names of the columns.
pub(super) fn write_header(out: &mut Writer<impl Write>, columns: &[Column]) -> Result<()> {
    Ok(out.write_record(columns.iter().map(|column| column.name))?)
}

/// Writes a row.
pub(super) fn write(out: &mut Writer<impl Write>, values: &[Option<Value>]) -> Result<()> {
    for value in values {
        match value {
            None => out.write_field("")?,
            Some(Value::Text(text)) => out.write_field(text)?,
            Some(value) => out.write_field(value.to_string())?,
        }
    }
    out.write_record(None::<&[u8]>)?;
    Ok(())
}

/// The rows of a stream. The columns may be in any order; one that is not there is absent in every
/// row.
pub(super) fn rows(
    input: impl Read,
    columns: &'static [Column],
) -> Result<impl Iterator<Item = Result<(Position, Values)>>> {
    let read = Rc::new(Cell::new(0));
    let input = Bounded { input, read: read.clone() };
    let mut reader = ReaderBuilder::new().has_headers(true).flexible(true).from_reader(input);
    let header = reader.byte_headers().context("cannot read the names in line 1")?;
    let fault = |fault| BadRow { position: Position::Line(1), fault };
    let places = places(header, columns).map_err(fault)?;
    let mut record = ByteRecord::new();
    Ok(iter::from_fn(move || {
        read.set(0);
        let position = Position::Line(reader.position().line());
        match reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let position = record.position().map_or(position, |it| Position::Line(it.line()));
                let row = row(&record, &places, columns);
                let row = row.map_err(|fault| BadRow { position, fault }.into());
                Some(row.map(|values| (position, values)))
            }
            Err(error) => Some(Err(error).context(format!("cannot read {position}"))),
        }
    }))
}

/// In which field of a record each column is.
fn places(header: &ByteRecord, columns: &[Column]) -> Result<Vec<Option<usize>>, Fault> {
    let name = |column: &Column| column.name.as_bytes();
    for (index, field) in header.iter().enumerate() {
        let shown = String::from_utf8_lossy(field).chars().take(64).collect::<String>();
        if !columns.iter().any(|column| name(column) == field) {
            return Err(Fault::of(&shown, "is a column that nobody knows"));
        }
        if header.iter().take(index).any(|earlier| earlier == field) {
            return Err(Fault::of(&shown, "is there twice"));
        }
    }
    let place = |column: &Column| header.iter().position(|field| field == name(column));
    Ok(columns.iter().map(place).collect())
}

fn row(record: &ByteRecord, places: &[Option<usize>], columns: &[Column]) -> Result<Values, Fault> {
    let fields = places.iter().flatten().count();
    if record.len() != fields {
        let detail = format!("has {} fields, the first line {fields}", record.len());
        return Err(Fault::of("row", detail));
    }
    let value = |(column, place): (&Column, &Option<usize>)| {
        let bytes = place.and_then(|place| record.get(place)).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(None);
        }
        let text = str::from_utf8(bytes).map_err(|_| "is no UTF-8");
        let value = text.and_then(|text| column.kind.parse(text));
        value.map(Some).map_err(|detail| Fault::of(column.name, detail))
    };
    columns.iter().zip(places).map(value).collect()
}

/// Input of which a row has only so many bytes: a quote that is never closed would take all of it.
struct Bounded<R> {
    input: R,
    /// Since the row began, or the one before.
    read: Rc<Cell<usize>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read.get() > ROW_BYTES_MAX {
            let problem = format!("the row has more than {ROW_BYTES_MAX} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        let bytes = self.input.read(buffer)?;
        self.read.set(self.read.get() + bytes);
        Ok(bytes)
    }
}
