//! Keys that tell nobody what they are of.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;

/// Bytes of a hash that are in a key: two of a billion clients are the same once in 10^20.
const HASH_BYTES: usize = 16;

/// A hash of what it is of, which takes the secret to be found out.
pub(super) fn key(prefix: &str, secret: &[u8], of: &str) -> String {
    let mut key = prefix.to_owned();
    // A secret may have any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return key };
    mac.update(of.as_bytes());
    for byte in mac.finalize().into_bytes().iter().take(HASH_BYTES) {
        // Nothing that is written into a text fails.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_hash_behind_its_prefix() {
        let key = key("rhumb:", b"secret", "client 203.0.113.7");
        assert_eq!(key.len(), "rhumb:".len() + 2 * HASH_BYTES);
        assert!(key.starts_with("rhumb:") && !key.contains("203"), "{key}");
    }
}
