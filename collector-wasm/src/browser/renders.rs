//! Commits of components that wait in the page → what components did.

use super::page::{self, Text};
use crate::renders::{self, Commit};
use beacon::{RenderPhase, Renders};

/// Takes the commits that were made before that time. Says whether there were any.
pub(super) fn take(renders: &mut Renders, before_ms: f64) -> bool {
    let mut told = [f64::NAN; 5];
    let mut is_news = false;
    while page::read_render(before_ms, &mut told) {
        let [phase, actual_ms, base_ms, actual_log2, dropped] = told;
        // `as` saturates.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let (phase, dropped) = (phase as u8, dropped as u32);
        let phase = match phase {
            0 => RenderPhase::Mount,
            1 => RenderPhase::Update,
            _ => RenderPhase::NestedUpdate,
        };
        renders.dropped += dropped;
        let id = page::text(Text::About).unwrap_or_default();
        renders::add(renders, id, &Commit { phase, actual_ms, base_ms, actual_log2 });
        is_news = true;
    }
    is_news
}
