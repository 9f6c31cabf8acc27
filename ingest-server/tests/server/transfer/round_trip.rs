//! Out, in, and out again.

use super::sections::{
    errors, long_frames, measures, memory, profile, renders, requests, resources, timeline,
};
use super::shop::{FORMATS, Shop, assert_alike, day};
use beacon::{Attribution, Beacon, Connection, FormFactor, Id, Metric, MetricName, NavigationType};
use ingest_server::{
    store::sqlite::{Imported, Retention, RollUpLimits},
    transfer::Format,
};
use proptest::{collection, option, prelude::*, sample};

const DAYS: i64 = 12;
const PERIODS: [(i64, i64); 4] = [(0, DAYS), (DAYS - 5, DAYS - 1), (3, 4), (DAYS - 1, DAYS + 1)];
const SMALL: RollUpLimits = RollUpLimits { tail_min: 300, step_max: 100, corrections_max: 40 };

#[test]
fn a_site_is_the_same_in_another_database() {
    let mut shop = Shop::with(SMALL, Retention::default());
    shop.visit(0..DAYS, 80);
    let expected = shop.export(Format::Ndjson);
    let reports = shop.reports(&PERIODS);
    assert!(reports.iter().any(|report| report.metrics.fid.is_some() && report.unmeasured > 0));
    for &format in FORMATS {
        let exported = shop.export(format);
        let mut copy = Shop::new();
        let imported = copy.import(&exported, format, day(DAYS)).unwrap();
        let count = shop.count(
            "SELECT count(*) FROM page_views JOIN pages ON page_id = pages.id
                                WHERE site_id = 1",
        );
        let new = count.cast_unsigned();
        assert_eq!(imported, Imported { new, changed: 0, same: 0 }, "{format:?}");
        assert_eq!(copy.export(format), exported, "{format:?}");
        assert_eq!(copy.export(Format::Ndjson), expected, "{format:?}");
        assert!(copy.export_of("other", Format::Ndjson).is_empty());
        assert_alike(&copy.reports(&PERIODS), &reports);
        assert_eq!(copy.count("SELECT count(DISTINCT day) FROM arrivals"), DAYS);
    }
}

#[test]
fn reports_of_a_site_that_is_rolled_up_alike_are_the_same_to_the_last_digit() {
    let mut shop = Shop::new();
    shop.visit(0..DAYS, 80);
    let exported = shop.export(Format::Csv);
    let mut copy = Shop::new();
    copy.import(&exported, Format::Csv, day(DAYS)).unwrap();
    assert_eq!(copy.reports(&PERIODS), shop.reports(&PERIODS));
}

#[test]
fn what_is_imported_is_rolled_up_once_and_by_itself() {
    let mut shop = Shop::new();
    shop.visit(0..2, 2200);
    let exported = shop.export(Format::Ndjson);
    let limits = RollUpLimits { tail_min: 100, step_max: 4096, ..RollUpLimits::default() };
    let mut copy = Shop::with(limits, Retention::default());
    copy.import(&exported, Format::Ndjson, day(2)).unwrap();
    let watermark = "SELECT page_view_id FROM watermark";
    assert_eq!(copy.count(watermark), 4096);
    let rebuilt = copy.database.rebuild(&"default".parse().unwrap(), day(2)).unwrap().unwrap();
    assert_eq!(rebuilt.different, 0);
    let periods = [(0, 3), (1, 2)];
    let reports = copy.reports(&periods);
    let imported = copy.import(&exported, Format::Ndjson, day(3)).unwrap();
    assert_eq!((imported.new, imported.changed), (0, 0));
    assert_eq!(copy.reports(&periods), reports);
    assert_eq!(copy.export(Format::Ndjson), exported);
}

#[test]
fn an_import_brings_what_has_changed_since_the_last_one() {
    let mut shop = Shop::with(SMALL, Retention::default());
    shop.visit(0..4, 80);
    let first = shop.export(Format::Csv);
    // The visits of the last day go on.
    shop.visit(0..6, 80);
    let second = shop.export(Format::Csv);
    let mut copy = Shop::with(SMALL, Retention::default());
    copy.import(&first, Format::Csv, day(3)).unwrap();
    let imported = copy.import(&second, Format::Csv, day(5)).unwrap();
    assert!(imported.new > 0 && imported.changed > 0 && imported.same > 0, "{imported:?}");
    let periods = [(0, 6), (2, 4)];
    assert_alike(&copy.reports(&periods), &shop.reports(&periods));
}

