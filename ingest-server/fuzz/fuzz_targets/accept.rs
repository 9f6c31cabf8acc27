//! Any request: what is accepted keeps the limits that are promised.

#![no_main]

mod request;

use beacon::{MetricName, limits};
use ingest_server::{ingest::PageView, store::sqlite::Sites};
use jiff::{SignedDuration, Timestamp};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// Those that the seeds name.
static SITES: LazyLock<Sites> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is room");
    request::database(folder.path()).sites().expect("a new one can be read")
});

fuzz_target!(|request: &[u8]| {
    for page_view in request::page_views(request, &SITES).unwrap_or_default() {
        check(&page_view);
    }
});

fn check(page_view: &PageView) {
    let short = |text: &Option<String>, bytes_max| {
        assert!(text.as_ref().is_none_or(|text| (1..=bytes_max).contains(&text.len())), "{text:?}");
    };
    short(&page_view.url, limits::URL_BYTES_MAX);
    short(&page_view.route, limits::ROUTE_BYTES_MAX);
    short(&page_view.release, limits::RELEASE_BYTES_MAX);
    if let Some(url) = &page_view.url {
        assert!(url.starts_with("http://") || url.starts_with("https://"), "{url}");
        assert!(!url.contains(['?', '#']), "{url}");
    }
    assert!(page_view.sample_rate > 0.0 && page_view.sample_rate <= 1.0);
    let now = request::NOW.parse::<Timestamp>().expect("a time");
    let age = now.duration_since(page_view.started_at);
    assert!(age >= SignedDuration::from_secs(-60), "{age}");
    assert!(age <= SignedDuration::from_millis(limits::AGE_MS_MAX.into()), "{age}");
    for name in MetricName::ALL {
        let Some(measured) = page_view.measurements.get(name) else { continue };
        let attribution = &measured.attribution;
        assert!(attribution.texts.iter().all(|(_, text)| text.len() <= limits::URL_BYTES_MAX));
        assert!(attribution.numbers.iter().all(|(_, number)| number.is_finite()));
    }
}
