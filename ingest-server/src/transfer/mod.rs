//! Page views and histograms ⇄ files: a record is a row of a table, and each format writes and reads
//! tables. One record, one format a file; nothing here knows of SQL.

mod csv;
mod export;
mod histogram;
mod import;
mod ndjson;
mod page_view;
#[cfg(feature = "parquet")]
mod parquet;
mod sections;
mod sequence;
mod table;

pub use export::{export_histograms, export_page_views};
pub use histogram::HistogramRecord;
pub use import::{import_histograms, import_page_views};
pub use page_view::{MetricRecord, PageViewRecord};
pub use sections::{SectionRecord, SectionRecords};
pub use table::{BadRow, Column, Fault, Field, Fields, Kind, Position, Record, Value, Values};

use anyhow::Result;
use clap::ValueEnum;
use std::{
    fs::File,
    io::{self, BufReader, Write},
};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A JSON object a line
    Ndjson,
    /// Comma-separated values, with names in the first line
    Csv,
    /// Columns, compressed; what analytical databases read
    #[cfg(feature = "parquet")]
    Parquet,
}

/// Where a table is read from.
#[derive(Debug)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A file.
    File(File),
}

impl Format {
    /// Whether people can read it.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Ndjson | Self::Csv)
    }
}

/// A table that is written.
enum Writer<W: Write + Send> {
    Ndjson(W, &'static [Column]),
    Csv(Box<::csv::Writer<W>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<parquet::Writer<W>>),
}

impl<W: Write + Send> Writer<W> {
    fn new<R: Record>(format: Format, out: W) -> Result<Self> {
        Ok(match format {
            Format::Ndjson => Self::Ndjson(out, R::COLUMNS),
            Format::Csv => {
                let mut writer = ::csv::Writer::from_writer(out);
                csv::write_header(&mut writer, R::COLUMNS)?;
                Self::Csv(Box::new(writer))
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => Self::Parquet(Box::new(parquet::Writer::new(out, R::COLUMNS)?)),
        })
    }

    fn write(&mut self, record: impl Record) -> Result<()> {
        let values = record.into_values();
        match self {
            Self::Ndjson(out, columns) => ndjson::write(out, columns, &values),
            Self::Csv(writer) => csv::write(writer, &values),
            #[cfg(feature = "parquet")]
            Self::Parquet(writer) => writer.write(values),
        }
    }

    /// Writes what is left.
    fn finish(self) -> Result<()> {
        let mut out = match self {
            Self::Ndjson(out, _) => out,
            Self::Csv(writer) => writer.into_inner().map_err(::csv::IntoInnerError::into_error)?,
            #[cfg(feature = "parquet")]
            Self::Parquet(writer) => writer.finish()?,
        };
        Ok(out.flush()?)
    }
}

/// A record, and where it is.
type Found<R> = (Position, R);

/// The records of a table.
fn records<R: Record>(
    format: Format,
    input: Input,
) -> Result<Box<dyn Iterator<Item = Result<Found<R>>>>> {
    let record = |row: Result<(Position, Values)>| {
        let (position, values) = row?;
        let record = R::from_fields(Fields::new(R::COLUMNS, values));
        let record = record.map_err(|fault| BadRow { position, fault })?;
        Ok((position, record))
    };
    Ok(match (format, input) {
        (Format::Ndjson, Input::Stdin) => {
            Box::new(ndjson::rows(io::stdin().lock(), R::COLUMNS).map(record))
        }
        (Format::Ndjson, Input::File(file)) => {
            Box::new(ndjson::rows(BufReader::new(file), R::COLUMNS).map(record))
        }
        (Format::Csv, Input::Stdin) => {
            Box::new(csv::rows(io::stdin().lock(), R::COLUMNS)?.map(record))
        }
        (Format::Csv, Input::File(file)) => Box::new(csv::rows(file, R::COLUMNS)?.map(record)),
        #[cfg(feature = "parquet")]
        (Format::Parquet, Input::File(file)) => {
            Box::new(parquet::rows(file, R::COLUMNS)?.map(record))
        }
        #[cfg(feature = "parquet")]
        (Format::Parquet, Input::Stdin) => anyhow::bail!(
            "a Parquet file is read from its end, so it cannot come from standard input; name the \
             file instead"
        ),
    })
}
