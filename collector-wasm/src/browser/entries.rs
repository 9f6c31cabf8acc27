//! Performance entries → plain values.

use super::globals::{Properties, properties};
use crate::entry::{Entry, Event, LayoutShift, Navigation};
use wasm_bindgen::JsCast;
use web_sys::Performance;

/// What an entry tells; absent when no vital is made from it.
pub(super) fn read(entry: &Properties) -> Option<Entry> {
    let start_ms = entry.number("startTime")?;
    match entry.text("entryType")?.as_str() {
        "paint" => (entry.text("name")? == "first-contentful-paint")
            .then_some(Entry::FirstContentfulPaint { start_ms }),
        "largest-contentful-paint" => Some(Entry::LargestContentfulPaint { start_ms }),
        "layout-shift" => Some(Entry::LayoutShift(LayoutShift {
            start_ms,
            score: entry.number("value")?,
            had_recent_input: entry.flag("hadRecentInput")?,
        })),
        entry_type => {
            // `as` saturates and takes NaN for 0.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let interaction_id = entry.number("interactionId")? as u64;
            Some(Entry::Event(Event {
                interaction_id,
                duration_ms: entry.number("duration")?,
                is_first_input: entry_type == "first-input",
            }))
        }
    }
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
