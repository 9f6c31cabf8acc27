//! What a page view and a session are found by: hashes of the ids that senders chose.
//!
//! 16 random bytes in a row and again in its index would be a third of all that is kept of a page
//! view. Of 64 bits, two of ten million page views are the same with a probability of 3 in a
//! million; of 32 bits, one of ten thousand among a million sessions is taken for another,
//! which only counts two visits as one.

use crate::ingest::SiteId;
use beacon::Id;
use serde::{Serialize, Serializer};
use siphasher::sip::SipHasher13;
use std::{fmt, hash::Hasher};
use utoipa::ToSchema;

/// What a page view is known by: its key, as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, pattern = "^[0-9a-f]{16}$")]
pub struct PageViewKey(pub i64);

impl PageViewKey {
    /// That of the page view which its sender gave this id.
    pub fn of(site: SiteId, id: Id) -> Self {
        Self(of_page_view(site, id))
    }

    /// The key in those digits, if that is what they are.
    pub fn from_hex(text: &str) -> Option<Self> {
        let is_hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = is_hex.then(|| u64::from_str_radix(text, 16).ok())?;
        bits.map(|bits| Self(bits.cast_signed()))
    }
}

impl fmt::Display for PageViewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for PageViewKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The key of a page view. Sites that chose the same id do not meet.
pub(super) fn of_page_view(site: SiteId, id: Id) -> i64 {
    hash(&[&site.0.to_le_bytes(), &id.0])
}

/// The key of a session: 32 bits, so that SQLite needs 4 bytes for it.
pub(super) fn of_session(id: Id) -> i64 {
    hash(&[&id.0]) >> 32
}

/// SipHash-1-3 with a key of zeros, the same in every release: <https://www.aumasson.jp/siphash/>
fn hash(parts: &[&[u8]]) -> i64 {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write(part);
    }
    hasher.finish().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_same_in_every_release() {
        assert_eq!(of_page_view(SiteId(1), Id([7; 16])), -5_727_132_441_646_961_954);
        assert_eq!(of_session(Id([7; 16])), -1_208_713_448);
    }

    #[test]
    fn a_key_is_read_back_from_its_digits() {
        for key in [0, -1, i64::MIN, 77].map(PageViewKey) {
            assert_eq!(PageViewKey::from_hex(&key.to_string()), Some(key));
        }
        for text in ["", "77", "+00000000000004d", "000000000000004g"] {
            assert_eq!(PageViewKey::from_hex(text), None, "{text}");
        }
    }
}
