//! Where the server's own time and memory go: stacks that are sampled while somebody asks, and three ways
//! to write them.

mod cpu;
mod heap;
mod places;
mod top;

pub use cpu::{SECONDS_DEFAULT, SECONDS_MAX};
pub use heap::{Growth, Since, sample_heap};
pub use top::{CpuTop, HeapTop, Row};

use heap::Snapshot;
use jemalloc_pprof::{FlamegraphOptions, StackProfile};
use places::Places;
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tikv_jemalloc_ctl::background_thread;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Pixels of a flame graph.
const WIDTH: usize = 1400;

/// Takes one profile at a time.
#[derive(Clone, Debug)]
pub struct Profiler {
    turn: Arc<Semaphore>,
    /// What the heap was when it was asked for last.
    previous: Arc<Mutex<Option<Snapshot>>>,
}

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// One is being taken.
    #[error("another profile is being taken")]
    Busy,
    /// The allocator was built, or started, so that it cannot tell.
    #[error("the allocator of this program does not sample")]
    NoSampling,
    /// There is nothing to compare with.
    #[error("the heap was not asked for before")]
    NoPrevious,
    /// The system does not let it.
    #[error(transparent)]
    Failed(anyhow::Error),
}

/// Stacks, the outermost function first, and how much of something was in each.
pub struct Profile {
    stacks: StackProfile,
    resource: Resource,
}

/// What there is a profile of.
#[derive(Clone, Copy, Debug)]
enum Resource {
    Cpu,
    Heap,
}

impl Profiler {
    /// One that has not been asked yet, which costs nothing.
    pub fn new() -> Self {
        Self { turn: Arc::new(Semaphore::new(1)), previous: Arc::default() }
    }

    /// Where processors spend the next seconds.
    pub async fn cpu(&self, duration: Duration) -> Result<Profile, ProfileError> {
        let turn = self.turn.clone().try_acquire_owned().map_err(|_| ProfileError::Busy)?;
        let stacks = cpu::sample(duration).await?;
        drop(turn);
        Ok(Profile { stacks, resource: Resource::Cpu })
    }

    /// What is in memory now, or has come into it; sampled from the first time on that this is asked.
    pub async fn heap(&self, since: Since) -> Result<(Profile, Growth), ProfileError> {
        let _turn = self.turn.try_acquire().map_err(|_| ProfileError::Busy)?;
        let now = heap::dump().await?;
        let mut previous = self.previous.lock().unwrap_or_else(PoisonError::into_inner);
        let (counted, growth) = heap::counted(&now, previous.as_ref(), since);
        *previous = Some(now.snapshot);
        let stacks = heap::stacks(counted.ok_or(ProfileError::NoPrevious)?, now.mappings);
        Ok((Profile { stacks, resource: Resource::Heap }, growth))
    }
}

impl Default for Profiler {
    fn default() -> Self {
        Self::new()
    }
}

impl Profile {
    /// For `go tool pprof` and others: <https://github.com/google/pprof/blob/main/proto/profile.proto>
    pub async fn pprof(self) -> Result<Vec<u8>, ProfileError> {
        let (kind, unit) = self.resource.words();
        self.named(move |mut profile| {
            profile.trim();
            Ok(profile.stacks.to_pprof((kind, unit), (kind, unit), None))
        })
        .await
    }

    /// As SVG: <https://www.brendangregg.com/flamegraphs.html>. Nothing, when nothing was sampled.
    pub async fn flame_graph(self) -> Result<Option<Vec<u8>>, ProfileError> {
        let (kind, unit) = self.resource.words();
        let mut options = FlamegraphOptions::default();
        options.title = format!("rhumb: {kind}");
        unit.clone_into(&mut options.count_name);
        options.image_width = Some(WIDTH);
        // A function has one color wherever it is called.
        options.hash = true;
        self.named(move |mut profile| {
            profile.trim();
            // What has shrunk has no width.
            profile.stacks.stacks.retain(|(stack, _)| stack.weight >= 1.0);
            if profile.stacks.stacks.is_empty() {
                return Ok(None);
            }
            profile.stacks.to_flamegraph(&mut options).map(Some)
        })
        .await
    }

    /// All memory is asked for by the allocator: what matters is for whom.
    fn trim(&mut self) {
        if let Resource::Heap = self.resource {
            Places::default().without_plumbing(&mut self.stacks);
        }
    }

    /// The functions that take the most time.
    pub async fn cpu_top(self, duration: Duration) -> Result<CpuTop, ProfileError> {
        self.named(move |profile| Ok(CpuTop::of(&profile.stacks, duration))).await
    }

    /// The places that hold the most memory, or ask for more.
    pub async fn heap_top(self, growth: Growth) -> Result<HeapTop, ProfileError> {
        self.named(move |profile| Ok(HeapTop::of(&profile.stacks, growth))).await
    }

    /// Reads the names of functions from the program's file, which takes a while, and forgets them.
    async fn named<T: Send + 'static>(
        self,
        write: impl FnOnce(Self) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, ProfileError> {
        let written = spawn_blocking(move || {
            let written = write(self);
            backtrace::clear_symbol_cache();
            // What it took is given back to the system soon, and not only when more is asked for.
            let _ = background_thread::write(true);
            written
        });
        written.await.map_err(io::Error::other).map_err(failed)?.map_err(ProfileError::Failed)
    }
}

impl Resource {
    /// What it is called, and what it is counted in.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Cpu => ("cpu", "nanoseconds"),
            Self::Heap => ("inuse_space", "bytes"),
        }
    }
}

fn failed(error: impl Into<anyhow::Error>) -> ProfileError {
    ProfileError::Failed(error.into())
}