pub(crate) fn text(bytes_max: usize) -> impl Strategy<Value = String> {
    let any = "[\\PC\"',;=\\\\]{1,40}".prop_filter("blank", |text| !text.trim().is_empty());
    let any = any.prop_filter("control", |text| !text.chars().any(char::is_control));
    any.prop_map(move |text| {
        let end = (0..=bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text[..end.unwrap()].to_owned()
    })
    .prop_filter("blank", |text| !text.trim().is_empty())
}

fn metric() -> impl Strategy<Value = Metric> {
    let value = prop_oneof![Just(0.0), 0.0..100.0, Just(100.0), Just(2312.4)];
    (sample::select(&MetricName::ALL), value).prop_flat_map(|(name, value)| {
        let numbers = sample::subsequence(name.number_fields(), 0..=name.number_fields().len());
        let texts = sample::subsequence(name.text_fields(), 0..=name.text_fields().len());
        let values = collection::vec(-2.592e9..2.592e9, 10);
        let words = collection::vec(text(1024), 8);
        (numbers, texts, values, words).prop_map(move |(numbers, texts, values, words)| Metric {
            name,
            value: if name == MetricName::Cls { f64::min(value, 100.0) } else { value },
            attribution: Attribution {
                numbers: numbers.into_iter().zip(values).collect(),
                texts: texts.into_iter().zip(words).collect(),
            },
        })
    })
}

fn any_beacon() -> impl Strategy<Value = Beacon> {
    let ids = (0_u128..12, 0_u32..3, option::of(any::<u128>()), 0_u32..90_000_000);
    let texts = (
        option::of(Just("https://shop.example/a b/\u{e9}".to_owned())),
        option::of(text(256)),
        option::of(text(64)),
    );
    let words = (
        option::of(sample::select(NavigationType::ALL)),
        option::of(sample::select(FormFactor::ALL)),
        option::of(sample::select(Connection::ALL)),
        prop_oneof![Just(1.0_f32), 0.000_001_f32..1.0],
    );
    let sections = (
        renders(),
        long_frames(),
        measures(),
        resources(),
        memory(),
        errors(),
        requests(),
        profile(),
        timeline(),
    );
    let measured = (collection::vec(metric(), 0..4), sections);
    (ids, texts, words, measured).prop_map(|(ids, texts, words, (metrics, sections))| {
        let mut seen = std::collections::BTreeSet::new();
        Beacon {
            sequence: ids.1,
            session: ids.2.map(|session| Id(session.to_le_bytes())),
            age_ms: Some(ids.3),
            url: texts.0,
            route: texts.1,
            release: texts.2,
            navigation_type: words.0,
            form_factor: words.1,
            connection: words.2,
            sample_rate: words.3,
            metrics: metrics.into_iter().filter(|metric| seen.insert(metric.name)).collect(),
            renders: sections.0,
            long_frames: sections.1,
            measures: sections.2,
            resources: sections.3,
            memory: sections.4,
            errors: sections.5,
            requests: sections.6,
            profile: sections.7,
            timeline: sections.8,
            ..Beacon::blank("default".to_owned(), Id(ids.0.to_le_bytes()))
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn whatever_was_taken_goes_out_and_in_in_every_format(
        beacons in collection::vec(any_beacon(), 1..40)
    ) {
        let mut shop = Shop::new();
        for (days, beacons) in (0..).zip(beacons.chunks(10)) {
            shop.take(beacons.to_vec(), day(days));
        }
        let expected = shop.export(Format::Ndjson);
        for &format in FORMATS {
            let exported = shop.export(format);
            let mut copy = Shop::new();
            copy.import(&exported, format, day(5)).unwrap();
            prop_assert_eq!(copy.export(format), exported);
            let copied = copy.export(Format::Ndjson);
            prop_assert_eq!(str(&copied), str(&expected));
        }
    }
}

fn str(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
