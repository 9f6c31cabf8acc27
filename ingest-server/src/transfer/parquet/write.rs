//! Writing Parquet: a row group at a time is kept in memory, column by column.

use crate::transfer::table::{Column, Kind, Value, Values};
use anyhow::{Context, Result, bail};
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type},
    file::{
        properties::WriterProperties,
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::types::{Type, TypePtr},
};
use std::{io::Write, mem, sync::Arc};

/// Rows of a row group, unless they are large.
const GROUP_ROWS_MAX: usize = 32_768;
/// Bytes of the texts of a row group, at which it is ended.
const GROUP_BYTES_MAX: usize = 32 << 20;

/// Writes a table.
pub(in crate::transfer) struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: Vec<Buffer>,
    rows: usize,
    bytes: usize,
}

/// The values of a column in a row group. Levels are 1 where there is a value, else 0.
struct Buffer {
    levels: Vec<i16>,
    values: Typed,
}

enum Typed {
    Text(Vec<ByteArray>),
    Long(Vec<i64>),
    Real(Vec<f64>),
    Boolean(Vec<bool>),
    Day(Vec<i32>),
}

impl<W: Write + Send> Writer<W> {
    pub(in crate::transfer) fn new(out: W, columns: &[Column]) -> Result<Self> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(out, schema(columns)?, Arc::new(properties))?;
        let columns = columns.iter().map(|column| Buffer::of(column.kind)).collect();
        Ok(Self { file, columns, rows: 0, bytes: 0 })
    }

    /// Writes a row.
    pub(in crate::transfer) fn write(&mut self, values: Values) -> Result<()> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            self.bytes += column.push(value)?;
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS_MAX || self.bytes >= GROUP_BYTES_MAX {
            self.end_group()?;
        }
        Ok(())
    }

    /// Writes what is left and the table of contents. Without it the file cannot be read.
    pub(in crate::transfer) fn finish(mut self) -> Result<W> {
        if self.rows > 0 {
            self.end_group()?;
        }
        Ok(self.file.into_inner()?)
    }

    fn end_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            let mut writer = group.next_column()?.context("a column too many")?;
            column.write(&mut writer)?;
            writer.close()?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Buffer {
    fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::Json => Typed::Text(Vec::new()),
            Kind::Integer | Kind::Time => Typed::Long(Vec::new()),
            Kind::Real => Typed::Real(Vec::new()),
            Kind::Boolean => Typed::Boolean(Vec::new()),
            Kind::Date => Typed::Day(Vec::new()),
        };
        Self { levels: Vec::new(), values }
    }

    /// How many bytes of text it has.
    fn push(&mut self, value: Option<Value>) -> Result<usize> {
        self.levels.push(i16::from(value.is_some()));
        match (&mut self.values, value) {
            (_, None) => {}
            (Typed::Text(texts), Some(value @ (Value::Text(_) | Value::Json(_)))) => {
                let text = value.to_string();
                let bytes = text.len();
                texts.push(ByteArray::from(text.into_bytes()));
                return Ok(bytes);
            }
            (Typed::Long(all), Some(Value::Integer(it) | Value::Time(it))) => all.push(it),
            (Typed::Real(all), Some(Value::Real(it))) => all.push(it),
            (Typed::Boolean(all), Some(Value::Boolean(it))) => all.push(it),
            (Typed::Day(all), Some(Value::Date(it))) => {
                all.push(it.try_into().context("a day beyond all calendars")?);
            }
            _ => bail!("a value of another kind than its column"),
        }
        Ok(0)
    }

    /// Writes and empties it.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = mem::take(&mut self.levels);
        match &mut self.values {
            Typed::Text(values) => write_column::<ByteArrayType>(column, values, &levels),
            Typed::Long(values) => write_column::<Int64Type>(column, values, &levels),
            Typed::Real(values) => write_column::<DoubleType>(column, values, &levels),
            Typed::Boolean(values) => write_column::<BoolType>(column, values, &levels),
            Typed::Day(values) => write_column::<Int32Type>(column, values, &levels),
        }
    }
}

fn write_column<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    column.typed::<T>().write_batch(values, Some(levels), None)?;
    values.clear();
    Ok(())
}

fn schema(columns: &[Column]) -> Result<TypePtr> {
    let field = |column: &Column| {
        let logical = match column.kind {
            Kind::Text => Some(LogicalType::String),
            Kind::Json => Some(LogicalType::Json),
            Kind::Time => Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
            Kind::Date => Some(LogicalType::Date),
            Kind::Integer | Kind::Real | Kind::Boolean => None,
        };
        let field = Type::primitive_type_builder(column.name, physical(column.kind))
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        Ok(Arc::new(field))
    };
    let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("rhumb").with_fields(fields).build()?))
}

fn physical(kind: Kind) -> Physical {
    match kind {
        Kind::Text | Kind::Json => Physical::BYTE_ARRAY,
        Kind::Integer | Kind::Time => Physical::INT64,
        Kind::Real => Physical::DOUBLE,
        Kind::Boolean => Physical::BOOLEAN,
        Kind::Date => Physical::INT32,
    }
}
