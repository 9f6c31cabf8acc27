//! Performance entries → plain values. `npm/start/read.js` reads their properties, all that an entry
//! type has at once.

use super::page::Page;
use crate::{
    attribution::{PaintedElement, Resource},
    entry::{Entry, Event, InteractionPaint, LayoutShift, LongFrame, Script, SoftNavigation},
};
use web_sys::PerformanceEntry;

/// Scripts of one long animation frame.
const SCRIPTS_MAX: u32 = 20;

/// What an entry tells; absent when no vital is made from it.
pub(super) fn read(source: &PerformanceEntry, page: &Page) -> Option<Entry> {
    let mut told = [f64::NAN; 10];
    let about = page.read_entry(source, &mut told);
    let [kind, start_ms, duration_ms, details @ ..] = told;
    let [first, second, third, fourth, ..] = details;
    Some(match integer(kind) {
        0 => return (first > 0.0).then_some(Entry::FirstContentfulPaint { start_ms }),
        1 => {
            let element = PaintedElement { about, resource: resource(first, second) };
            Entry::LargestContentfulPaint { start_ms, element }
        }
        2 => Entry::LayoutShift(LayoutShift {
            start_ms,
            score: first,
            had_recent_input: second > 0.0,
            has_sources: third > 0.0,
            target: about,
        }),
        kind @ 3..=4 => Entry::Event(Event {
            interaction_id: integer(first),
            start_ms,
            duration_ms,
            processing_start_ms: second,
            processing_end_ms: third,
            is_keyboard: fourth > 0.0,
            target: about,
            is_first_input: kind == 4,
        }),
        5 => {
            let [_, _, largest @ ..] = details;
            Entry::SoftNavigation(SoftNavigation {
                start_ms,
                paint_ms: (second > 0.0).then_some(second),
                interaction_id: integer(first),
                largest_paint: interaction_paint(largest, about),
            })
        }
        6 => {
            let [largest @ .., _, _] = details;
            Entry::InteractionPaint(interaction_paint(largest, about)?)
        }
        7 => Entry::LongFrame(LongFrame {
            start_ms,
            end_ms: start_ms + duration_ms,
            style_and_layout_start_ms: first,
            scripts: scripts(source, page, integer(second)),
        }),
        _ => return None,
    })
}

/// `as` saturates and takes NaN for 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn integer(number: f64) -> u64 {
    number as u64
}

fn resource(request_start_ms: f64, response_end_ms: f64) -> Option<Resource> {
    let is_known = !request_start_ms.is_nan();
    is_known.then_some(Resource { request_start_ms, response_end_ms })
}

fn interaction_paint(told: [f64; 5], about: String) -> Option<InteractionPaint> {
    let [start_ms, interaction_id, paint_ms, request_start_ms, response_end_ms] = told;
    (!paint_ms.is_nan()).then(|| InteractionPaint {
        start_ms,
        interaction_id: (!interaction_id.is_nan()).then(|| integer(interaction_id)),
        paint_ms,
        element: PaintedElement { about, resource: resource(request_start_ms, response_end_ms) },
    })
}

fn scripts(source: &PerformanceEntry, page: &Page, count: u64) -> Vec<Script> {
    let mut scripts = Vec::new();
    for index in 0..SCRIPTS_MAX {
        if u64::from(index) < count {
            let mut told = [f64::NAN; 3];
            let about = page.read_script(source, index, &mut told);
            let [start_ms, duration_ms, forced_layout_ms] = told;
            scripts.push(Script { start_ms, duration_ms, forced_layout_ms, about });
        }
    }
    scripts
}
