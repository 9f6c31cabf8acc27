//! Reading Parquet: some rows of every column at a time.

use crate::transfer::table::{BadRow, Column, Fault, Kind, Position, ROW_BYTES_MAX, Value, Values};
use anyhow::{Context, Result, bail, ensure};
use parquet::{
    basic::{ConvertedType as Converted, Type as Physical},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    file::reader::{FileReader, SerializedFileReader},
    schema::types::ColumnDescriptor,
};
use std::{
    fs::File,
    iter,
    panic::{self, AssertUnwindSafe},
    vec,
};

/// Rows that are read at once.
const BATCH_ROWS: usize = 1024;

/// The rows of a file. The columns may be in any order; one that is not there is absent in every
/// row.
pub(in crate::transfer) fn rows(
    file: File,
    columns: &'static [Column],
) -> Result<impl Iterator<Item = Result<(Position, Values)>>> {
    let (file, places) = unless_damaged(|| {
        let file = SerializedFileReader::new(file).context("is no Parquet file")?;
        let places = places(&file, columns)?;
        Ok((file, places))
    })?;
    let mut rows = Rows { file, places, group: 0, open: Vec::new(), left: 0 };
    let mut batch = Vec::new().into_iter();
    let mut number = 0;
    Ok(iter::from_fn(move || {
        let row = match batch.next() {
            Some(row) => row,
            None => match unless_damaged(|| rows.next_batch()) {
                Ok(rows) => {
                    batch = rows;
                    batch.next()?
                }
                Err(error) => {
                    return Some(Err(error).context(format!("cannot read after row {number}")));
                }
            },
        };
        number += 1;
        let position = Position::Row(number);
        Some(match row {
            Ok(values) => Ok((position, values)),
            Err(fault) => Err(BadRow { position, fault }.into()),
        })
    }))
}

/// Where a column is in the file.
#[derive(Clone, Copy)]
struct Place {
    column: Column,
    /// Nothing, when it is not there.
    index: Option<usize>,
    converted: Converted,
}

struct Rows {
    file: SerializedFileReader<File>,
    places: Vec<Place>,
    /// The row group that is read next.
    group: usize,
    /// The columns of the present one.
    open: Vec<Option<ColumnReader>>,
    /// Rows of the present one that are not read yet.
    left: usize,
}

type Row = Result<Values, Fault>;

impl Rows {
    /// The next rows; none at the end.
    fn next_batch(&mut self) -> Result<vec::IntoIter<Row>> {
        while self.left == 0 {
            if self.group == self.file.num_row_groups() {
                return Ok(Vec::new().into_iter());
            }
            self.open_group()?;
        }
        let count = self.left.min(BATCH_ROWS);
        let mut rows = Vec::with_capacity(count);
        rows.resize_with(count, || Ok(Values::with_capacity(self.places.len())));
        for (place, reader) in self.places.iter().zip(&mut self.open) {
            match reader {
                Some(reader) => place.read(reader, &mut rows)?,
                None => push(&mut rows, place.column.name, iter::repeat_n(Ok(None), count)),
            }
        }
        self.left -= count;
        Ok(rows.into_iter())
    }

    fn open_group(&mut self) -> Result<()> {
        let group = self.file.get_row_group(self.group)?;
        self.left = group.metadata().num_rows().try_into().context("less than no rows")?;
        let open = self.places.iter().map(|place| match place.index {
            Some(index) => Ok(Some(group.get_column_reader(index)?)),
            None => Ok(None),
        });
        self.open = open.collect::<Result<_>>()?;
        self.group += 1;
        Ok(())
    }
}

/// What the library panics at is a file that is damaged: it believes what that says of itself. Nothing
/// is read after that.
fn unless_damaged<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| bail!("the file is damaged"))
}

/// Adds a column to rows; a row with a fault keeps its first.
fn push(
    rows: &mut [Row],
    name: &str,
    values: impl Iterator<Item = Result<Option<Value>, &'static str>>,
) {
    for (row, value) in rows.iter_mut().zip(values) {
        let Ok(all) = row else { continue };
        match value {
            Ok(value) => all.push(value),
            Err(detail) => *row = Err(Fault::of(name, detail)),
        }
    }
}

