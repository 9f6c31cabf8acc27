//! What all formats have in common: rows of values in named columns.

use crate::ingest::Rejection;
use jiff::{Span, Timestamp, civil::Date};
use std::{fmt, str::FromStr, vec};

/// Bytes of a row as text. The longest that is taken, a page view whose sections came in beacons of their own with
/// texts of nothing but quotes, has less than half.
pub(super) const ROW_BYTES_MAX: usize = 4 << 20;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name: letters, digits and `_`.
    pub name: &'static str,
    /// What stands in it. Every value may be absent.
    pub kind: Kind,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Never empty.
    Text,
    /// An object or a list.
    Json,
    /// Whole.
    Integer,
    /// Finite.
    Real,
    /// `true` or `false`.
    Boolean,
    /// Milliseconds since 1970, RFC 3339 as text.
    Time,
    /// Days since 1970, `YYYY-MM-DD` as text.
    Date,
}

/// A value in a row, of the kind of its column.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "they are the kinds")]
pub enum Value {
    Text(String),
    Json(serde_json::Value),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Time(i64),
    Date(i64),
}

/// A row: a value or none for each column.
pub type Values = Vec<Option<Value>>;

/// What becomes a row of a table, and is made from one.
pub trait Record: Sized {
    /// The columns of the table.
    const COLUMNS: &'static [Column];

    /// As a row.
    fn into_values(self) -> Values;

    /// From a row.
    ///
    /// # Errors
    /// Names the first field that no such row can have.
    fn from_fields(fields: Fields) -> Result<Self, Fault>;
}

/// A field that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct Fault {
    /// Name of its column, or `row` for the whole.
    pub field: String,
    /// What is wrong with it, and what is taken.
    pub detail: String,
}

impl Fault {
    /// Of a field.
    pub fn of(field: &str, detail: impl Into<String>) -> Self {
        Self { field: field.to_owned(), detail: detail.into() }
    }
}

impl From<Rejection> for Fault {
    fn from(Rejection { field, detail, .. }: Rejection) -> Self {
        Self { field: field.unwrap_or_else(|| "row".to_owned()), detail }
    }
}

/// Where in a file a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// That line, the first is 1.
    Line(u64),
    /// That row, the first is 1.
    Row(u64),
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Row(number) => write!(f, "row {number}"),
        }
    }
}

/// A row that cannot be taken.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{position}, {fault}")]
pub struct BadRow {
    /// Which.
    pub position: Position,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Kind {
    /// Reads a value that was written as text.
    ///
    /// # Errors
    /// Says what is taken.
    pub fn parse(self, text: &str) -> Result<Value, &'static str> {
        match self {
            Self::Text => Ok(Value::Text(text.to_owned())),
            Self::Json => value(text, Value::Json, "is no JSON"),
            Self::Integer => value(text, Value::Integer, "is no whole number"),
            Self::Real => value(text, Value::Real, "is no number"),
            Self::Boolean => value(text, Value::Boolean, "is neither true nor false"),
            Self::Time => {
                let time = |time: Timestamp| Value::Time(time.as_millisecond());
                value(text, time, "is no RFC 3339 time, such as 2026-11-23T08:00:00.123Z")
            }
            Self::Date => {
                value(text, |date: Date| Value::Date(days(date)), "is no date, such as 2026-11-23")
            }
        }
    }
}

fn value<T: FromStr>(
    text: &str,
    of: impl FnOnce(T) -> Value,
    otherwise: &'static str,
) -> Result<Value, &'static str> {
    text.parse().map(of).map_err(|_| otherwise)
}

fn days(date: Date) -> i64 {
    EPOCH.duration_until(date).as_hours() / 24
}

