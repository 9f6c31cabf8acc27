//! Performance entries → entries.

use super::page::Page;
use crate::{
    entry::{Entry, Script},
    told,
};
use web_sys::PerformanceEntry;

/// What an entry tells; absent when no vital is made from it.
pub(super) fn read(source: &PerformanceEntry, page: &Page) -> Option<Entry> {
    let mut told = [f64::NAN; 10];
    let about = page.read_entry(source, &mut told);
    told::entry(told, about, |index| script(source, page, index))
}

fn script(source: &PerformanceEntry, page: &Page, index: u32) -> Script {
    let mut told = [f64::NAN; 3];
    let about = page.read_script(source, index, &mut told);
    let [start_ms, duration_ms, forced_layout_ms] = told;
    Script { start_ms, duration_ms, forced_layout_ms, about }
}
