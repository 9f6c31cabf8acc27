//! One line when a long step begins, one when it ends.

use anyhow::Result;
use std::time::Instant;

/// Does the work and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("  ....  {name}");
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "fail" };
    println!("  {outcome}  {name} ({:.1} s)", start.elapsed().as_secs_f64());
    result
}
