//! How far a load test is, for whoever looks at a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::{
    convert::Infallible,
    io::{self, IsTerminal},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::time::{self, Instant};

/// How often it is drawn.
const INTERVAL: Duration = Duration::from_millis(200);

/// Draws it on standard error until it is dropped; nothing, where that is no terminal.
pub(super) async fn show(duration: Duration, answered: Arc<AtomicU64>) -> Infallible {
    if !io::stderr().is_terminal() {
        return std::future::pending().await;
    }
    let bar = ProgressBar::new(duration.as_millis().try_into().unwrap_or(u64::MAX));
    let template = "{wide_bar} {elapsed} of {prefix} s, {msg} answered";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(duration.as_secs().to_string());
    let (start, mut interval) = (Instant::now(), time::interval(INTERVAL));
    loop {
        interval.tick().await;
        bar.set_message(answered.load(Ordering::Relaxed).to_string());
        bar.set_position(start.elapsed().as_millis().try_into().unwrap_or(u64::MAX));
    }
}
