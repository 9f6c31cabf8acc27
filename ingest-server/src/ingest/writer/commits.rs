//! What the transactions of beacons are like.

use prometheus_client::metrics::histogram::Histogram;
use std::time::Duration;

/// Upper bounds of page views: from a quiet site to the most that one transaction takes, and bodies of many.
const PAGE_VIEWS: [f64; 8] = [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0];
/// Upper bounds in seconds: from a quick disk to one that hangs.
const SECONDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Of all that are on disk since the server was started.
#[derive(Clone, Debug)]
pub struct Commits {
    /// Page views of each.
    pub page_views: Histogram,
    /// How long each took, with the flush of the disk.
    pub seconds: Histogram,
}

impl Commits {
    pub(super) fn new() -> Self {
        Self { page_views: Histogram::new(PAGE_VIEWS), seconds: Histogram::new(SECONDS) }
    }

    /// Counts one.
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52")]
    pub(super) fn count(&self, page_views: usize, took: Duration) {
        self.page_views.observe(page_views as f64);
        self.seconds.observe(took.as_secs_f64());
    }
}
