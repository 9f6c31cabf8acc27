//! Days that are over are hardly changed any more, and kept for a year: compressed, they take half.

use crate::varint::Malformed;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use rusqlite::{Connection, Error, Result, params};
use std::io::{self, Read, Write};

/// Cells that are sealed in one step.
const STEP_MAX: u32 = 100;
/// Bytes of a cell: a hundred times what the largest has.
const BYTES_MAX: u64 = 1 << 20;

const TO_SEAL: &str = "
    SELECT id, tallies FROM histograms
    WHERE hours = 24 AND NOT is_sealed AND first_hour < ?1 LIMIT ?2
";
/// Under a new number, so that they stand one behind the other, where before they grew in between.
const SEAL: &str = "
    UPDATE histograms
    SET id = (SELECT max(id) FROM histograms) + 1, tallies = ?2, is_sealed = 1 WHERE id = ?1
";
const SEALED: &str = "
    SELECT id, tallies FROM histograms WHERE site_id = ?1 AND first_hour >= ?2 AND is_sealed
";
const UNSEAL: &str = "UPDATE histograms SET tallies = ?2, is_sealed = 0 WHERE id = ?1";

/// Seals some daily cells that begin before that hour; whether there were any.
pub(super) fn seal(connection: &Connection, before_hour: i64) -> Result<bool> {
    let mut statement = connection.prepare_cached(TO_SEAL)?;
    let cells = statement.query_map(params![before_hour, STEP_MAX], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let cells = cells.collect::<Result<Vec<_>>>()?;
    let mut seal = connection.prepare_cached(SEAL)?;
    for (id, tallies) in &cells {
        let closed = close(tallies).map_err(|error| Error::ToSqlConversionFailure(error.into()))?;
        seal.execute(params![id, closed])?;
    }
    Ok(!cells.is_empty())
}

/// Makes the cells of a site from that hour on as they were before, so that they can be compared.
pub(super) fn unseal(connection: &Connection, site: i64, from_hour: i64) -> Result<()> {
    let mut statement = connection.prepare(SEALED)?;
    let cells = statement.query_map(params![site, from_hour], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
    })?;
    let mut unseal = connection.prepare(UNSEAL)?;
    for (id, bytes) in cells.collect::<Result<Vec<_>>>()? {
        // What cannot be opened is different from whatever it is compared with.
        unseal.execute(params![id, open(&bytes).unwrap_or(bytes)])?;
    }
    Ok(())
}

/// Compresses.
fn close(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// What was compressed.
pub(super) fn open(bytes: &[u8]) -> Result<Vec<u8>, Malformed> {
    let mut opened = Vec::new();
    let mut decoder = DeflateDecoder::new(bytes).take(BYTES_MAX);
    decoder.read_to_end(&mut opened).map_err(|_| Malformed)?;
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_can_be_opened() {
        let bytes = (0..2000_u32).flat_map(|n| (n % 17).to_le_bytes()).collect::<Vec<_>>();
        let closed = close(&bytes).unwrap();
        assert!(closed.len() < bytes.len() / 2);
        assert_eq!(open(&closed), Ok(bytes));
        assert_eq!(open(&[0xff; 10]), Err(Malformed));
    }
}
