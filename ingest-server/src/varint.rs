//! Whole numbers in as few bytes as they need, seven bits to a byte, as postcard writes them.

use serde::{Deserialize, Serialize};

/// Of 64 bits, seven to a byte.
const BYTES_MAX: usize = 10;
/// The largest that is a byte long: the highest bit says that more follow.
const MAX_IN_A_BYTE: u8 = 0x7f;

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

/// Takes a signed number off the beginning: [`take`], several times as fast for what a byte has room for.
///
/// # Errors
/// There is none.
#[inline]
pub fn take_signed(bytes: &mut &[u8]) -> Result<i64, Malformed> {
    match **bytes {
        [byte @ 0..=MAX_IN_A_BYTE, ref rest @ ..] => {
            *bytes = rest;
            Ok(i64::from(byte >> 1) ^ -i64::from(byte & 1))
        }
        _ => take(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_is_taken_in_both_ways(
            numbers in prop::collection::vec(prop_oneof![-70..70_i64, any::<i64>()], 0..20),
        ) {
            let mut bytes = Vec::new();
            for number in &numbers {
                put(&mut bytes, number);
            }
            let (mut slowly, mut quickly) = (&*bytes, &*bytes);
            for number in &numbers {
                prop_assert_eq!(take::<i64>(&mut slowly), Ok(*number));
                prop_assert_eq!(take_signed(&mut quickly), Ok(*number));
            }
            prop_assert_eq!(take_signed(&mut quickly), Err(Malformed));
        }

        #[test]
        fn of_any_bytes_both_ways_take_the_same(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let (mut slowly, mut quickly) = (&*bytes, &*bytes);
            prop_assert_eq!(take(&mut slowly), take_signed(&mut quickly));
            prop_assert_eq!(slowly, quickly);
        }
    }
}
