//! What is refused says where and why, and leaves nothing behind.

use super::shop::{Shop, day};
use ingest_server::transfer::Format;
use serde_json::{Value, json};

const DAYS: i64 = 2;

fn lines(shop: &mut Shop) -> Vec<Value> {
    let exported = shop.export(Format::Ndjson);
    let lines = exported.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn ndjson(lines: &[Value]) -> Vec<u8> {
    let lines = lines.iter().map(Value::to_string).collect::<Vec<_>>();
    lines.join("\n").into_bytes()
}

fn refused(shop: &mut Shop, bytes: &[u8], format: Format) -> String {
    format!("{:#}", shop.import(bytes, format, day(DAYS)).unwrap_err())
}

/// What a component did in so many commits.
fn render(count: u32) -> Value {
    json!({ "components": [{
        "id": "TripList", "phase": "mount", "count": count, "actual_us": 3, "base_us": 3, "max_us": 3,
        "slow_count": 0, "full_count": 0, "bins": []
    }] })
}

#[test]
fn renders_of_a_beacon_that_is_later_than_the_latest_one_are_refused() {
    let mut shop = Shop::new();
    shop.visit(0..DAYS, 20);
    let mut lines = lines(&mut shop);
    lines[0]["renders"] = render(1);
    lines[0]["renders_sequence"] = json!(9);
    let error = refused(&mut Shop::new(), &ndjson(&lines), Format::Ndjson);
    assert!(error.contains("renders_sequence: is over"), "{error}");
}

#[test]
fn every_field_of_a_page_view_is_checked_as_a_beacon_is() {
    let mut shop = Shop::new();
    shop.visit(0..DAYS, 20);
    let good = lines(&mut shop);
    let index = good.iter().position(|line| line["lcp_attribution"].is_object()).unwrap();
    let mut copy = Shop::new();
    for (field, value, says) in [
        ("key", json!(null), "key: is not there"),
        ("key", json!("12"), "key: is not 16 hexadecimal digits"),
        ("session_key", json!("+0000000"), "session_key: is not 8 hexadecimal digits"),
        ("sequence", json!(-1), "sequence: is -1; it is 0 to 4294967295"),
        ("sequence", json!(0.5), "sequence: is no whole number"),
        ("arrived_on", json!("2026-02-30"), "arrived_on: is no date"),
        ("arrived_on", json!("2027-01-01"), "arrived_on: lies in the future"),
        ("started_at", json!("yesterday"), "started_at: is no RFC 3339 time"),
        ("started_at", json!("2026-01-20T00:00:00Z"), "started_at: lies more than a minute after"),
        ("started_at", json!("1969-12-31T23:59:59Z"), "started_at: lies before 1970"),
        ("url", json!("ftp://shop.example"), "url: url is no address that starts with http"),
        ("url", json!("x".repeat(2049)), "url: url has 2049 bytes, at most 2048 are taken"),
        ("route", json!(" "), "route: route is empty"),
        ("release", json!("a\nb"), "release: release has control characters"),
        ("browser", json!("x".repeat(65)), "browser has 65 bytes, at most 64"),
        ("navigation_type", json!("walk"), "navigation_type: is none of navigate, reload"),
        ("country", json!("de"), "country: is no country"),
        ("is_bot", json!("true"), "is_bot: is neither true nor false"),
        ("sample_rate", json!(1.5), "sample_rate: sample_rate is 1.5"),
        ("lcp_ms", json!(600_000.001), "lcp_ms: LCP is 600000.001 ms; it is 0 to 600000 ms"),
        ("lcp_ms", json!(null), "lcp_attribution: is there without lcp_ms"),
        ("cls", json!(101), "cls: CLS is 101; it is 0 to 100"),
        ("lcp_sequence", json!(9), "lcp_sequence: is over"),
        ("lcp_attribution", json!(1), "lcp_attribution: is neither an object nor a list"),
        ("lcp_attribution", json!({ "target": 1 }), "lcp_attribution: invalid type"),
        ("lcp_attribution", json!({ "target": "\t" }), "lcp_attribution.target is empty"),
        (
            "lcp_attribution",
            json!({ "timeToFirstByte": 3e9 }),
            "lcp_attribution.timeToFirstByte is",
        ),
        ("renders", json!("none"), "renders: is neither an object nor a list"),
        ("renders", json!({ "dropped": 1 }), "renders: missing field `components`"),
        ("renders", render(0), "renders.components[0].count is 0"),
        ("renders_sequence", json!(0), "renders_sequence: is there without renders"),
        ("long_frames", json!({}), "long_frames: missing field `frames`"),
        (
            "measures",
            json!({ "names": [{ "kind": "mark", "name": "", "durations": {
            "count": 1, "total_us": 1, "max_us": 1, "bins": [] } }] }),
            "measures.names[0].name is empty",
        ),
        ("resources", json!({ "kinds": [], "files": 1 }), "resources: invalid type"),
        ("resources_sequence", json!(0), "resources_sequence: is there without resources"),
        ("id", json!(1), "id: is a field that nobody knows"),
    ] {
        let mut lines = good.clone();
        lines[index][field] = value;
        let error = refused(&mut copy, &ndjson(&lines), Format::Ndjson);
        assert!(error.contains(says), "{field}: {error}");
        assert!(
            error.contains(&format!("line {}, ", index + 1)) || field == "arrived_on",
            "{error}"
        );
        assert!(error.starts_with("0 page views were imported"), "{error}");
    }
    assert_eq!(copy.count("SELECT count(*) FROM page_views"), 0);
}

#[test]
fn the_batches_before_a_broken_line_are_imported_and_nothing_after_them() {
    let mut shop = Shop::new();
    shop.visit(0..DAYS, 2200);
    let mut lines = lines(&mut shop);
    lines[4200]["lcp_ms"] = json!(-1);
    let mut copy = Shop::new();
    let error = refused(&mut copy, &ndjson(&lines), Format::Ndjson);
    assert!(error.starts_with("4096 page views were imported, and nothing after them"), "{error}");
    assert!(error.contains("line 4201, lcp_ms: LCP is -1 ms"), "{error}");
    assert_eq!(copy.count("SELECT count(*) FROM page_views"), 4096);
    lines[4200].as_object_mut().unwrap().retain(|field, _| !field.starts_with("lcp"));
    let imported = copy.import(&ndjson(&lines), Format::Ndjson, day(DAYS)).unwrap();
    assert_eq!((imported.same, imported.new), (4096, lines.len() as u64 - 4096));
}

#[test]
fn a_page_view_is_not_taken_from_another_site() {
    let mut shop = Shop::new();
    shop.visit(0..DAYS, 20);
    let exported = shop.export_of("other", Format::Csv);
    let error = refused(&mut shop, &exported, Format::Csv);
    assert!(error.contains("line 2, key: is that of a page view of another site"), "{error}");
}

#[test]
fn lines_that_are_none_are_named() {
    let mut copy = Shop::new();
    let long = [b"[".repeat(4 << 20), b"\n".to_vec()].concat();
    for (bytes, says) in [
        (&b"\n{]\n"[..], "line 2, row: is no JSON object"),
        (b"[]", "line 1, row: is no JSON object"),
        (&long, "line 1, row: has more than 4194304 bytes"),
        (b"\xff\n", "line 1, row: is no JSON object"),
    ] {
        let error = refused(&mut copy, bytes, Format::Ndjson);
        assert!(error.contains(says), "{error}");
    }
    let unclosed = [b"key,url\n\"".to_vec(), b"x".repeat(5 << 20)].concat();
    for (bytes, says) in [
        (&b"key,lcp\n"[..], "line 1, lcp: is a column that nobody knows"),
        (b"key,key\n", "line 1, key: is there twice"),
        (b"key,url\n1\n", "line 2, row: has 1 fields, the first line 2"),
        (b"key,url\n\xff,\n", "line 2, key: is no UTF-8"),
        (b"url\n\"https://a.example/\"\n", "line 2, key: is not there"),
        (&unclosed, "the row has more than 4194304 bytes"),
    ] {
        let error = refused(&mut copy, bytes, Format::Csv);
        assert!(error.contains(says), "{error}");
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_file_that_is_no_parquet_or_is_damaged_is_an_error() {
    for bytes in [&b""[..], b"PAR1", b"key,url\n"] {
        let error = refused(&mut Shop::new(), bytes, Format::Parquet);
        assert!(error.contains("is no Parquet file"), "{error}");
    }
    let mut shop = Shop::new();
    shop.visit(0..DAYS, 20);
    let exported = shop.export(Format::Parquet);
    let mut copy = Shop::new();
    // Before its length, the file ends with what says where everything is.
    let length = exported.last_chunk::<8>().unwrap();
    let length = u32::from_le_bytes(length[..4].try_into().unwrap()) as usize;
    let described = exported.len() - 8 - length..exported.len();
    for place in (0..described.start).step_by(described.start / 60).chain(described.step_by(7)) {
        let mut damaged = exported.clone();
        damaged[place] ^= 0x55;
        // Some bytes are of no consequence.
        let _ = copy.import(&damaged, Format::Parquet, day(DAYS));
    }
}

#[test]
fn histograms_that_cannot_be_are_refused_all() {
    let mut shop = Shop::with(
        ingest_server::store::sqlite::RollUpLimits::default(),
        ingest_server::store::sqlite::Retention { page_view_days: 1, histogram_days: 397 },
    );
    shop.visit(0..4, 40);
    shop.prune(day(4));
    let exported = shop.export_histograms(Format::Ndjson, day(4));
    let text = String::from_utf8(exported).unwrap();
    let good = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let mut copy = Shop::new();
    for (field, value, says) in [
        ("dimension", json!("visitor"), "dimension: is none of site, route_on_others"),
        ("host", json!("shop.example"), "host: is for routes only"),
        ("hours", json!(2), "hours: is neither 1 nor 24"),
        ("began_at", json!("2026-01-01T00:30:00Z"), "began_at: is no full hour"),
        ("page_views", json!(-1), "page_views: is not 0 to"),
        ("unmeasured", json!(1_000_000), "unmeasured: is more than page_views"),
        ("cls_good", json!(1_000_000), "cls_bins: and zeros are"),
        ("cls_bins", json!([[2, 0]]), "cls_bins: has a count that is not 1 to"),
        ("cls_bins", json!([[2]]), "cls_bins: invalid length"),
    ] {
        let mut lines = good.clone();
        lines[0][field] = value;
        let error = copy.import_histograms(&ndjson(&lines), Format::Ndjson, day(4)).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains(says), "{error}");
        assert!(error.starts_with("no histograms were imported: line 1, "), "{error}");
    }
    let twice = ndjson(&[good[0].clone(), good[0].clone()]);
    let error = copy.import_histograms(&twice, Format::Ndjson, day(4)).unwrap_err();
    assert!(format!("{error:#}").contains("line 2, row: is there twice"), "{error:#}");
    assert_eq!(copy.count("SELECT count(*) FROM histograms"), 0);
    copy.import_histograms(&ndjson(&good), Format::Ndjson, day(4)).unwrap();
}
