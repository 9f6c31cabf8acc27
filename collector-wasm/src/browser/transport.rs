//! Beacon bytes → network.

use web_sys::Navigator;

/// Hands the bytes to the browser, which sends them even when the page is gone. Without a content
/// type there is no CORS preflight. False when the browser refuses (its quota is 64 KiB).
pub(super) fn send(navigator: &Navigator, url: &str, mut bytes: Vec<u8>) -> bool {
    navigator.send_beacon_with_opt_u8_array(url, Some(&mut bytes)).unwrap_or(false)
}
