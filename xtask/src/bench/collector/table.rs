//! The outcome as people read it.

use super::{
    outcome::{Outcome, VariantResult},
    spread::Spread,
    visit::Measure,
};

/// A heading, and what stands below it for a variant.
type Column = (&'static str, fn(&Outcome, &VariantResult) -> String);

const COLUMNS: [Column; 9] = [
    ("script ms", |_, result| range(result.spread(Measure::Script))),
    ("+ script", |outcome, result| added_range(outcome, result, Measure::Script)),
    ("+ busy", |outcome, result| added(outcome, result, Measure::Busy)),
    ("+ other threads", |outcome, result| added(outcome, result, Measure::Background)),
    ("+ long tasks", |outcome, result| added(outcome, result, Measure::LongTasks)),
    ("+ LCP", |outcome, result| added(outcome, result, Measure::Lcp)),
    ("+ INP", |outcome, result| added(outcome, result, Measure::Inp)),
    ("KB loaded", |_, result| kilobytes(result.spread(Measure::FileBytes))),
    ("KB posted", |_, result| kilobytes(result.spread(Measure::PostedBytes))),
];

/// Medians, with the middle half of the values in brackets.
pub(super) fn of(outcome: &Outcome) -> String {
    let title = format!("median of {}", outcome.loads());
    let mut rows = vec![[title].into_iter().chain(headings()).collect::<Vec<_>>()];
    rows.extend(outcome.results().iter().map(|result| row(outcome, result)));
    aligned(&rows)
}

fn headings() -> impl Iterator<Item = String> {
    COLUMNS.iter().map(|(heading, _)| (*heading).to_owned())
}

fn row(outcome: &Outcome, result: &VariantResult) -> Vec<String> {
    let name = format!("{} {}", result.variant.name, result.variant.version);
    let cells = COLUMNS.iter().map(|(_, cell)| cell(outcome, result));
    [name.trim().to_owned()].into_iter().chain(cells).collect()
}

fn range(Spread { p25, median, p75 }: Spread) -> String {
    format!("{median:.0} ({p25:.0}–{p75:.0})")
}

fn added_range(outcome: &Outcome, result: &VariantResult, measure: Measure) -> String {
    if result.is_baseline() {
        return String::new();
    }
    let Spread { p25, p75, .. } = outcome.difference(result, measure);
    format!("{} ({p25:.0}–{p75:.0})", added(outcome, result, measure))
}

fn added(outcome: &Outcome, result: &VariantResult, measure: Measure) -> String {
    if result.is_baseline() {
        return String::new();
    }
    // No negative zero.
    format!("{:+.0}", outcome.difference(result, measure).median.round() + 0.0)
}

/// Of 1000 bytes, as networks count.
fn kilobytes(Spread { median, .. }: Spread) -> String {
    format!("{:.1}", median / 1000.0)
}

/// The first column to the left, all others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let width_of = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..=COLUMNS.len()).map(width_of).collect();
    let line = |row: &Vec<String>| {
        let first = format!("  {:<width$}", row[0], width = widths[0]);
        let others = row.iter().zip(&widths).skip(1);
        let cells = others.map(|(cell, width)| format!("  {cell:>width$}"));
        [first].into_iter().chain(cells).collect::<String>()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{super::outcome::sample, of};

    #[test]
    fn the_columns_of_the_table_stand_below_each_other() {
        let text = of(&sample(&[[100.0, 150.0, 1300.0], [110.0, 150.0, 1300.0]]));
        let widths: Vec<_> = text.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [widths[0]; 4], "{text}");
    }

    #[test]
    fn a_collector_is_held_against_the_page_without_one() {
        let text = of(&sample(&[[100.0, 150.0, 1300.0], [110.0, 150.0, 1300.0]]));
        let rhumb = text.lines().nth(2).unwrap();
        assert!(rhumb.contains("150 (150–150)") && rhumb.contains("+45 (42–48)"), "{rhumb}");
    }
}
