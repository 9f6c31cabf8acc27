//! Where time goes: a signal interrupts whoever runs, and notes the stack.

use super::{ProfileError, failed};
use jemalloc_pprof::{StackProfile, WeightedStack};
use mappings::MAPPINGS;
use pprof::{ProfilerGuard, ProfilerGuardBuilder, UnresolvedReport};
use std::time::Duration;
use tokio::{task::spawn_blocking, time};

/// For how many seconds, unless it is said.
pub const SECONDS_DEFAULT: u64 = 10;
/// For how many at most.
pub const SECONDS_MAX: u64 = 60;
/// Samples a second of each processor; no multiple of what other things are timed by.
const HERTZ: i32 = 99;

/// Samples for so long; it ends early when nobody waits any more.
pub(super) async fn sample(duration: Duration) -> Result<StackProfile, ProfileError> {
    let guard = spawn_blocking(start).await.map_err(failed)??;
    time::sleep(duration).await;
    let stacks = spawn_blocking(move || {
        let report = guard.report().build_unresolved();
        drop(guard);
        report.map(|report| stacks(&report))
    });
    stacks.await.map_err(failed)?.map_err(failed)
}

/// Makes room for the samples first, for which there is no time in a signal.
fn start() -> Result<ProfilerGuard<'static>, ProfileError> {
    ProfilerGuardBuilder::default().frequency(HERTZ).build().map_err(|error| match error {
        // The one before has not been dropped yet.
        pprof::Error::Running => ProfileError::Busy,
        error => failed(error),
    })
}

fn stacks(report: &UnresolvedReport) -> StackProfile {
    let mappings = MAPPINGS.as_deref().unwrap_or_default().to_vec();
    let mut stacks = StackProfile { mappings, ..StackProfile::default() };
    for (sampled, count) in &report.data {
        // At the end of a stack there may be no address.
        let addrs = sampled.frames.iter().rev().map(|frame| frame.ip).filter(|ip| *ip > 0);
        let addrs = addrs.collect::<Vec<_>>();
        if addrs.is_empty() {
            continue;
        }
        // Far fewer than 2^52.
        #[expect(clippy::cast_precision_loss)]
        let weight = *count as f64 * 1e9 / f64::from(HERTZ);
        stacks.push_stack(WeightedStack { addrs, weight }, None);
    }
    stacks
}
