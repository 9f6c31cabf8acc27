//! Waiting for what takes a while.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(50);

/// Asks until the answer is there, for at most so long; `what` completes "waited in vain for …".
pub async fn until<T>(
    what: &str,
    at_most: Duration,
    mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if begun.elapsed() > at_most {
            bail!("waited in vain for {what}, {at_most:?} long");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
