//! Groups against the same, counted naively.

use super::*;
use crate::{
    ingest::Measurement,
    report::{Parameters, Unit},
    store::sqlite::{Explained, PageViewKey},
};
use beacon::{Attribution, MetricName, NumberField, TextField};
use jiff::Timestamp;
use proptest::prelude::*;

/// Milliseconds of an INP and of its handlers, and the number of its element.
type Pressed = (u32, u32, Option<u8>);

fn page_view(&(ms, handlers_ms, target): &Pressed) -> Explained<'static> {
    let mut attribution = Attribution::default();
    attribution.number(NumberField::ProcessingDuration, f64::from(handlers_ms));
    if let Some(target) = target {
        attribution.text(TextField::InteractionTarget, &format!("#b{target}"));
    }
    let mut measurements = [const { None }; MetricName::ALL.len()];
    measurements[MetricName::Inp as usize] = Some(Measurement { steps: ms * 1000, attribution });
    Explained { key: PageViewKey(0), route: "/", url: "", measurements }
}

fn report(pressed: &[Pressed], query: &str) -> AttributionReport {
    let now = Timestamp::UNIX_EPOCH;
    let parameters = Parameters::parse(&format!("metric=inp&from=1969-12-01{query}")).unwrap();
    let asked = AttributionQuestion::take(parameters, now).unwrap();
    let mut candidates = Candidates::of(&asked);
    for it in pressed {
        candidates.add(&page_view(it));
    }
    let mut groups = candidates.into_groups();
    for it in pressed {
        groups.add(&page_view(it));
    }
    explain("shop", asked, groups, None, now)
}

/// The nearest rank.
fn p75(mut values: Vec<u32>) -> Option<f64> {
    values.sort_unstable();
    let rank = (values.len() * 3).div_ceil(4);
    rank.checked_sub(1).map(|index| f64::from(values[index]))
}

#[test]
fn without_page_views_nothing_is_claimed() {
    let report = report(&[], "");
    assert_eq!((report.count, report.p75, report.unit), (0, None, Unit::Ms));
    assert!(report.groups.iter().all(|grouped| grouped.count == 0 && grouped.rows.is_empty()));
}

#[test]
fn those_with_the_most_slow_page_views_come_first_and_the_rest_last() {
    let mut pressed = vec![(40, 1, Some(1)); 9];
    pressed.extend([(600, 500, Some(2)), (300, 200, Some(3)), (40, 1, None)]);
    let report = report(&pressed, "&by=target&limit=2");
    let rows = report.groups[0].rows.iter().map(|row| (&*row.group.value, row.count, row.p75));
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [("#b2", 1, Some(600.0)), ("#b3", 1, Some(300.0)), ("(other)", 9, Some(40.0))]
    );
    assert_eq!((report.count, report.groups[0].count), (12, 11));
    let part = Part { name: NumberField::ProcessingDuration, p75: 500.0 };
    assert_eq!(report.groups[0].rows[0].part, Some(part));
}

fn pressed() -> impl Strategy<Value = Vec<Pressed>> {
    let one = (0_u32..900, 0_u32..900, prop::option::of(0_u8..8));
    prop::collection::vec(one, 0..60)
}

proptest! {
    #[test]
    fn groups_are_those_that_one_would_count(pressed in pressed(), limit in 1_usize..10) {
        let report = report(&pressed, &format!("&by=target&limit={limit}"));
        let grouped = &report.groups[0];
        let known = pressed.iter().filter(|(_, _, target)| target.is_some()).count();
        prop_assert_eq!(grouped.count, known as u64);
        prop_assert_eq!(grouped.rows.iter().map(|row| row.count).sum::<u64>(), known as u64);
        for row in grouped.rows.iter().filter(|row| row.group.value != "(other)") {
            let is_in = |(_, _, target): &&Pressed| {
                target.is_some_and(|target| row.group.value == format!("#b{target}"))
            };
            let values = || pressed.iter().filter(is_in);
            prop_assert_eq!(row.count, values().count() as u64);
            prop_assert_eq!(row.p75, p75(values().map(|it| it.0).collect()));
            prop_assert_eq!(row.part.map(|part| part.p75), p75(values().map(|it| it.1).collect()));
            prop_assert_eq!(row.poor_count, values().filter(|it| it.0 > 500).count() as u64);
        }
    }
}
