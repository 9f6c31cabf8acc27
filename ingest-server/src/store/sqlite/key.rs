//! What a page view and a session are found by: hashes of the ids that senders chose.
//!
//! 16 random bytes in a row and again in its index would be a third of all that is kept of a page
//! view. Of 64 bits, two of ten million page views are the same with a probability of 3 in a
//! million; of 32 bits, one of ten thousand among a million sessions is taken for another,
//! which only counts two visits as one.

use crate::ingest::SiteId;
use beacon::Id;
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

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
}
