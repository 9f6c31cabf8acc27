//! Whatever happens, in whatever order: every report equals a recomputation of all beacons, one by
//! one.

use crate::support::Rhumb;
use ingest_server::store::sqlite::{Database, RollUpLimits};
use jiff::Timestamp;
use proptest::{option, prelude::*, sample::select};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAMES: [&str; 3] = ["LCP", "INP", "CLS"];
const PERCENTS: [u64; 5] = [50, 75, 90, 95, 99];
/// Small, so that nearly every beacon finds its page view in histograms already.
const ROLL_UP: RollUpLimits = RollUpLimits { tail_min: 3, step_max: 4, corrections_max: 6 };

#[derive(Clone, Debug)]
enum Step {
    Beacon(Sent),
    Repeat(usize),
    Invalid,
    Restart,
    Rebuild,
}

#[derive(Clone, Debug)]
struct Sent {
    page_view: u128,
    sequence: u32,
    hours_ago: i64,
    circumstances: Circumstances,
    /// In milliseconds, and hundredths for CLS.
    values: BTreeMap<&'static str, u32>,
}

/// Route, form factor, release.
type Circumstances = [Option<&'static str>; 3];
const FIELDS: [&str; 3] = ["route", "form_factor", "release"];

/// What the naive model keeps of a page view.
#[derive(Clone, Debug)]
struct PageView {
    sequence: u32,
    hours_ago: i64,
    circumstances: Circumstances,
    values: BTreeMap<&'static str, (u32, u32)>,
}

fn sent() -> impl Strategy<Value = Sent> {
    let circumstances = (
        option::of(select(&["/", "/product/:id"])),
        option::of(select(&["phone", "desktop"])),
        option::of(select(&["1.4.1", "1.4.2"])),
    );
    let values = prop::collection::btree_map(select(&NAMES), 0_u32..6_000, 1..4);
    (0_u128..25, 0_u32..4, 1_i64..60, circumstances, values).prop_map(
        |(page_view, sequence, hours_ago, (route, form_factor, release), values)| Sent {
            page_view,
            sequence,
            hours_ago,
            circumstances: [route, form_factor, release],
            values,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        40 => sent().prop_map(Step::Beacon),
        6 => any::<usize>().prop_map(Step::Repeat),
        2 => Just(Step::Invalid),
        1 => Just(Step::Restart),
        1 => Just(Step::Rebuild),
    ]
}

fn value(name: &str, steps: u32) -> f64 {
    f64::from(steps) / if name == "CLS" { 100.0 } else { 1.0 }
}

impl Sent {
    fn beacon(&self, now: Timestamp) -> Value {
        let metrics = self.values.iter();
        let metrics =
            metrics.map(|(name, steps)| json!({ "name": name, "value": value(name, *steps) }));
        let mut beacon = json!({
            "site": "default",
            "page_view": format!("{:032x}", self.page_view),
            "sequence": self.sequence,
            "started_at": began(now, self.hours_ago).to_string(),
            "metrics": metrics.collect::<Vec<_>>(),
        });
        for (field, value) in FIELDS.iter().zip(self.circumstances) {
            beacon[field] = json!(value);
        }
        beacon
    }
}

/// In the middle of an hour, so that no test depends on when it is run.
fn began(now: Timestamp, hours_ago: i64) -> Timestamp {
    let hour = now.as_second().div_euclid(3600) - hours_ago;
    Timestamp::from_second(hour * 3600 + 1800).unwrap()
}

fn learn(model: &mut BTreeMap<u128, PageView>, sent: &Sent) {
    let Sent { page_view, sequence, hours_ago, circumstances, .. } = sent.clone();
    let new = PageView { sequence, hours_ago, circumstances, values: BTreeMap::new() };
    let known = model.entry(page_view).or_insert(new);
    if sequence > known.sequence {
        (known.sequence, known.circumstances) = (sequence, circumstances);
    }
    known.hours_ago = known.hours_ago.max(hours_ago);
    for (name, steps) in &sent.values {
        let value = known.values.entry(name).or_insert((sequence, *steps));
        *value = (*value).max((sequence, *steps));
    }
}

fn check(
    model: &BTreeMap<u128, PageView>,
    filters: Circumstances,
    hours_ago: (i64, i64),
    answer: &Value,
) {
    let (from, to) = hours_ago;
    let alike = |it: &&PageView| {
        let fits = |(filter, value): (&Option<_>, &Option<_>)| filter.is_none() || filter == value;
        (to..=from).contains(&it.hours_ago) && filters.iter().zip(&it.circumstances).all(fits)
    };
    let page_views = model.values().filter(alike).collect::<Vec<_>>();
    assert_eq!(answer["page_views"], page_views.len(), "{filters:?} {hours_ago:?}");
    for name in NAMES {
        let metric = &answer["metrics"][name.to_lowercase()];
        let values = page_views.iter().filter_map(|it| it.values.get(name));
        let mut values = values.map(|(_, steps)| value(name, *steps)).collect::<Vec<_>>();
        values.sort_by(f64::total_cmp);
        assert_eq!(metric["count"], values.len(), "{name} {filters:?} {hours_ago:?}");
        for percent in PERCENTS {
            let rank = (values.len() as u64 * percent).div_ceil(100);
            let Some(rank) = usize::try_from(rank).unwrap().checked_sub(1) else { continue };
            let (exact, found) = (values[rank], metric[format!("p{percent}")].as_f64().unwrap());
            assert!(
                (found - exact).abs() <= exact * 0.01 + 0.05,
                "{name} p{percent}: {found}, {exact}"
            );
        }
    }
}

async fn play(steps: Vec<Step>, now: Timestamp) {
    let mut rhumb = Rhumb::with_roll_up(ROLL_UP);
    let mut model = BTreeMap::new();
    let mut accepted = Vec::<Sent>::new();
    for step in steps {
        match step {
            Step::Beacon(sent) => {
                rhumb.accepts(&sent.beacon(now)).await;
                learn(&mut model, &sent);
                accepted.push(sent);
            }
            Step::Repeat(index) if !accepted.is_empty() => {
                rhumb.accepts(&accepted[index % accepted.len()].beacon(now)).await;
            }
            Step::Repeat(_) => {}
            Step::Invalid => {
                let refused = rhumb.post(r#"{"site":"default"}"#).await;
                assert!(refused.status().is_client_error());
            }
            Step::Restart => rhumb = rhumb.restart(ROLL_UP).await,
            Step::Rebuild => {
                let mut database = Database::open(&rhumb.database()).unwrap();
                let rebuilt = database.rebuild(&"default".parse().unwrap(), now).unwrap();
                assert_eq!(rebuilt.unwrap().different, 0);
            }
        }
    }
    for filters in [
        [None, None, None],
        [Some("/"), None, None],
        [None, Some("phone"), None],
        [None, None, Some("1.4.2")],
        [Some("/product/:id"), Some("desktop"), None],
        [Some("/"), None, Some("1.4.1")],
    ] {
        for hours_ago in [(60, 0), (40, 9), (7, 7)] {
            let (from, to) = hours_ago;
            let mut query =
                vec![("from", began(now, from).to_string()), ("to", began(now, to).to_string())];
            for (field, value) in FIELDS.iter().zip(filters) {
                query.extend(value.map(|value| (*field, value.to_owned())));
            }
            let query =
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
            let answer = rhumb.json(&format!("/v1/sites/default/summary?{query}")).await;
            check(&model, filters, hours_ago, &answer);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_report_equals_a_naive_recomputation(steps in prop::collection::vec(step(), 0..120)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(play(steps, Timestamp::now()));
    }
}