impl fmt::Display for Value {
    /// As [`Kind::parse`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Json(json) => write!(f, "{json}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Real(number) => write!(f, "{number}"),
            Self::Boolean(is) => write!(f, "{is}"),
            Self::Time(ms) => {
                let time = Timestamp::from_millisecond(*ms).map_err(|_| fmt::Error)?;
                write!(f, "{time:.3}")
            }
            Self::Date(days) => {
                let days = Span::new().try_days(*days).map_err(|_| fmt::Error)?;
                let date = EPOCH.checked_add(days).map_err(|_| fmt::Error)?;
                write!(f, "{date}")
            }
        }
    }
}

/// The values of a row, to be taken one by one in the order of the columns.
#[derive(Debug)]
pub struct Fields {
    columns: std::slice::Iter<'static, Column>,
    values: vec::IntoIter<Option<Value>>,
}

/// A field that was taken.
#[derive(Debug)]
pub struct Field<T> {
    name: &'static str,
    value: Option<T>,
}

impl Fields {
    /// All of a row.
    pub fn new(columns: &'static [Column], values: Values) -> Self {
        Self { columns: columns.iter(), values: values.into_iter() }
    }

    fn take<T>(&mut self, of_kind: impl FnOnce(Value) -> Option<T>) -> Result<Field<T>, Fault> {
        let name = self.columns.next().map_or("row", |column| column.name);
        let value = match self.values.next().flatten() {
            None => None,
            Some(value) => match of_kind(value) {
                Some(value) => Some(value),
                None => return Err(Fault::of(name, "has a value of another kind")),
            },
        };
        Ok(Field { name, value })
    }

    /// The next field, a text.
    pub fn text(&mut self) -> Result<Field<String>, Fault> {
        self.take(|value| if let Value::Text(it) = value { Some(it) } else { None })
    }

    /// The next field, JSON.
    pub fn json(&mut self) -> Result<Field<serde_json::Value>, Fault> {
        self.take(|value| if let Value::Json(it) = value { Some(it) } else { None })
    }

    /// The next field, a whole number.
    pub fn integer(&mut self) -> Result<Field<i64>, Fault> {
        self.take(|value| if let Value::Integer(it) = value { Some(it) } else { None })
    }

    /// The next field, a number.
    pub fn real(&mut self) -> Result<Field<f64>, Fault> {
        self.take(|value| if let Value::Real(it) = value { Some(it) } else { None })
    }

    /// The next field, true or false.
    pub fn boolean(&mut self) -> Result<Field<bool>, Fault> {
        self.take(|value| if let Value::Boolean(it) = value { Some(it) } else { None })
    }

    /// The next field, milliseconds since 1970.
    pub fn time(&mut self) -> Result<Field<i64>, Fault> {
        self.take(|value| if let Value::Time(it) = value { Some(it) } else { None })
    }

    /// The next field, days since 1970.
    pub fn date(&mut self) -> Result<Field<i64>, Fault> {
        self.take(|value| if let Value::Date(it) = value { Some(it) } else { None })
    }
}

impl<T> Field<T> {
    /// The value, which must be there.
    pub fn required(self) -> Result<T, Fault> {
        self.value.ok_or_else(|| Fault::of(self.name, "is not there, and has to be"))
    }

    /// The value, if it is there.
    pub fn optional(self) -> Option<T> {
        self.value
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// None of that name.
    pub fn absent(name: &'static str) -> Self {
        Self { name, value: None }
    }

    /// The same, unless its value is one that must not be.
    pub fn unexpected(
        self,
        is_unexpected: impl FnOnce(&T) -> bool,
        detail: impl FnOnce() -> String,
    ) -> Result<Self, Fault> {
        if self.value.as_ref().is_some_and(is_unexpected) {
            return Err(Fault::of(self.name, detail()));
        }
        Ok(self)
    }

    /// What a value is, where there is one; what is taken, if it is none.
    pub fn read<U, E: fmt::Display>(
        self,
        read: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Field<U>, Fault> {
        let value = self.value.map(read).transpose();
        let value = value.map_err(|detail| Fault::of(self.name, detail.to_string()))?;
        Ok(Field { name: self.name, value })
    }
}
