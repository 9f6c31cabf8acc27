//! Bytes of released versions, written once and read for ever. Without the file the test writes it
//! and fails, so that a new version's file is committed on purpose; an existing file is never
//! overwritten.

use beacon::{
    Beacon, Connection, FormFactor, Id, Metric, MetricName, NavigationType, decode, encode,
};
use std::{fs, path::PathBuf};

fn full() -> Beacon {
    let metrics = [
        (MetricName::Cls, 0.021_345),
        (MetricName::Fcp, 812.3),
        (MetricName::Inp, 312.0),
        (MetricName::Lcp, 2312.4),
        (MetricName::Ttfb, 120.1),
        (MetricName::Fid, 3.2),
    ];
    Beacon {
        site: "shop".to_owned(),
        page_view: Id([0x5f; 16]),
        sequence: 300,
        session: Some(Id([0xa1; 16])),
        age_ms: Some(61_000),
        started_at: None,
        url: Some("https://shop.example/product/42".to_owned()),
        route: Some("/product/:id".to_owned()),
        release: Some("1.4.2".to_owned()),
        navigation_type: Some(NavigationType::BackForwardCache),
        form_factor: Some(FormFactor::Tablet),
        connection: Some(Connection::FourG),
        sample_rate: 0.25,
        metrics: metrics.map(|(name, value)| Metric { name, value }).to_vec(),
    }
}

fn smallest() -> Beacon {
    Beacon {
        site: "default".to_owned(),
        page_view: Id([0; 16]),
        sequence: 0,
        session: None,
        age_ms: None,
        started_at: Some("2026-11-23T08:00:00Z".to_owned()),
        url: None,
        route: None,
        release: None,
        navigation_type: None,
        form_factor: None,
        connection: None,
        sample_rate: 1.0,
        metrics: vec![Metric { name: MetricName::Cls, value: 0.0 }],
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn golden(name: &str, beacon: &Beacon) {
    let path = path(name);
    let Ok(bytes) = fs::read(&path) else {
        fs::write(&path, encode(beacon)).expect("the golden folder can be written");
        panic!("{} did not exist and was written: look at it and commit it", path.display());
    };
    assert_eq!(decode(&bytes).as_deref(), Ok(std::slice::from_ref(beacon)), "{name} reads as ever");
    assert_eq!(encode(beacon), bytes, "version 1 is still written as ever");
}

#[test]
fn version_1_with_every_field_is_read_and_written_as_ever() {
    golden("v1_full.bin", &full());
}

#[test]
fn version_1_with_the_required_fields_only_is_read_and_written_as_ever() {
    golden("v1_smallest.bin", &smallest());
}

#[test]
fn json_of_the_contract_is_the_same_beacon() {
    let json = fs::read(path("v1_full.json")).unwrap();
    assert_eq!(decode(&json), Ok(vec![full()]));
}
