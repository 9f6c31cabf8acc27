//! Any bytes: they are beacons, or Metric objects, or they are not, and what was decoded survives being encoded.

#![no_main]

use beacon::{decode, decode_bare, encode, limits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(bare) = decode_bare(bytes) {
        assert!((1..=limits::BEACONS_MAX).contains(&bare.len()));
    }
    let Ok(beacons) = decode(bytes) else { return };
    assert!((1..=limits::BEACONS_MAX).contains(&beacons.len()));
    for beacon in beacons {
        let encoded = encode(&beacon);
        // JSON may be shorter than its binary form: `1` is a number.
        if encoded.len() <= limits::BODY_BYTES_MAX {
            let decoded = decode(&encoded).expect("what was encoded is decoded");
            // Bytes, because a value may be NaN, which is not equal to itself.
            assert_eq!(decoded.iter().map(encode).collect::<Vec<_>>(), [encoded]);
        }
    }
});
