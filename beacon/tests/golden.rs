//! Bytes of released versions, written once and read for ever. Without the file the test writes it
//! and fails, so that a new version's file is committed on purpose; an existing file is never
//! overwritten.

use beacon::{
    Attribution, Beacon, Chain, Connection, DecodeError, Durations, ErrorKind, Errors, FormFactor,
    FrameScript, Id, InvokerType, Load, LongFrames, Measure, MeasureKind, Measures, Memory,
    MemorySource, Metric, MetricName, NavigationType, NumberField, PageError, Profile,
    ProfiledFunction, ProfiledStack, Render, RenderPhase, Renders, Request, Requests, Resource,
    ResourceKind, Resources, ResourcesOfKind, ServerTiming, StackFrame, TextField, TimeSpan,
    Timeline, Weight, decode, encode, limits,
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
        sequence: 300,
        session: Some(Id([0xa1; 16])),
        age_ms: Some(61_000),
        url: Some("https://shop.example/product/42".to_owned()),
        route: Some("/product/:id".to_owned()),
        release: Some("1.4.2".to_owned()),
        navigation_type: Some(NavigationType::BackForwardCache),
        form_factor: Some(FormFactor::Tablet),
        connection: Some(Connection::FourG),
        sample_rate: 0.25,
        metrics: metrics.map(|(name, value)| Metric::new(name, value)).to_vec(),
        ..Beacon::blank("shop".to_owned(), Id([0x5f; 16]))
    }
}

