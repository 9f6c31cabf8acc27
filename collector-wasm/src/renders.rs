//! What components did in a page view, added up commit by commit.

#[cfg(test)]
mod tests;

use crate::durations::{bin, microseconds, put};
use beacon::{RENDER_FRAME_MS, RENDER_FULL_SHARE, Render, RenderPhase, Renders, limits};

/// Bins of all components together: a beacon that is larger than a request may be would cost the page
/// view its metrics.
pub const BINS_MAX: usize = 8_000;

/// One commit of a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Commit {
    /// Why it was rendered.
    pub phase: RenderPhase,
    /// How long that took.
    pub actual_ms: f64,
    /// How long it would have taken without memoization.
    pub base_ms: f64,
    /// The binary logarithm of the seconds that it took. JavaScript has one; here it would be a third of
    /// all this.
    pub actual_log2: f64,
}

/// Adds a commit. One of a component that is one too many is counted as dropped; one whose bin is one too
/// many is in none.
pub fn add(renders: &mut Renders, id: String, commit: &Commit) {
    let &Commit { phase, actual_ms, base_ms, actual_log2 } = commit;
    let Renders { components, dropped } = renders;
    let bins: usize = components.iter().map(|render| render.bins.len()).sum();
    let known = components.iter().position(|render| render.phase == phase && render.id == id);
    let place = known.unwrap_or(components.len());
    if place == limits::RENDERS_MAX {
        *dropped += 1;
        return;
    }
    if known.is_none() {
        components.push(unseen(id, phase));
    }
    if let Some(render) = components.get_mut(place) {
        count(render, actual_ms, base_ms);
        put(&mut render.bins, bin(actual_log2), bins < BINS_MAX);
    }
}

fn unseen(id: String, phase: RenderPhase) -> Render {
    Render {
        id,
        phase,
        count: 0,
        actual_us: 0,
        base_us: 0,
        max_us: 0,
        slow_count: 0,
        full_count: 0,
        bins: Vec::new(),
    }
}

fn count(render: &mut Render, actual_ms: f64, base_ms: f64) {
    let duration_us = microseconds(actual_ms);
    render.count += 1;
    render.actual_us = render.actual_us.saturating_add(duration_us);
    render.base_us = render.base_us.saturating_add(microseconds(base_ms));
    render.max_us = render.max_us.max(duration_us);
    render.slow_count += u32::from(actual_ms > RENDER_FRAME_MS);
    // A clock that tells of no time tells nothing of this either.
    render.full_count += u32::from(base_ms > 0.0 && actual_ms >= base_ms * RENDER_FULL_SHARE);
}
