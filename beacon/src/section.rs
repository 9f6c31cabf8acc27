//! What explains a page view besides its metrics: parts that stand behind the beacon, each by itself, so
//! that a reader may skip one that is newer than itself.

use crate::{Errors, LongFrames, Measures, Memory, Profile, Requests, Resources, Timeline};
use serde::{Serialize, de::DeserializeOwned};

/// A part of what explains a page view.
pub trait Section: Default + PartialEq + Serialize + DeserializeOwned {
    /// What stands before it. It never changes, and a section whose shape changes gets another one.
    const TAG: u8;

    /// Appends it: its tag, how many bytes it has, and these. Nothing, where nothing is told.
    fn put(&self, bytes: &mut Vec<u8>) {
        if *self == Self::default() {
            return;
        }
        // Serialising plain strings, integers and lists into memory has no way to fail.
        let content = postcard::to_allocvec(self).unwrap_or_default();
        bytes.push(Self::TAG);
        put_bytes(bytes, &content);
    }
}

impl Section for LongFrames {
    const TAG: u8 = 1;
}

impl Section for Measures {
    const TAG: u8 = 2;
}

impl Section for Resources {
    const TAG: u8 = 3;
}

impl Section for Memory {
    const TAG: u8 = 4;
}

impl Section for Errors {
    const TAG: u8 = 5;
}

impl Section for Requests {
    const TAG: u8 = 6;
}

impl Section for Profile {
    const TAG: u8 = 7;
}

impl Section for Timeline {
    const TAG: u8 = 8;
}

/// A [`Profile`] as it is behind its own tag, compressed in the way of
/// [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951).
pub(crate) const PACKED_PROFILE_TAG: u8 = 9;

/// How many there are, and these.
pub(crate) fn put_bytes(bytes: &mut Vec<u8>, content: &[u8]) {
    let before = std::mem::take(bytes);
    // As before.
    *bytes = postcard::to_extend(content, before).unwrap_or_default();
}
