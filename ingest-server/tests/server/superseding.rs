//! Several beacons of one page view, in any order and any number of times, make the same row.

use crate::support::{Rhumb, beacon};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAMES: [&str; 6] = ["CLS", "FCP", "INP", "LCP", "TTFB", "FID"];

/// By metric: the sequence it is from, and its value.
type Row = BTreeMap<&'static str, (u32, u32)>;

#[derive(Clone, Debug)]
struct Sent {
    sequence: u32,
    values: BTreeMap<&'static str, u32>,
}

impl Sent {
    fn beacon(&self) -> Value {
        let metrics =
            self.values.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        let mut beacon = beacon(1, 0.0);
        beacon["sequence"] = json!(self.sequence);
        beacon["route"] = json!(format!("/{}", self.sequence));
        beacon["metrics"] = metrics.collect();
        beacon
    }
}

/// The naive model: the largest (sequence, value) of each metric.
fn expected(sent: &[Sent]) -> Row {
    let mut row = Row::new();
    for Sent { sequence, values } in sent {
        for (name, value) in values {
            let known = row.entry(name).or_default();
            *known = (*known).max((*sequence, *value));
        }
    }
    row
}

fn sent() -> impl Strategy<Value = Sent> {
    let values = prop::collection::btree_map(prop::sample::select(&NAMES), 0_u32..100, 1..6);
    (0_u32..4, values).prop_map(|(sequence, values)| Sent { sequence, values })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_row_depends_on_what_was_sent_and_not_on_the_order(
        (sent, order) in prop::collection::vec(sent(), 1..8).prop_flat_map(|sent| {
            (Just(sent.clone()), Just([sent.clone(), sent].concat()).prop_shuffle())
        })
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let summary = runtime.block_on(async {
            let rhumb = Rhumb::start();
            for sent in &order {
                rhumb.accepts(&sent.beacon()).await;
            }
            let latest = order.iter().map(|sent| sent.sequence).max().unwrap();
            rhumb.json(&format!("/v1/sites/default/summary?route=/{latest}")).await
        });
        prop_assert_eq!(&summary["page_views"], 1);
        for name in NAMES {
            let value = expected(&sent).get(name).map(|(_, value)| f64::from(*value));
            let metric = &summary["metrics"][name.to_lowercase()];
            prop_assert_eq!(metric["p75"].as_f64(), value, "{}: {:?}", name, metric);
        }
    }
}
