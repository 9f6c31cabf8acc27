//! What holds for every beacon and for every sequence of bytes.

use beacon::{
    Attribution, Beacon, Chain, Connection, DURATION_BINS, DecodeError, Durations, ErrorKind,
    Errors, FormFactor, FrameScript, Id, InvokerType, Load, LongFrames, Measure, MeasureKind,
    Measures, Memory, MemorySource, Metric, MetricName, NavigationType, NumberField, PageError,
    Profile, ProfiledFunction, ProfiledStack, Render, RenderPhase, Renders, Request, Requests,
    Resource, ResourceKind, Resources, ResourcesOfKind, ServerTiming, StackFrame, TextField,
    TimeSpan, Timeline, Weight, decode, decode_bare, duration_bin, encode, limits,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

fn metric() -> impl Strategy<Value = Metric> {
    let number = (select(NumberField::ALL), any::<i32>())
        .prop_map(|(field, steps)| (field, f64::from(steps) / field.steps_per_unit()));
    let attribution = (vec(number, 0..4), vec((select(TextField::ALL), ".{0,80}"), 0..4))
        .prop_map(|(numbers, texts)| Attribution { numbers, texts });
    (select(MetricName::ALL.to_vec()), any::<u32>(), attribution).prop_map(
        |(name, steps, attribution)| Metric {
            name,
            value: f64::from(steps) / name.steps_per_unit(),
            attribution,
        },
    )
}

fn renders() -> impl Strategy<Value = Renders> {
    let counts =
        (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>());
    let bins = vec((any::<i16>(), any::<u32>()), 0..4);
    let render = (".{0,80}", select(RenderPhase::ALL), counts, bins).prop_map(
        |(id, phase, (count, actual_us, base_us, max_us, slow_count, full_count), bins)| Render {
            id,
            phase,
            count,
            actual_us,
            base_us,
            max_us,
            slow_count,
            full_count,
            bins,
        },
    );
    (vec(render, 0..3), 0_u32..3).prop_map(|(components, dropped)| Renders { components, dropped })
}

fn durations() -> impl Strategy<Value = Durations> {
    let bins = vec((any::<i16>(), any::<u32>()), 0..4);
    (any::<[u32; 3]>(), bins).prop_map(|([count, total_us, max_us], bins)| Durations {
        count,
        total_us,
        max_us,
        bins,
    })
}

fn long_frames() -> impl Strategy<Value = LongFrames> {
    let script = (any::<[u32; 5]>(), ".{0,80}", ".{0,40}", ".{0,40}", select(InvokerType::ALL))
        .prop_map(|(numbers, source, function, invoker, invoker_type)| {
            let [count, total_us, blocking_us, forced_us, slow_interactions] = numbers;
            FrameScript {
                source,
                function,
                invoker,
                invoker_type,
                count,
                total_us,
                blocking_us,
                forced_us,
                slow_interactions,
            }
        });
    (durations(), any::<[u32; 3]>(), vec(script, 0..3)).prop_map(
        |(frames, [blocking_us, slow_interactions, dropped], scripts)| LongFrames {
            frames,
            blocking_us,
            slow_interactions,
            scripts,
            dropped,
        },
    )
}

fn measures() -> impl Strategy<Value = Measures> {
    let measure = (select(MeasureKind::ALL), ".{0,80}", durations())
        .prop_map(|(kind, name, durations)| Measure { kind, name, durations });
    (vec(measure, 0..3), any::<u32>()).prop_map(|(names, dropped)| Measures { names, dropped })
}

fn resources() -> impl Strategy<Value = Resources> {
    let weight = any::<[u32; 7]>().prop_map(|[count, cached_count, opaque_count, rest @ ..]| {
        let [blocking_count, transfer_bytes, encoded_bytes, decoded_bytes] = rest;
        Weight {
            count,
            cached_count,
            opaque_count,
            blocking_count,
            transfer_bytes,
            encoded_bytes,
            decoded_bytes,
        }
    });
    let of_kind = (select(ResourceKind::ALL), weight.clone())
        .prop_map(|(kind, weight)| ResourcesOfKind { kind, weight });
    let file = (".{0,80}", select(ResourceKind::ALL), ".{0,8}", weight, durations()).prop_map(
        |(url, kind, protocol, weight, durations)| Resource {
            url,
            kind,
            protocol,
            weight,
            durations,
        },
    );
    (vec(of_kind, 0..3), vec(file, 0..3), any::<u32>())
        .prop_map(|(kinds, files, dropped)| Resources { kinds, files, dropped })
}

fn memory() -> impl Strategy<Value = Memory> {
    (select(MemorySource::ALL), any::<[u64; 3]>(), any::<[u32; 3]>()).prop_map(
        |(source, [first_bytes, last_bytes, max_bytes], [samples, first_ms, last_ms])| Memory {
            source,
            samples,
            first_bytes,
            last_bytes,
            max_bytes,
            first_ms,
            last_ms,
        },
    )
}

fn errors() -> impl Strategy<Value = Errors> {
    let frame = (".{0,40}", ".{0,80}", any::<u32>(), any::<u32>())
        .prop_map(|(function, source, line, column)| StackFrame { function, source, line, column });
    let error = (select(ErrorKind::ALL), ".{0,80}", vec(frame, 0..3), any::<[u32; 2]>()).prop_map(
        |(kind, message, stack, [count, first_ms])| PageError {
            kind,
            message,
            stack,
            count,
            first_ms,
        },
    );
    (vec(error, 0..3), any::<u32>()).prop_map(|(errors, dropped)| Errors { errors, dropped })
}

fn requests() -> impl Strategy<Value = Requests> {
    let timing =
        (".{0,20}", durations()).prop_map(|(name, durations)| ServerTiming { name, durations });
    let url =
        (".{0,80}", any::<u32>(), durations(), durations(), vec(timing, 0..3), "[0-9a-f]{32}");
    let request = url.prop_map(|(url, failed_count, durations, waits, server, trace_id)| Request {
        url,
        failed_count,
        durations,
        waits,
        server,
        trace_id,
    });
    let chain = (vec(any::<u8>(), 0..4), any::<[u32; 2]>())
        .prop_map(|(urls, [total_us, longest_us])| Chain { urls, total_us, longest_us });
    (vec(request, 0..3), vec(chain, 0..3), any::<[u32; 3]>()).prop_map(
        |(urls, chains, [dropped, sequential_us, elapsed_us])| Requests {
            urls,
            dropped,
            sequential_us,
            elapsed_us,
            chains,
        },
    )
}

fn profile() -> impl Strategy<Value = Profile> {
    let function = (".{0,40}", any::<u8>(), any::<[u32; 2]>())
        .prop_map(|(name, source, [line, column])| ProfiledFunction { name, source, line, column });
    let stack = (any::<[u16; 2]>(), any::<[u32; 2]>()).prop_map(
        |([parent, function], [count, slow_count])| ProfiledStack {
            parent,
            function,
            count,
            slow_count,
        },
    );
    (vec(".{0,80}", 0..3), vec(function, 0..3), vec(stack, 0..3), any::<[u32; 2]>()).prop_map(
        |(sources, functions, stacks, [interval_us, dropped])| Profile {
            interval_us,
            sources,
            functions,
            stacks,
            dropped,
        },
    )
}

fn timeline() -> impl Strategy<Value = Timeline> {
    let span =
        || any::<[u32; 2]>().prop_map(|[start_ms, duration_ms]| TimeSpan { start_ms, duration_ms });
    let load = (select(ResourceKind::ALL), ".{0,80}", any::<[u32; 2]>())
        .prop_map(|(kind, url, [start_ms, duration_ms])| Load { kind, url, start_ms, duration_ms });
    (vec(load, 0..3), vec(span(), 0..3), any::<u32>())
        .prop_map(|(loads, long_frames, dropped)| Timeline { loads, long_frames, dropped })
}

type Sections = (LongFrames, Measures, Resources, Memory, Errors, Requests, Profile, Timeline);

/// Most beacons have none of a kind.
fn sections() -> impl Strategy<Value = Sections> {
    let long_frames = option::weighted(0.3, long_frames()).prop_map(Option::unwrap_or_default);
    let measures = option::weighted(0.3, measures()).prop_map(Option::unwrap_or_default);
    let resources = option::weighted(0.3, resources()).prop_map(Option::unwrap_or_default);
    let memory = option::weighted(0.3, memory()).prop_map(Option::unwrap_or_default);
    let errors = option::weighted(0.3, errors()).prop_map(Option::unwrap_or_default);
    let requests = option::weighted(0.3, requests()).prop_map(Option::unwrap_or_default);
    let profile = option::weighted(0.3, profile()).prop_map(Option::unwrap_or_default);
    let timeline = option::weighted(0.3, timeline()).prop_map(Option::unwrap_or_default);
    (long_frames, measures, resources, memory, errors, requests, profile, timeline)
}

fn beacon() -> impl Strategy<Value = Beacon> {
    let who = (".{0,80}", any::<[u8; 16]>(), any::<u32>(), option::of(any::<[u8; 16]>()));
    let when = (option::of(any::<u32>()), option::of(".{0,40}"));
    let place = (option::of(".{0,300}"), option::of(".{0,80}"), option::of(".{0,80}"));
    let how = (
        option::of(select(NavigationType::ALL)),
        option::of(select(FormFactor::ALL)),
        option::of(select(Connection::ALL)),
        0.0_f32..=1.0,
    );
    let metrics = vec(metric(), 0..8);
    let measured = (metrics, renders(), sections());
    (who, when, place, how, measured).prop_map(|(who, when, place, how, measured)| {
        let (metrics, renders, sections) = measured;
        Beacon {
            site: who.0,
            page_view: Id(who.1),
            sequence: who.2,
            session: who.3.map(Id),
            age_ms: when.0,
            started_at: when.1,
            url: place.0,
            route: place.1,
            release: place.2,
            navigation_type: how.0,
            form_factor: how.1,
            connection: how.2,
            sample_rate: how.3,
            metrics,
            renders,
            long_frames: sections.0,
            measures: sections.1,
            resources: sections.2,
            memory: sections.3,
            errors: sections.4,
            requests: sections.5,
            profile: sections.6,
            timeline: sections.7,
            time_zone: None,
        }
    })
}

proptest! {
    #[test]
    fn a_beacon_is_read_back_from_its_bytes(beacon in beacon()) {
        prop_assert_eq!(decode(&encode(&beacon)), Ok(vec![beacon]));
    }

    #[test]
    fn a_beacon_is_read_back_from_its_json(beacon in beacon(), time_zone in option::of(".{0,80}")) {
        let beacon = Beacon { time_zone, ..beacon };
        let json = serde_json::to_vec(&[&beacon]).unwrap();
        prop_assert_eq!(decode(&json), Ok(vec![beacon]));
    }

    #[test]
    fn a_duration_lies_in_its_bin(ms in 0.01_f64..600_000.0) {
        let bin = f64::from(duration_bin(ms).unwrap());
        let bounds = [bin, bin + 1.0].map(|bin| 1000.0 * (bin / 8.0).exp2());
        prop_assert!(bounds[0] * 0.999_999 < ms && ms <= bounds[1] * 1.000_001);
    }

    #[test]
    fn every_duration_has_a_bin_that_is_taken_or_none(ms: f64) {
        prop_assert!(duration_bin(ms).is_none_or(|bin| DURATION_BINS.contains(&bin)));
        prop_assert_eq!(duration_bin(0.005), None);
        prop_assert_eq!(duration_bin(f64::INFINITY), Some(DURATION_BINS.end - 1));
    }

    #[test]
    fn any_bytes_are_a_beacon_or_an_error(bytes: Vec<u8>, first in select(&[1_u8, b'{', b'[', 0, 2, 3, 4])) {
        let _ = decode(&bytes);
        let _ = decode(&[&[first], &bytes[..]].concat());
    }

    #[test]
    fn any_bytes_are_metric_objects_or_an_error(bytes: Vec<u8>, first in select(&[b'{', b'[', b' ', 1])) {
        let _ = decode_bare(&bytes);
        let _ = decode_bare(&[&[first], &bytes[..]].concat());
    }

    #[test]
    fn a_metric_of_a_beacon_is_one_without_it(metric in metric(), id in ".{0,40}", delta: u32) {
        let json = serde_json::to_string(&metric).unwrap();
        let shown_id = serde_json::to_string(&id).unwrap();
        let json = json.replacen('{', &format!(r#"{{"id":{shown_id},"delta":{delta},"#), 1);
        let bare = decode_bare(json.as_bytes()).unwrap().remove(0);
        prop_assert_eq!(&bare.metric, &metric);
        prop_assert_eq!((bare.id, bare.delta), (Some(id), Some(f64::from(delta))));
        prop_assert_eq!(bare.navigation_type, None);
    }

    #[test]
    fn a_truncated_beacon_is_an_error(beacon in beacon(), share in 0.0_f64..1.0) {
        let bytes = encode(&beacon);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let cut = (bytes.len() as f64 * share) as usize;
        prop_assert!(decode(&bytes[..cut]).is_err());
    }

    #[test]
    fn a_beacon_with_bytes_behind_it_is_an_error(beacon in beacon(), more in 1_usize..20) {
        let mut bytes = encode(&beacon);
        bytes.resize(bytes.len() + more, 0);
        prop_assert_eq!(decode(&bytes), Err(DecodeError::Binary));
    }

    #[test]
    fn the_rounding_of_a_value_cannot_be_seen(name in select(MetricName::ALL.to_vec()), value in 0.0_f64..4_000.0) {
        let mut beacon = decode(br#"{"site":"a","page_view":"00000000000000000000000000000000","metrics":[]}"#).unwrap();
        beacon[0].metrics.push(Metric::new(name, value));
        let read = decode(&encode(&beacon[0])).unwrap()[0].metrics[0].value;
        prop_assert!((read - value).abs() <= 0.5 / name.steps_per_unit() + 1e-9);
    }
}

#[test]
fn a_length_that_lies_is_an_error_and_reserves_no_memory() {
    let mut bytes = vec![1];
    bytes.extend([0xff; 9]);
    bytes.push(1);
    assert_eq!(decode(&bytes), Err(DecodeError::Binary));
}

#[test]
fn an_error_in_json_names_the_field() {
    let json = br#"[{"site":"a","page_view":"00000000000000000000000000000000",
        "metrics":[{"name":"LCP","value":1},{"name":"SPEED","value":2}]}]"#;
    let Err(DecodeError::Json { field, problem }) = decode(json) else { panic!("it decoded") };
    assert_eq!(field, "[0].metrics[1].name");
    assert!(problem.contains("SPEED") && problem.contains("TTFB"), "{problem}");
}

#[test]
fn a_navigation_type_of_an_early_web_vitals_is_known_and_a_foreign_one_is_named() {
    let json = |word| format!(r#"[{{"name":"FCP","value":1,"navigationType":"{word}"}}]"#);
    let early = decode_bare(json("back_forward_cache").as_bytes()).unwrap();
    assert_eq!(early[0].navigation_type, Some(NavigationType::BackForwardCache));
    let error = decode_bare(json("walk").as_bytes()).unwrap_err();
    let DecodeError::Json { field, problem } = error else { panic!("{error}") };
    assert_eq!(field, "[0].navigationType");
    assert!(problem.contains("walk") && problem.contains("soft-navigation"), "{problem}");
}

#[test]
fn nesting_is_bounded() {
    let json = "[".repeat(limits::BODY_BYTES_MAX);
    assert!(matches!(decode(json.as_bytes()), Err(DecodeError::Json { .. })));
    assert!(matches!(decode_bare(json.as_bytes()), Err(DecodeError::Json { .. })));
    let field = format!(r#"{{"site":"a","x":{}"#, "[".repeat(10_000));
    assert!(matches!(decode(field.as_bytes()), Err(DecodeError::Json { .. })));
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(decode(b""), Err(DecodeError::Empty));
    assert_eq!(decode(b"[]"), Err(DecodeError::Empty));
    assert_eq!(decode_bare(b"[]"), Err(DecodeError::Empty));
    assert_eq!(decode_bare(b" "), Err(DecodeError::Empty));
    let bytes = limits::BODY_BYTES_MAX + 1;
    assert_eq!(decode(&vec![1; bytes]), Err(DecodeError::TooLarge { bytes }));
    assert_eq!(decode_bare(&vec![b' '; bytes]), Err(DecodeError::TooLarge { bytes }));
    let one = r#"{"site":"a","page_view":"00000000000000000000000000000000","metrics":[]}"#;
    let many = format!("[{}]", vec![one; limits::BEACONS_MAX + 1].join(","));
    assert_eq!(
        decode(many.as_bytes()),
        Err(DecodeError::TooMany { beacons: limits::BEACONS_MAX + 1 })
    );
    let bare = vec![r#"{"name":"LCP","value":1}"#; limits::BEACONS_MAX + 1].join(",");
    assert_eq!(
        decode_bare(format!("[{bare}]").as_bytes()),
        Err(DecodeError::TooMany { beacons: limits::BEACONS_MAX + 1 })
    );
}

#[test]
fn an_unknown_version_is_named() {
    let error = decode(&[200, 1, 2]).unwrap_err();
    assert_eq!(error, DecodeError::UnknownVersion(200));
    assert!(error.to_string().contains("200"));
}
