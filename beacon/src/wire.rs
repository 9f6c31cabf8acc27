//! Bytes ⇄ beacon.
//!
//! The binary form is a version byte, then postcard. Versions are decoded for ever: a page may pin
//! a collector for years. JSON is told apart by its first byte, never by a Content-Type, so that
//! `sendBeacon` stays free of a CORS preflight; therefore no version is ever numbered like a JSON
//! start (`{`, `[`) or white space (9, 10, 13, 32).

use crate::{Beacon, Metric, Renders, limits, metric::Metric1};
use core::fmt;
use serde::de::DeserializeOwned;

/// The newest version: one of the versions before, and [sections](crate::Section) behind it. Each beacon is
/// written in the oldest version that has all of it, so that older servers read what they can.
pub const VERSION: u8 = 4;
const WITH_RENDERS: u8 = 3;
const WITHOUT_RENDERS: u8 = 2;

/// The bytes are not a beacon. Nothing of them is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// No bytes at all.
    Empty,
    /// More than [`BODY_BYTES_MAX`](limits::BODY_BYTES_MAX) bytes.
    TooLarge {
        /// How many there were.
        bytes: usize,
    },
    /// A JSON array of more than [`BEACONS_MAX`](limits::BEACONS_MAX) beacons.
    TooMany {
        /// How many there were.
        beacons: usize,
    },
    /// The first byte is neither a known version nor the start of JSON.
    UnknownVersion(u8),
    /// Binary of a known version that ends early, runs on, or breaks the format.
    Binary,
    /// JSON that breaks the syntax or the shape.
    Json {
        /// Path of the field at fault, such as `metrics[0].name`; `.` for the whole.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the body is empty; send a beacon"),
            Self::TooLarge { bytes } => {
                write!(
                    f,
                    "the body has {bytes} bytes, at most {} are taken",
                    limits::BODY_BYTES_MAX
                )
            }
            Self::TooMany { beacons } => {
                write!(
                    f,
                    "the array has {beacons} beacons, at most {} are taken",
                    limits::BEACONS_MAX
                )
            }
            Self::UnknownVersion(byte) => write!(
                f,
                "the body starts with byte {byte}, which is no version of the binary format \
                 (1 to {VERSION}) and no JSON object or array"
            ),
            Self::Binary => f.write_str("the body is cut short, too long or not postcard"),
            Self::Json { problem, .. } => f.write_str(problem),
        }
    }
}

impl core::error::Error for DecodeError {}

/// Writes a beacon in the oldest binary version that has all of it.
pub fn encode(beacon: &Beacon) -> Vec<u8> {
    let Beacon { renders, .. } = beacon;
    let has_renders = !renders.components.is_empty() || renders.dropped > 0;
    let version = if has_renders { WITH_RENDERS } else { WITHOUT_RENDERS };
    // Serialising plain strings, integers and lists into memory has no way to fail.
    let bytes = postcard::to_extend(beacon, vec![version]).unwrap_or_default();
    let bytes =
        if has_renders { postcard::to_extend(renders, bytes).unwrap_or_default() } else { bytes };
    #[cfg(feature = "json")]
    let bytes = sections::behind(bytes, beacon);
    bytes
}

/// Reads a binary beacon of any released version or, with the feature `json`, a JSON beacon or a
/// JSON array of them. Total and bounded: it never panics, and never allocates more than a small
/// multiple of [`BODY_BYTES_MAX`](limits::BODY_BYTES_MAX).
///
/// # Errors
/// Says what is wrong with the bytes; see [`DecodeError`].
pub fn decode(bytes: &[u8]) -> Result<Vec<Beacon>, DecodeError> {
    let bytes = sized(bytes)?;
    if let Some(beacon) = binary(bytes) {
        return beacon.map(|beacon| vec![beacon]);
    }
    #[cfg(feature = "json")]
    if let [VERSION, rest @ ..] = bytes {
        return sections::decode(rest).map(|beacon| vec![beacon]);
    }
    match bytes.trim_ascii_start() {
        [] => Err(DecodeError::Empty),
        #[cfg(feature = "json")]
        json @ [b'{', ..] => from_json(json).map(|beacon| vec![beacon]),
        #[cfg(feature = "json")]
        json @ [b'[', ..] => from_json(json).and_then(bounded),
        [first, ..] => Err(DecodeError::UnknownVersion(*first)),
    }
}

/// A beacon without sections; nothing, if the bytes are of no such version.
fn binary(bytes: &[u8]) -> Option<Result<Beacon, DecodeError>> {
    Some(match bytes {
        [1, rest @ ..] => postcard::<Metric1>(rest),
        [WITHOUT_RENDERS, rest @ ..] => postcard::<Metric>(rest),
        [WITH_RENDERS, rest @ ..] => postcard3(rest),
        _ => return None,
    })
}