fn smallest() -> Beacon {
    Beacon {
        started_at: Some("2026-11-23T08:00:00Z".to_owned()),
        metrics: vec![Metric::new(MetricName::Cls, 0.0)],
        ..Beacon::blank("default".to_owned(), Id([0; 16]))
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// The full one, with every field of an attribution at its first metric.
fn explained() -> Beacon {
    let numbers = NumberField::ALL.iter().zip(1_u8..);
    let texts = TextField::ALL.iter();
    let attribution = Attribution {
        numbers: numbers.map(|(field, n)| (*field, f64::from(n) / 4.0 - 1.0)).collect(),
        texts: texts.map(|field| (*field, field.as_str().to_owned())).collect(),
    };
    let mut beacon = full();
    beacon.metrics[0].attribution = attribution;
    beacon
}

fn is_read(name: &str, beacon: &Beacon) -> Vec<u8> {
    let path = path(name);
    let Ok(bytes) = fs::read(&path) else {
        fs::write(&path, encode(beacon)).expect("the golden folder can be written");
        panic!("{} did not exist and was written: look at it and commit it", path.display());
    };
    assert_eq!(decode(&bytes).as_deref(), Ok(std::slice::from_ref(beacon)), "{name} reads as ever");
    bytes
}

#[test]
fn version_1_is_read_as_ever() {
    is_read("v1_full.bin", &full());
    is_read("v1_smallest.bin", &smallest());
}

#[test]
fn version_2_is_read_and_written_as_ever() {
    for (name, beacon) in [("v2_full.bin", explained()), ("v2_smallest.bin", smallest())] {
        assert_eq!(encode(&beacon), is_read(name, &beacon), "{name} is written as ever");
    }
}

/// The explained one, with what two components did.
fn rendered() -> Beacon {
    let render = Render {
        id: "TripList".to_owned(),
        phase: RenderPhase::Mount,
        count: 1,
        actual_us: 21_300,
        base_us: 21_300,
        max_us: 21_300,
        slow_count: 1,
        full_count: 1,
        bins: vec![(-45, 1)],
    };
    let update = Render {
        phase: RenderPhase::NestedUpdate,
        count: 300,
        bins: vec![(-62, 17), (8, 200)],
        ..render.clone()
    };
    Beacon { renders: Renders { components: vec![render, update], dropped: 7 }, ..explained() }
}

#[test]
fn version_3_is_read_and_written_as_ever() {
    let beacon = rendered();
    assert_eq!(encode(&beacon), is_read("v3_full.bin", &beacon));
    let json = serde_json::to_vec(&beacon).unwrap();
    assert_eq!(decode(&json), Ok(vec![beacon]));
}

/// What a page's scripts did: a function that called itself.
fn profile() -> Profile {
    Profile {
        interval_us: 10_000,
        sources: vec!["https://shop.example/assets/search-BkZ3a9xQ.js".to_owned()],
        functions: vec![ProfiledFunction {
            name: "slowFilter".to_owned(),
            source: 1,
            line: 1,
            column: 90_210,
        }],
        stacks: vec![
            ProfiledStack { parent: 0, function: 0, count: 3, slow_count: 0 },
            ProfiledStack { parent: 1, function: 0, count: 300, slow_count: 120 },
        ],
        dropped: 4,
    }
}

/// The smallest one, with every section.
fn sectioned() -> Beacon {
    let durations =
        Durations { count: 3, total_us: 412_000, max_us: 180_000, bins: vec![(-26, 1), (-20, 2)] };
    let script = FrameScript {
        source: "https://shop.example/assets/search.js".to_owned(),
        function: "slowFilter".to_owned(),
        invoker: "BUTTON#apply.onclick".to_owned(),
        invoker_type: InvokerType::EventListener,
        count: 2,
        total_us: 300_000,
        blocking_us: 200_000,
        forced_us: 1000,
        slow_interactions: 1,
    };
    let weight = Weight {
        count: 2,
        cached_count: 1,
        opaque_count: 0,
        blocking_count: 1,
        transfer_bytes: 90_300,
        encoded_bytes: 180_000,
        decoded_bytes: 900_000,
    };
    let measure = Measure {
        kind: MeasureKind::Measure,
        name: "checkout".to_owned(),
        durations: durations.clone(),
    };
    let resource = Resource {
        url: "https://shop.example/assets/search-*.js".to_owned(),
        kind: ResourceKind::Script,
        protocol: "h2".to_owned(),
        weight,
        durations: durations.clone(),
    };
    let error = PageError {
        kind: ErrorKind::UnhandledRejection,
        message: "TypeError: a is undefined".to_owned(),
        stack: vec![StackFrame {
            function: "apply".to_owned(),
            source: "https://shop.example/assets/search-BkZ3a9xQ.js".to_owned(),
            line: 1,
            column: 90_210,
        }],
        count: 3,
        first_ms: 4200,
    };
    let server = vec![ServerTiming { name: "db".to_owned(), durations: durations.clone() }];
    let request = Request {
        url: "https://shop.example/api/trips/:id".to_owned(),
        failed_count: 1,
        durations: durations.clone(),
        waits: durations.clone(),
        server,
        trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
    };
    Beacon {
        profile: profile(),
        memory: Memory {
            source: MemorySource::Page,
            samples: 7,
            first_bytes: 12_000_000,
            last_bytes: 31_000_000,
            max_bytes: 33_000_000,
            first_ms: 2100,
            last_ms: 62_000,
        },
        errors: Errors { errors: vec![error], dropped: 2 },
        requests: Requests {
            urls: vec![request],
            dropped: 1,
            sequential_us: 900_000,
            elapsed_us: 700_000,
            chains: vec![Chain { urls: vec![0, 0], total_us: 410_000, longest_us: 220_000 }],
        },
        long_frames: LongFrames {
            frames: durations,
            blocking_us: 262_000,
            slow_interactions: 1,
            scripts: vec![script],
            dropped: 7,
        },
        measures: Measures { names: vec![measure], dropped: 8 },
        resources: Resources {
            kinds: vec![ResourcesOfKind { kind: ResourceKind::Script, weight }],
            files: vec![resource],
            dropped: 9,
        },
        ..smallest()
    }
}

#[test]
fn version_4_is_read_and_written_as_ever() {
    let beacon = sectioned();
    assert_eq!(encode(&beacon), is_read("v4_full.bin", &beacon));
    let json = serde_json::to_vec(&beacon).unwrap();
    assert_eq!(decode(&json), Ok(vec![beacon]));
}

#[test]
fn the_timeline_of_version_4_is_read_and_written_as_ever() {
    let load = Load {
        kind: ResourceKind::Request,
        url: "https://shop.example/api/trips/:id".to_owned(),
        start_ms: 410,
        duration_ms: 220,
    };
    let long_frames = vec![TimeSpan { start_ms: 900, duration_ms: 160 }];
    let timeline = Timeline { loads: vec![load], long_frames, dropped: 5 };
    let beacon = Beacon { timeline, ..smallest() };
    assert_eq!(encode(&beacon), is_read("v4_timeline.bin", &beacon));
    let json = serde_json::to_vec(&beacon).unwrap();
    assert_eq!(decode(&json), Ok(vec![beacon]));
}

#[test]
fn a_profile_may_be_compressed() {
    let packed_times = |content: &[u8], times| {
        let profile = miniz_oxide::deflate::compress_to_vec(content, 6);
        let section = postcard::to_allocvec(&(9_u8, &*profile)).unwrap().repeat(times);
        let parts = postcard::to_allocvec(&(&*encode(&smallest()), &*section)).unwrap();
        decode(&[&[4], &*parts].concat())
    };
    let packed = |content: &[u8]| packed_times(content, 1);
    let beacon = Beacon { profile: profile(), ..smallest() };
    let content = postcard::to_allocvec(&beacon.profile).unwrap();
    assert_eq!(packed(&content), Ok(vec![beacon]));
    assert_eq!(packed(&[&*content, &[0]].concat()), Err(DecodeError::Binary), "it runs on");
    assert_eq!(packed_times(&content, 2), Err(DecodeError::Binary), "it is there twice");
    let bomb = vec![0; limits::BODY_BYTES_MAX + 1];
    assert_eq!(packed(&bomb), Err(DecodeError::Binary), "it is larger than a body may be");
}

#[test]
fn sections_stand_behind_a_beacon_of_an_older_version_and_newer_ones_are_skipped() {
    let within = encode(&smallest());
    let all = |within: &[u8], sections: &[u8]| {
        let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
        [&[4, length(within)], within, &[length(sections)], sections].concat()
    };
    let measures = Measures { names: Vec::new(), dropped: 5 };
    let (newer, known) = ([99, 2, 1, 1], [2, 2, 0, 5]);
    let read = decode(&all(&within, &[newer, known].concat()));
    assert_eq!(read, Ok(vec![Beacon { measures, ..smallest() }]));
    for sections in [&[2, 3, 0, 5][..], &[2, 1, 0], &[2, 3, 0, 5, 0], &[2], &[9, 1, 7]] {
        assert_eq!(decode(&all(&within, sections)), Err(DecodeError::Binary), "{sections:?}");
    }
    let in_itself = all(&all(&within, &known), &known);
    assert_eq!(decode(&in_itself), Err(DecodeError::Binary), "but not behind one of their own");
}

#[test]
fn json_of_the_contract_is_the_same_beacon() {
    let json = fs::read(path("v1_full.json")).unwrap();
    let mut beacon = full();
    beacon.metrics[3].attribution.texts = vec![(TextField::Target, "main>img.hero".to_owned())];
    assert_eq!(decode(&json), Ok(vec![beacon]));
}

#[test]
fn the_time_zone_is_in_json_only() {
    let beacon = Beacon { time_zone: Some("Europe/Berlin".to_owned()), ..smallest() };
    let json = serde_json::to_vec(&beacon).unwrap();
    assert_eq!(decode(&json), Ok(vec![beacon.clone()]));
    assert_eq!(encode(&beacon), encode(&smallest()));
}

#[test]
fn a_field_that_is_newer_than_the_reader_is_skipped() {
    let mut beacon = smallest();
    beacon.metrics[0].attribution.numbers = vec![(NumberField::TimeToFirstByte, 0.0)];
    let mut bytes = encode(&beacon);
    let field = bytes.len() - 3;
    assert_eq!(bytes[field..], [0, 0, 0], "field, value, no texts");
    bytes[field] = 99;
    assert_eq!(decode(&bytes), Ok(vec![smallest()]));
}

#[test]
fn a_whole_attribution_of_web_vitals_is_read() {
    let json = br##"{"site":"a","page_view":"00000000000000000000000000000000","metrics":[{
        "name":"INP","value":312,"rating":"needs-improvement","delta":312,"id":"v6-1-2","entries":[{}],
        "attribution":{"interactionTarget":"#buy","inputDelay":1.5,"loadState":null,
            "processedEventEntries":[{"name":"click"}],"longestScript":{"subpart":"input-delay",
            "intersectingDuration":80,"entry":{"invoker":"BUTTON#buy.onclick","duration":90}}}}]}"##;
    let attribution = decode(json).unwrap()[0].metrics[0].attribution.clone();
    assert_eq!(
        attribution.numbers,
        [(NumberField::InputDelay, 1.5), (NumberField::LongestScriptDuration, 80.0)]
    );
    let texts: Vec<_> = attribution.texts.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["#buy", "input-delay", "BUTTON#buy.onclick"]);
}
