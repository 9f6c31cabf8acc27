//! Days that are over are hardly changed any more, and kept for a year: compressed, they take half.

use super::statements::Named;
use crate::varint::Malformed;
use flate2::{Compression, Decompress, FlushDecompress, Status, write::DeflateEncoder};
use rusqlite::{Connection, Error, Result, params};
use std::io::{self, Write};

/// Cells that are sealed in one step.
const STEP_MAX: u32 = 100;
/// Bytes of a cell: a hundred times what the largest has.
const BYTES_MAX: usize = 1 << 20;
const WITHOUT_ZLIB_HEADER: bool = false;

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

pub(super) const STATEMENTS: [Named; 4] = [
    Named::new("histograms.to_seal", TO_SEAL),
    Named::new("histograms.seal", SEAL),
    Named::new("histograms.sealed", SEALED),
    Named::new("histograms.unseal", UNSEAL),
];

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
    let mut opener = Opener::default();
    for (id, bytes) in cells.collect::<Result<Vec<_>>>()? {
        // What cannot be opened is different from whatever it is compared with.
        unseal.execute(params![id, opener.open(&bytes).unwrap_or(bytes)])?;
    }
    Ok(())
}

/// Compresses.
fn close(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Opens what was compressed, one after the other: to make room for it anew each time takes as long as
/// to open a cell.
#[derive(Default)]
pub(super) struct Opener(Option<Decompress>);

impl Opener {
    /// What was compressed.
    pub(super) fn open(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Malformed> {
        let inflate = self.0.get_or_insert_with(|| Decompress::new(WITHOUT_ZLIB_HEADER));
        inflate.reset(WITHOUT_ZLIB_HEADER);
        let mut opened = Vec::with_capacity(4 * bytes.len() + 64);
        loop {
            let read = usize::try_from(inflate.total_in()).unwrap_or(usize::MAX);
            let rest = bytes.get(read..).unwrap_or_default();
            match inflate.decompress_vec(rest, &mut opened, FlushDecompress::None) {
                Ok(Status::StreamEnd) => return Ok(opened),
                // There was no room for more.
                Ok(_) if opened.len() == opened.capacity() && opened.len() < BYTES_MAX => {
                    opened.reserve(opened.len());
                }
                _ => return Err(Malformed),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_can_be_opened() {
        let mut opener = Opener::default();
        let bytes = (0..2000_u32).flat_map(|n| (n % 17).to_le_bytes()).collect::<Vec<_>>();
        let closed = close(&bytes).unwrap();
        assert!(closed.len() < bytes.len() / 2);
        for _ in 0..2 {
            assert_eq!(opener.open(&closed).as_ref(), Ok(&bytes));
            assert_eq!(opener.open(&closed[..closed.len() - 1]), Err(Malformed));
            assert_eq!(opener.open(&[0xff; 10]), Err(Malformed));
        }
        assert_eq!(opener.open(&close(&[]).unwrap()), Ok(vec![]));
    }

    #[test]
    fn what_would_be_larger_than_any_cell_is_not_opened() {
        let closed = close(&vec![0; 8 * BYTES_MAX]).unwrap();
        assert_eq!(Opener::default().open(&closed), Err(Malformed));
    }
}