fn postcard<M>(bytes: &[u8]) -> Result<Beacon, DecodeError>
where
    M: DeserializeOwned,
    Metric: From<M>,
{
    match postcard::take_from_bytes::<Beacon<M>>(bytes) {
        Ok((beacon, [])) => Ok(beacon.into_newest()),
        _ => Err(DecodeError::Binary),
    }
}

/// Since version 3 renders follow.
fn postcard3(bytes: &[u8]) -> Result<Beacon, DecodeError> {
    let read = || {
        let (beacon, rest) = postcard::take_from_bytes::<Beacon>(bytes).ok()?;
        let (renders, rest) = postcard::take_from_bytes::<Renders>(rest).ok()?;
        rest.is_empty().then_some(Beacon { renders, ..beacon })
    };
    read().ok_or(DecodeError::Binary)
}

/// Since version 4 what explains a page view stands behind the bytes of its beacon, each part by itself.
#[cfg(feature = "json")]
mod sections {
    use super::{Beacon, DecodeError, VERSION, binary};
    use crate::{
        Errors, LongFrames, Measures, Memory, Profile, Requests, Resources, Section, Timeline,
        limits::BODY_BYTES_MAX,
        section::{PACKED_PROFILE_TAG, put_bytes},
    };
    use serde::Deserialize;

    pub(super) fn behind(bytes: Vec<u8>, beacon: &Beacon) -> Vec<u8> {
        let Beacon { long_frames, measures, resources, memory, .. } = beacon;
        let Beacon { errors, requests, profile, timeline, .. } = beacon;
        let mut sections = Vec::new();
        long_frames.put(&mut sections);
        measures.put(&mut sections);
        resources.put(&mut sections);
        memory.put(&mut sections);
        errors.put(&mut sections);
        requests.put(&mut sections);
        profile.put(&mut sections);
        timeline.put(&mut sections);
        if sections.is_empty() {
            return bytes;
        }
        let mut all = vec![VERSION];
        put_bytes(&mut all, &bytes);
        put_bytes(&mut all, &sections);
        all
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Beacon, DecodeError> {
        read(bytes).ok_or(DecodeError::Binary)
    }

    /// A section that is newer than this reader is skipped.
    fn read(bytes: &[u8]) -> Option<Beacon> {
        let (beacon, sections) = whole::<(&[u8], &[u8])>(bytes)?;
        let (mut beacon, mut rest) = (binary(beacon)?.ok()?, sections);
        while !rest.is_empty() {
            let ((tag, content), after) = postcard::take_from_bytes::<(u8, &[u8])>(rest).ok()?;
            match tag {
                LongFrames::TAG => beacon.long_frames = whole(content)?,
                Measures::TAG => beacon.measures = whole(content)?,
                Resources::TAG => beacon.resources = whole(content)?,
                Memory::TAG => beacon.memory = whole(content)?,
                Errors::TAG => beacon.errors = whole(content)?,
                Requests::TAG => beacon.requests = whole(content)?,
                Profile::TAG => beacon.profile = whole(content)?,
                // Once: to unpack it again and again would take a thousand times what the bytes do.
                PACKED_PROFILE_TAG if beacon.profile == Profile::default() => {
                    beacon.profile = whole(&unpacked(content)?)?;
                }
                PACKED_PROFILE_TAG => return None,
                Timeline::TAG => beacon.timeline = whole(content)?,
                _ => {}
            }
            rest = after;
        }
        Some(beacon)
    }

    /// No longer than it could be if it was not compressed.
    fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
        miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, BODY_BYTES_MAX).ok()
    }

    fn whole<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
        let (all, rest) = postcard::take_from_bytes(bytes).ok()?;
        rest.is_empty().then_some(all)
    }
}

pub(crate) fn sized(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    if bytes.len() > limits::BODY_BYTES_MAX {
        return Err(DecodeError::TooLarge { bytes: bytes.len() });
    }
    Ok(bytes)
}

#[cfg(feature = "json")]
pub(crate) fn bounded<T>(beacons: Vec<T>) -> Result<Vec<T>, DecodeError> {
    match beacons.len() {
        0 => Err(DecodeError::Empty),
        count if count > limits::BEACONS_MAX => Err(DecodeError::TooMany { beacons: count }),
        _ => Ok(beacons),
    }
}

#[cfg(feature = "json")]
pub(crate) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        DecodeError::Json { field: error.path().to_string(), problem: error.inner().to_string() }
    })?;
    deserializer.end().map_err(|error| DecodeError::Json {
        field: ".".to_owned(),
        problem: format!("the JSON goes on after its end: {error}"),
    })?;
    Ok(value)
}
