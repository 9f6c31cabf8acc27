//! Performance entries → entries.

use super::page::{self, Text};
use crate::{
    entry::{Entry, Script},
    told,
};

/// What the next entry tells; absent when there is none. Within that, absent when no vital is made
/// from it.
pub(super) fn next() -> Option<Option<Entry>> {
    let mut told = [f64::NAN; 11];
    page::read_entry(&mut told).then(|| told::entry(told, about(), script))
}

fn script(index: u32) -> Script {
    let mut told = [f64::NAN; 3];
    page::read_script(index, &mut told);
    let [start_ms, duration_ms, forced_layout_ms] = told;
    Script { start_ms, duration_ms, forced_layout_ms, about: about() }
}

fn about() -> String {
    page::text(Text::About).unwrap_or_default()
}
