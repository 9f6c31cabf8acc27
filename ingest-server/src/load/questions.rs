//! Questions as a dashboard asks them.

use fastrand::Rng;

/// What is asked of a site, as often as each other.
const ASKED: [&str; 4] = [
    "summary",
    "summary?form_factor=phone",
    "timeseries?metric=lcp&interval=day",
    "breakdown?metric=lcp&by=route",
];

/// A path of the query API.
pub(super) fn question(site: &str, random: &mut Rng) -> String {
    format!("/v1/sites/{site}/{}", ASKED[random.usize(..ASKED.len())])
}
