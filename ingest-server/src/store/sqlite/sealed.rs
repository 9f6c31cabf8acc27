//! Days that are over are hardly changed any more, and kept for a year: compressed, they take half.

use super::statements::Named;
use crate::varint::Malformed;
use libdeflater::{CompressionError, CompressionLvl, Compressor, DecompressionError, Decompressor};
use rusqlite::{Connection, Error, Result, params};

/// Cells that are sealed in one step.
const STEP_MAX: u32 = 100;
/// Bytes of a cell: a hundred times what the largest has.
const BYTES_MAX: usize = 1 << 20;
/// Room that is made for a cell at first: few have more.
const BYTES_FIRST: usize = 1 << 13;

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
    if cells.is_empty() {
        return Ok(false);
    }
    // Its best takes five times as long, while senders wait, for 4 % fewer bytes.
    let mut compressor = Compressor::new(CompressionLvl::default());
    for (id, tallies) in &cells {
        let closed = close(&mut compressor, tallies);
        let closed = closed.map_err(|error| Error::ToSqlConversionFailure(error.into()))?;
        seal.execute(params![id, closed])?;
    }
    Ok(true)
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
        unseal.execute(params![id, opener.open(&bytes).unwrap_or(&bytes)])?;
    }
    Ok(())
}

/// Compresses.
fn close(compressor: &mut Compressor, bytes: &[u8]) -> Result<Vec<u8>, CompressionError> {
    let mut closed = vec![0; compressor.deflate_compress_bound(bytes.len())];
    let length = compressor.deflate_compress(bytes, &mut closed)?;
    closed.truncate(length);
    Ok(closed)
}

/// Opens what was compressed, one after the other: to make room for it anew each time takes as long as
/// to open a cell. By libdeflate, which takes half the time of zlib-rs for so few bytes.
#[derive(Default)]
pub(super) struct Opener {
    /// Made for the first that is sealed: those of today are not.
    inflate: Option<Decompressor>,
    opened: Vec<u8>,
}

impl Opener {
    /// What was compressed.
    pub(super) fn open(&mut self, bytes: &[u8]) -> Result<&[u8], Malformed> {
        let inflate = self.inflate.get_or_insert_default();
        loop {
            match inflate.deflate_decompress(bytes, &mut self.opened) {
                Ok(length) => return self.opened.get(..length).ok_or(Malformed),
                Err(DecompressionError::InsufficientSpace) if self.opened.len() < BYTES_MAX => {
                    let room = (2 * self.opened.len()).clamp(BYTES_FIRST, BYTES_MAX);
                    self.opened.resize(room, 0);
                }
                Err(_) => return Err(Malformed),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write;

    fn close(bytes: &[u8]) -> Vec<u8> {
        super::close(&mut Compressor::new(CompressionLvl::default()), bytes).unwrap()
    }

    #[test]
    fn what_is_closed_can_be_opened() {
        let mut opener = Opener::default();
        let bytes = (0..20_000_u32).flat_map(|n| (n % 17).to_le_bytes()).collect::<Vec<_>>();
        let closed = close(&bytes);
        assert!(closed.len() < bytes.len() / 2);
        for _ in 0..2 {
            assert_eq!(opener.open(&closed), Ok(&*bytes));
            assert_eq!(opener.open(&closed[..closed.len() - 1]), Err(Malformed));
            assert_eq!(opener.open(&[0xff; 10]), Err(Malformed));
        }
        assert_eq!(opener.open(&close(&[])), Ok(&[][..]));
    }

    #[test]
    fn what_another_library_has_closed_is_opened() {
        let bytes = b"as it was before: as it was before".repeat(9);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes).unwrap();
        assert_eq!(Opener::default().open(&encoder.finish().unwrap()), Ok(&*bytes));
    }

    #[test]
    fn what_would_be_larger_than_any_cell_is_not_opened() {
        let closed = close(&vec![0; 8 * BYTES_MAX]);
        assert_eq!(Opener::default().open(&closed), Err(Malformed));
    }
}
