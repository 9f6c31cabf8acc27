//! NDJSON: one JSON object a line. What is absent has no key.

use super::table::{BadRow, Column, Fault, Kind, Position, ROW_BYTES_MAX, Value, Values};
use anyhow::{Context, Result};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value as Json};
use std::{
    io::{BufRead, Read, Write},
    iter,
};

/// Writes a row.
pub(super) fn write(
    out: &mut impl Write,
    columns: &[Column],
    values: &[Option<Value>],
) -> Result<()> {
    serde_json::to_writer(&mut *out, &Object { columns, values })?;
    out.write_all(b"\n")?;
    Ok(())
}

struct Object<'a> {
    columns: &'a [Column],
    values: &'a [Option<Value>],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (column, value) in self.columns.iter().zip(self.values) {
            match value {
                None => {}
                Some(Value::Json(json)) => map.serialize_entry(column.name, json)?,
                Some(Value::Integer(number)) => map.serialize_entry(column.name, number)?,
                Some(Value::Real(number)) => map.serialize_entry(column.name, number)?,
                Some(Value::Boolean(is)) => map.serialize_entry(column.name, is)?,
                Some(text) => map.serialize_entry(column.name, &text.to_string())?,
            }
        }
        map.end()
    }
}

/// The rows of a stream. Empty lines are none.
pub(super) fn rows(
    mut input: impl BufRead,
    columns: &'static [Column],
) -> impl Iterator<Item = Result<(Position, Values)>> {
    let mut number = 0;
    let mut line = Vec::new();
    iter::from_fn(move || {
        loop {
            line.clear();
            number += 1;
            let position = Position::Line(number);
            match next_line(&mut input, &mut line) {
                Err(error) => return Some(Err(error).context(format!("cannot read {position}"))),
                Ok(0) => return None,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let row = row(&line, columns).map(|values| (position, values));
                    return Some(row.map_err(|fault| BadRow { position, fault }.into()));
                }
            }
        }
    })
}

/// One byte more than a line may have says that it is too long.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<usize> {
    input.take(ROW_BYTES_MAX as u64 + 1).read_until(b'\n', line)
}

fn row(line: &[u8], columns: &[Column]) -> Result<Values, Fault> {
    if line.len() > ROW_BYTES_MAX {
        let detail = format!("has more than {ROW_BYTES_MAX} bytes");
        return Err(Fault::of("row", detail));
    }
    let mut object: Map<String, Json> = serde_json::from_slice(line)
        .map_err(|error| Fault::of("row", format!("is no JSON object: {error}")))?;
    let mut values = Values::with_capacity(columns.len());
    for column in columns {
        values.push(match object.remove(column.name) {
            None | Some(Json::Null) => None,
            Some(json) => {
                Some(value(json, column.kind).map_err(|detail| Fault::of(column.name, detail))?)
            }
        });
    }
    match object.keys().next() {
        Some(unknown) => Err(Fault::of(unknown, "is a field that nobody knows")),
        None => Ok(values),
    }
}

fn value(json: Json, kind: Kind) -> Result<Value, &'static str> {
    match (kind, json) {
        (Kind::Json, json @ (Json::Object(_) | Json::Array(_))) => Ok(Value::Json(json)),
        (Kind::Integer, Json::Number(number)) => {
            number.as_i64().map(Value::Integer).ok_or("is no whole number")
        }
        (Kind::Real, Json::Number(number)) => {
            number.as_f64().map(Value::Real).ok_or("is no number")
        }
        (Kind::Boolean, Json::Bool(is)) => Ok(Value::Boolean(is)),
        (Kind::Text | Kind::Time | Kind::Date, Json::String(text)) => kind.parse(&text),
        (Kind::Json, _) => Err("is neither an object nor a list"),
        (Kind::Integer, _) => Err("is no whole number"),
        (Kind::Real, _) => Err("is no number"),
        (Kind::Boolean, _) => Err("is neither true nor false"),
        (Kind::Text | Kind::Time | Kind::Date, _) => Err("is no text"),
    }
}
