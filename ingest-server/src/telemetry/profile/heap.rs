//! What is in memory: of every 512 KiB that are asked for, the allocator notes one stack, and forgets it
//! when that memory is given back.

use super::{ProfileError, failed};
use jemalloc_pprof::{
    Mapping, PROF_CTL, ProfStartTime, StackProfile, WeightedStack, activate_jemalloc_profiling,
};
use std::{collections::HashMap, time::Duration};
use tokio::task::spawn_blocking;

/// Stacks that are told apart: those with the most bytes.
const STACKS_MAX: usize = 16_384;

/// Bytes by stack, the outermost address first.
pub(super) type Snapshot = HashMap<Vec<usize>, f64>;

/// What is told of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// All that is in it, and was since sampling began.
    Sampling,
    /// The difference to what was told before.
    Previous,
}

/// Bytes in memory by the samples, before and now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// When it was asked for before, if it was.
    pub before: Option<f64>,
    /// Now.
    pub after: f64,
    /// For how long the allocator has sampled.
    pub sampled: Duration,
}

/// Has the allocator sample from here on.
///
/// # Errors
/// It cannot.
pub async fn sample_heap() -> Result<(), ProfileError> {
    PROF_CTL.as_ref().ok_or(ProfileError::NoSampling)?;
    activate_jemalloc_profiling().await;
    Ok(())
}

/// What is in memory at a moment.
#[derive(Debug)]
pub(super) struct Dump {
    pub(super) snapshot: Snapshot,
    /// Where the program is in it.
    pub(super) mappings: Vec<Mapping>,
    sampled: Duration,
}

/// What is in memory now.
pub(super) async fn dump() -> Result<Dump, ProfileError> {
    sample_heap().await?;
    let control = PROF_CTL.as_ref().ok_or(ProfileError::NoSampling)?;
    let dumped = spawn_blocking(|| {
        let mut control = control.blocking_lock();
        let sampled = match control.get_md().start_time {
            Some(ProfStartTime::Instant(start)) => start.elapsed(),
            _ => Duration::ZERO,
        };
        control.dump_profile().map(|profile| (profile, sampled))
    });
    let (StackProfile { stacks, mappings, .. }, sampled) =
        dumped.await.map_err(failed)?.map_err(failed)?;
    let mut stacks = stacks.into_iter().map(|(stack, _)| stack).collect::<Vec<_>>();
    stacks.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    stacks.truncate(STACKS_MAX);
    let mut snapshot = Snapshot::new();
    for WeightedStack { addrs, weight } in stacks {
        *snapshot.entry(addrs).or_default() += weight;
    }
    Ok(Dump { snapshot, mappings, sampled })
}

/// What is to be told, and by how much it has grown. Nothing, when there is nothing to compare with.
pub(super) fn counted(
    now: &Dump,
    previous: Option<&Snapshot>,
    since: Since,
) -> (Option<Snapshot>, Growth) {
    // The sum of nothing is below zero.
    let bytes = |snapshot: &Snapshot| snapshot.values().fold(0.0, |sum, bytes| sum + bytes);
    let (before, after) = (previous.map(bytes), bytes(&now.snapshot));
    let counted = match since {
        Since::Sampling => Some(now.snapshot.clone()),
        Since::Previous => previous.map(|previous| difference(&now.snapshot, previous)),
    };
    (counted, Growth { before, after, sampled: now.sampled })
}

/// By how much each stack has grown; below zero, if it has shrunk.
fn difference(now: &Snapshot, previous: &Snapshot) -> Snapshot {
    let mut difference = now.clone();
    for (stack, bytes) in previous {
        *difference.entry(stack.clone()).or_default() -= bytes;
    }
    difference.retain(|_, bytes| bytes.abs() >= 1.0);
    difference
}

pub(super) fn stacks(snapshot: Snapshot, mappings: Vec<Mapping>) -> StackProfile {
    let mut stacks = StackProfile { mappings, ..StackProfile::default() };
    for (addrs, weight) in snapshot {
        stacks.push_stack(WeightedStack { addrs, weight }, None);
    }
    stacks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot<const N: usize>(stacks: [(usize, f64); N]) -> Snapshot {
        stacks.map(|(address, bytes)| (vec![1, address], bytes)).into()
    }

    fn dump<const N: usize>(stacks: [(usize, f64); N]) -> Dump {
        Dump { snapshot: snapshot(stacks), mappings: Vec::new(), sampled: Duration::from_secs(7) }
    }

    #[test]
    fn what_has_not_changed_is_not_in_a_difference_and_what_has_shrunk_is_below_zero() {
        let before = snapshot([(2, 100.0), (3, 50.0), (4, 10.0)]);
        let after = dump([(2, 100.0), (3, 80.0), (5, 7.0)]);
        let (counted, growth) = counted(&after, Some(&before), Since::Previous);
        assert_eq!(counted, Some(snapshot([(3, 30.0), (4, -10.0), (5, 7.0)])));
        let sampled = Duration::from_secs(7);
        assert_eq!(growth, Growth { before: Some(160.0), after: 187.0, sampled });
    }

    #[test]
    fn the_first_snapshot_is_whole_and_no_difference() {
        let after = dump([(2, 100.0)]);
        assert_eq!(counted(&after, None, Since::Sampling).0, Some(snapshot([(2, 100.0)])));
        assert_eq!(counted(&after, None, Since::Previous).0, None);
    }
}