impl Place {
    fn read(&self, reader: &mut ColumnReader, rows: &mut [Row]) -> Result<()> {
        let Self { column: Column { name, kind }, converted, .. } = *self;
        let count = rows.len();
        let context = || format!("the column {name}");
        match reader {
            ColumnReader::ByteArrayColumnReader(reader) => {
                let values = values(reader, count).with_context(context)?;
                push(rows, name, values.map(|it| it.map(|it| text(kind, &it)).transpose()));
            }
            ColumnReader::BoolColumnReader(reader) => {
                let values = values(reader, count).with_context(context)?;
                push(rows, name, values.map(|it| Ok(it.map(Value::Boolean))));
            }
            ColumnReader::Int32ColumnReader(reader) => {
                let values = values(reader, count).with_context(context)?;
                push(
                    rows,
                    name,
                    values.map(|it| Ok(it.map(|it| day_or_number(it, kind, converted)))),
                );
            }
            ColumnReader::Int64ColumnReader(reader) => {
                let values = values(reader, count).with_context(context)?;
                push(
                    rows,
                    name,
                    values.map(|it| Ok(it.map(|it| time_or_number(it, kind, converted)))),
                );
            }
            ColumnReader::FloatColumnReader(reader) => {
                let values = values(reader, count).with_context(context)?;
                push(rows, name, values.map(|it| Ok(it.map(|it| Value::Real(it.into())))));
            }
            ColumnReader::DoubleColumnReader(reader) => {
                let values = values(reader, count).with_context(context)?;
                push(rows, name, values.map(|it| Ok(it.map(Value::Real))));
            }
            // `is_taken` lets none of them through.
            ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
            }
        }
        Ok(())
    }
}

/// So many values of a column, absent ones too.
fn values<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    count: usize,
) -> Result<impl Iterator<Item = Option<T::T>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (records, _, _) = reader.read_records(count, Some(&mut levels), None, &mut values)?;
    ensure!(records == count, "ends {} rows early", count - records);
    // One that must be there has no levels.
    levels.resize(count, 1);
    let mut values = values.into_iter();
    Ok(levels.into_iter().map(move |level| if level > 0 { values.next() } else { None }))
}

fn text(kind: Kind, bytes: &ByteArray) -> Result<Value, &'static str> {
    if bytes.len() > ROW_BYTES_MAX {
        return Err("is longer than any text that is taken");
    }
    bytes.as_utf8().map_err(|_| "is no UTF-8").and_then(|text| kind.parse(text))
}

fn day_or_number(number: i32, kind: Kind, converted: Converted) -> Value {
    match (kind, converted) {
        (Kind::Date, _) => Value::Date(number.into()),
        (_, Converted::UINT_32) => Value::Integer(number.cast_unsigned().into()),
        _ => Value::Integer(number.into()),
    }
}

fn time_or_number(number: i64, kind: Kind, converted: Converted) -> Value {
    match (kind, converted) {
        (Kind::Time, Converted::TIMESTAMP_MICROS) => Value::Time(number.div_euclid(1000)),
        (Kind::Time, _) => Value::Time(number),
        _ => Value::Integer(number),
    }
}

fn places(file: &SerializedFileReader<File>, columns: &[Column]) -> Result<Vec<Place>> {
    let schema = file.metadata().file_metadata().schema_descr();
    for found in schema.columns() {
        let name = found.path().string();
        let Some(column) = columns.iter().find(|column| column.name == name) else {
            let shown = name.chars().take(64).collect::<String>();
            anyhow::bail!("{shown}: is a column that nobody knows");
        };
        ensure!(
            is_taken(column.kind, found),
            "{name}: is a column of {} ({}), which is not taken; {} is",
            found.physical_type(),
            found.converted_type(),
            taken(column.kind)
        );
    }
    let place = |column: &Column| {
        let index = schema.columns().iter().position(|found| found.path().string() == column.name);
        let converted =
            index.map_or(Converted::NONE, |index| schema.column(index).converted_type());
        Place { column: *column, index, converted }
    };
    Ok(columns.iter().map(place).collect())
}

/// What a column of that kind may be, as other programs write it.
fn is_taken(kind: Kind, found: &ColumnDescriptor) -> bool {
    use Converted as C;
    let (physical, converted) = (found.physical_type(), found.converted_type());
    let is_flat = found.max_rep_level() == 0 && found.max_def_level() <= 1;
    is_flat
        && match kind {
            Kind::Text | Kind::Json => {
                physical == Physical::BYTE_ARRAY
                    && matches!(converted, C::UTF8 | C::JSON | C::ENUM | C::NONE)
            }
            Kind::Integer => {
                let is_signed = matches!(converted, C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64);
                let is_unsigned = matches!(converted, C::UINT_8 | C::UINT_16 | C::UINT_32);
                matches!(physical, Physical::INT32 | Physical::INT64)
                    && (is_signed || is_unsigned || converted == C::NONE)
            }
            Kind::Real => matches!(physical, Physical::FLOAT | Physical::DOUBLE),
            Kind::Boolean => physical == Physical::BOOLEAN,
            Kind::Time => {
                physical == Physical::INT64
                    && matches!(converted, C::TIMESTAMP_MILLIS | C::TIMESTAMP_MICROS)
            }
            Kind::Date => physical == Physical::INT32 && converted == C::DATE,
        }
}

fn taken(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Json => "BYTE_ARRAY (UTF8)",
        Kind::Integer => "INT64",
        Kind::Real => "DOUBLE",
        Kind::Boolean => "BOOLEAN",
        Kind::Time => "INT64 (TIMESTAMP_MILLIS)",
        Kind::Date => "INT32 (DATE)",
    }
}
