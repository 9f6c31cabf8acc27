//! A database of page views, and what can be asked of it.

use anyhow::Result;
use beacon::{
    Attribution, Beacon, Connection, FormFactor, Id, Metric, MetricName, NavigationType,
    NumberField, TextField,
};
use ingest_server::{
    histogram::RELATIVE_ERROR,
    ingest::{AgentHeaders, EnrichConfig, Enricher, PageView, RequestFacts, SiteId, accept},
    load::Visitors,
    report::{Period, Summary, summarize},
    store::sqlite::{
        Database, Filters, Imported, Reader, Retention, RollUpLimits, Selection, Sites,
    },
    transfer::{self, Format, Input},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{fs::File, io::Write, path::PathBuf};
use tempfile::TempDir;

pub(crate) const FORMATS: &[Format] = &[
    Format::Ndjson,
    Format::Csv,
    #[cfg(feature = "parquet")]
    Format::Parquet,
];
/// Texts that a format might trip over.
pub(crate) const HOSTILE: &str = "=a,\"b\";'c' \\n {\"d\": 1} \u{2028}\u{202e}é🦀 ";

/// Days after the first one, at noon.
pub(crate) fn day(days: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * days)
}

pub(crate) struct Shop {
    pub(crate) folder: TempDir,
    pub(crate) database: Database,
    enricher: Enricher,
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self::with(RollUpLimits::default(), Retention::default())
    }

    pub(crate) fn with(roll_up: RollUpLimits, retention: Retention) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("rhumb.db")).unwrap();
        let mut database = database.with_roll_up(roll_up).with_retention(retention);
        database.put_site(&"other".parse().unwrap(), &[]).unwrap();
        Self { folder, database, enricher: Enricher::new(EnrichConfig::default()).unwrap() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("rhumb.db")
    }

    pub(crate) fn site(&self, name: &str) -> SiteId {
        self.database.sites().unwrap().get(name).unwrap().id
    }

    /// As the server would, in one transaction, and what it does after it.
    pub(crate) fn take(&mut self, beacons: impl IntoIterator<Item = Beacon>, at: Timestamp) {
        let sites = self.database.sites().unwrap();
        let page_view = |beacon| self.page_view(beacon, at, &sites);
        let page_views = beacons.into_iter().map(page_view).collect::<Vec<_>>();
        self.database.write(page_views.iter(), at).unwrap();
        self.database.roll_up(at).unwrap();
    }

    fn page_view(&self, beacon: Beacon, at: Timestamp, sites: &Sites) -> PageView {
        let user_agent = match beacon.page_view.0[0] % 8 {
            0 => Some("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
            1 => Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            _ => None,
        };
        let mut facts = RequestFacts::arrived_at(at);
        facts.is_unmeasured = beacon.metrics.is_empty();
        facts.agent = AgentHeaders { user_agent, ..AgentHeaders::default() };
        let checked = accept(beacon, &facts, sites).unwrap();
        self.enricher.enrich(checked, &facts)
    }

    /// Visits of some days, at any time before noon, some of which go on the next day.
    pub(crate) fn visit(&mut self, days: std::ops::Range<i64>, a_day: u32) {
        let mut visitors = Visitors::new("default", 1);
        let mut others = Visitors::new("other", 2);
        let mut late = Vec::new();
        for days in days {
            let mut beacons = std::mem::take(&mut late);
            for number in 0..a_day {
                let mut beacon = visitors.page_view();
                beacon.age_ms = Some(number.wrapping_mul(7_919_333) % 90_000_000);
                beacon.time_zone = (number % 3 == 0).then(|| "Europe/Berlin".to_owned());
                beacon.sample_rate = if number % 2 == 0 { 1.0 } else { 0.1 };
                if number % 5 == 0 {
                    late.push(later(&beacon, number));
                }
                if number % 11 == 0 {
                    beacon.metrics.clear();
                }
                beacons.push(beacon);
                if number % 4 == 0 {
                    beacons.push(others.page_view());
                }
            }
            beacons.push(hostile(days));
            self.take(beacons, day(days));
        }
    }

    /// As the writer does, until nothing is left to do.
    pub(crate) fn prune(&mut self, now: Timestamp) {
        (0..200).for_each(|_| self.database.prune(now).unwrap());
    }

    pub(crate) fn export(&mut self, format: Format) -> Vec<u8> {
        self.export_of("default", format)
    }

    pub(crate) fn export_of(&mut self, site: &str, format: Format) -> Vec<u8> {
        let export = self.database.export(self.site(site)).unwrap();
        let mut out = Vec::new();
        transfer::export_page_views(&mut self.database, export, format, &mut out).unwrap();
        out
    }

    pub(crate) fn export_histograms(&mut self, format: Format, now: Timestamp) -> Vec<u8> {
        let export = self.database.export(self.site("default")).unwrap();
        let mut out = Vec::new();
        transfer::export_histograms(&mut self.database, &export, now, format, &mut out).unwrap();
        out
    }

    pub(crate) fn import(
        &mut self,
        bytes: &[u8],
        format: Format,
        now: Timestamp,
    ) -> Result<Imported> {
        let (site, input) = (self.site("default"), input(bytes));
        transfer::import_page_views(&mut self.database, site, now, format, input)
    }

    pub(crate) fn import_histograms(
        &mut self,
        bytes: &[u8],
        format: Format,
        now: Timestamp,
    ) -> Result<u64> {
        let (site, input) = (self.site("default"), input(bytes));
        transfer::import_histograms(&mut self.database, site, now, format, input)
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// What the summary says of some days, each with several filters.
    pub(crate) fn reports(&self, days: &[(i64, i64)]) -> Vec<Summary> {
        self.hourly_reports(&days.iter().map(|(from, to)| (from * 24, to * 24)).collect::<Vec<_>>())
    }

    /// The same of some hours since the first midnight.
    pub(crate) fn hourly_reports(&self, hours: &[(i64, i64)]) -> Vec<Summary> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let reader = Reader::open(&self.path()).unwrap();
            let site = self.site("default");
            let mut summaries = Vec::new();
            for (from, to) in hours {
                let hour = |hours| day(0) + SignedDuration::from_hours(hours - 12);
                let (from, to) = (hour(*from), hour(*to));
                for filters in filters() {
                    let selection = Selection { site, from, to, filters: filters.clone() };
                    let measured = reader.measured(selection).await.unwrap();
                    summaries.push(summarize("default", Period { from, to }, filters, measured));
                }
            }
            summaries
        })
    }
}

