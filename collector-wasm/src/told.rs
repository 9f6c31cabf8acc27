//! What JavaScript tells of an entry → the entry. `npm/start/read.js` reads the properties: all that
//! an entry type has, as numbers in an order of its own and one text.

use crate::{
    attribution::{PaintedElement, Resource},
    entry::{Entry, Event, InteractionPaint, LayoutShift, LongFrame, Script, SoftNavigation},
};

/// Scripts of one long animation frame.
const SCRIPTS_MAX: u32 = 100;

/// The numbers: entry type, start, duration, and what the type has; NaN for absent.
pub type Told = [f64; 11];

/// The entry; absent when no vital is made from it. `script` tells a script of a long animation frame.
pub fn entry(told: Told, about: String, script: impl Fn(u32) -> Script) -> Option<Entry> {
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
            let [_, _, _, largest @ ..] = details;
            Entry::SoftNavigation(SoftNavigation {
                start_ms,
                paint_ms: (second > 0.0).then_some(second),
                interaction_id: integer(first),
                interaction_count: count(third),
                largest_paint: interaction_paint(largest, about),
            })
        }
        6 => {
            let [largest @ .., _, _, _] = details;
            Entry::InteractionPaint(interaction_paint(largest, about)?)
        }
        7 => Entry::LongFrame(LongFrame {
            start_ms,
            end_ms: start_ms + duration_ms,
            style_and_layout_start_ms: first,
            scripts: scripts(integer(second), script),
        }),
        _ => return None,
    })
}

/// `as` saturates and takes NaN for 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn integer(number: f64) -> u64 {
    number as u64
}

/// Absent where the browser does not count.
pub fn count(number: f64) -> Option<u64> {
    (!number.is_nan()).then(|| integer(number))
}

fn resource(request_start_ms: f64, response_end_ms: f64) -> Option<Resource> {
    let is_known = !request_start_ms.is_nan();
    is_known.then_some(Resource { request_start_ms, response_end_ms })
}

fn interaction_paint(told: [f64; 5], about: String) -> Option<InteractionPaint> {
    let [start_ms, interaction_id, paint_ms, request_start_ms, response_end_ms] = told;
    (!paint_ms.is_nan()).then(|| InteractionPaint {
        start_ms,
        interaction_id: count(interaction_id),
        paint_ms,
        element: PaintedElement { about, resource: resource(request_start_ms, response_end_ms) },
    })
}

fn scripts(count: u64, script: impl Fn(u32) -> Script) -> Vec<Script> {
    let mut scripts = Vec::new();
    for index in 0..SCRIPTS_MAX {
        if u64::from(index) < count {
            scripts.push(script(index));
        }
    }
    scripts
}
