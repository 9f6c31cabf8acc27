//! Performance entries → plain values.

use super::globals::{Properties, properties};
use crate::{
    entry::{Entry, Event, InteractionPaint, LayoutShift, Navigation, SoftNavigation},
    sorted,
};
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::Performance;

/// An entry of the browser, and what the vitals need of it.
pub(super) struct Observed {
    pub(super) entry: Entry,
    pub(super) source: Properties,
    end_ms: f64,
}

/// What the entries tell, in the order in which they ended: what an interaction led to then stands
/// behind the route change that it led to. Entries that no vital is made from are left out.
pub(super) fn in_order(list: &Array) -> Vec<Observed> {
    let mut entries = Vec::with_capacity(list.length() as usize);
    for index in 0..list.length() {
        if let Some(observed) = observed(list.get(index).unchecked_into()) {
            sorted::insert(&mut entries, observed, |a: &Observed, b| a.end_ms < b.end_ms);
        }
    }
    entries
}

fn observed(source: Properties) -> Option<Observed> {
    let [start_ms, duration_ms, score, had_recent_input, interaction_id, processing_start_ms, ..] =
        source.numbers::<6>("startTime duration value hadRecentInput interactionId processingStart");
    // `as` saturates and takes NaN for 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let interaction_id = interaction_id as u64;
    let entry = match source.text("entryType")?.as_str() {
        "paint" if source.text("name")? != "first-contentful-paint" => return None,
        "paint" => Entry::FirstContentfulPaint { start_ms },
        "largest-contentful-paint" => Entry::LargestContentfulPaint { start_ms },
        "layout-shift" => {
            let had_recent_input = had_recent_input > 0.0;
            Entry::LayoutShift(LayoutShift { start_ms, score, had_recent_input })
        }
        "soft-navigation" => {
            let [presentation_ms, paint_ms] = source.numbers("presentationTime paintTime");
            let paint_ms = [presentation_ms, paint_ms].into_iter().find(|paint_ms| *paint_ms > 0.0);
            let largest_paint = source.largest_paint().and_then(|paint| interaction_paint(&paint));
            Entry::SoftNavigation(SoftNavigation {
                start_ms,
                paint_ms,
                interaction_id,
                largest_paint,
            })
        }
        "interaction-contentful-paint" => Entry::InteractionPaint(interaction_paint(&source)?),
        entry_type => Entry::Event(Event {
            interaction_id,
            start_ms,
            duration_ms,
            processing_start_ms,
            is_first_input: entry_type == "first-input",
        }),
    };
    Some(Observed { entry, source, end_ms: start_ms + duration_ms })
}

fn interaction_paint(source: &Properties) -> Option<InteractionPaint> {
    Some(InteractionPaint {
        start_ms: source.number("startTime")?,
        interaction_id: source.integer("interactionId"),
        paint_ms: source.object("largestContentfulPaint")?.number("renderTime")?,
    })
}

/// The document's own `navigation` entry, if the browser gives one that can be believed: some
/// report a first byte of 0 or one that lies in the future.
pub(super) fn navigation_entry(performance: &Performance) -> Option<Properties> {
    let entry = performance.get_entries_by_type("navigation").get(0);
    let first_byte_ms = properties(entry.is_object().then_some(&entry)?).number("responseStart")?;
    let is_believable = first_byte_ms > 0.0 && first_byte_ms < performance.now();
    is_believable.then(|| entry.unchecked_into())
}

/// What the vitals need of it.
pub(super) fn navigation(entry: Option<&Properties>) -> Navigation {
    let number = |name| entry.and_then(|entry| entry.number(name));
    Navigation {
        response_start_ms: number("responseStart"),
        activation_start_ms: number("activationStart").unwrap_or(0.0),
    }
}

/// When the page was hidden for the first time before the collector was there to see it.
pub(super) fn first_hidden_ms(performance: &Performance, since_ms: f64) -> Option<f64> {
    let entries = performance.get_entries_by_type("visibility-state");
    (0..entries.length()).find_map(|index| {
        let entry = entries.get(index);
        let entry = properties(&entry);
        let start_ms = entry.number("startTime")?;
        (start_ms >= since_ms && entry.text("name")? == "hidden").then_some(start_ms)
    })
}