/// That they say the same, though one may have it from histograms and the other one by one: what is
/// counted is equal, percentiles are as near as both promise.
pub(crate) fn assert_alike(found: &[Summary], expected: &[Summary]) {
    for (found, expected) in found.iter().zip(expected) {
        let (found, expected) = (json!(found), json!(expected));
        for field in ["page_views", "unmeasured"] {
            assert_eq!(found[field], expected[field], "{expected}");
        }
        for (name, metric) in expected["metrics"].as_object().unwrap() {
            let found = &found["metrics"][name];
            assert_eq!(found["count"], metric["count"], "{name} of {expected}");
            assert_eq!(found["shares"], metric["shares"], "{name} of {expected}");
            for percentile in ["p50", "p75", "p90", "p95", "p99"] {
                let value = |metric: &Value| metric[percentile].as_f64().unwrap_or_default();
                let (found, expected) = (value(found), value(metric));
                let rounding = if name == "cls" { 0.0002 } else { 0.2 };
                let allowed = expected * 2.0 * RELATIVE_ERROR + rounding;
                assert!((found - expected).abs() <= allowed, "{name}: {found}, {expected}");
            }
        }
    }
}

fn filters() -> [Filters; 6] {
    let all = Filters::default();
    let route = Some("/section-0/:product".to_owned());
    let form_factor = Some(FormFactor::Phone);
    [
        all.clone(),
        Filters { route: route.clone(), ..all.clone() },
        Filters { form_factor, route, ..all.clone() },
        Filters { browser: Some("Firefox".to_owned()), ..all.clone() },
        Filters { connection: Some(Connection::FourG), ..all.clone() },
        Filters { release: Some("1.0.0".to_owned()), ..all },
    ]
}

/// The beacon of a visit that goes on: another interaction, nothing else.
pub(crate) fn later(beacon: &Beacon, number: u32) -> Beacon {
    let mut later = beacon.clone();
    later.sequence = 3;
    later.age_ms = Some(86_400_000);
    later.metrics.truncate(1);
    later.metrics.push(Metric::new(MetricName::Inp, f64::from(number)));
    later
}

fn hostile(days: i64) -> Beacon {
    let mut inp = Metric::new(MetricName::Inp, 600_000.0);
    inp.attribution = Attribution {
        numbers: vec![(NumberField::InputDelay, -0.1), (NumberField::NextPaintTime, 2.592e9)],
        texts: vec![
            (TextField::InteractionTarget, HOSTILE.to_owned()),
            (TextField::LongestScriptUrl, "x".repeat(2048)),
        ],
    };
    Beacon {
        sequence: u32::MAX,
        age_ms: Some(3_600_000),
        url: Some("https://shop.example/a,b/%22c%22/'?secret".to_owned()),
        route: Some(HOSTILE.to_owned()),
        release: Some(" \" ".to_owned()),
        navigation_type: Some(NavigationType::Restore),
        sample_rate: f32::MIN_POSITIVE,
        metrics: vec![
            inp,
            Metric::new(MetricName::Cls, 0.000_001),
            Metric::new(MetricName::Fid, 0.001),
            Metric::new(MetricName::Ttfb, 0.0),
        ],
        ..Beacon::blank(
            "default".to_owned(),
            Id((1_000_000 + u128::from(days.cast_unsigned())).to_le_bytes()),
        )
    }
}

fn input(bytes: &[u8]) -> Input {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    Input::File(file)
}
