//! Whole numbers in as few bytes as they need, seven bits to a byte, as postcard writes them.

use serde::{Deserialize, Serialize};

/// Of 64 bits, seven to a byte.
const BYTES_MAX: usize = 10;

/// Bytes that were not written by [`put`], or are cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stored bytes are malformed")]
pub struct Malformed;

/// Appends a whole number.
pub fn put(bytes: &mut Vec<u8>, number: &impl Serialize) {
    let mut buffer = [0; BYTES_MAX];
    // Every number fits.
    bytes.extend_from_slice(postcard::to_slice(number, &mut buffer).unwrap_or_default());
}

/// Takes a whole number off the beginning.
///
/// # Errors
/// There is none.
pub fn take<'a, T: Deserialize<'a>>(bytes: &mut &'a [u8]) -> Result<T, Malformed> {
    let (number, rest) = postcard::take_from_bytes(bytes).map_err(|_| Malformed)?;
    *bytes = rest;
    Ok(number)
}
