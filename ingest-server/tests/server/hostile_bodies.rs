//! 100 000 bodies that nobody would send: the server answers each, and goes on.

use crate::support::{Rhumb, beacon};
use axum::http::StatusCode;
use beacon::{Beacon, Id, Metric, MetricName};
use futures_util::future::join_all;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::sync::Arc;
use tokio::{runtime::Handle, task::spawn_blocking};

const BODIES: usize = 100_000;
const SENDERS: usize = 2;
/// Sent at the same time by one sender.
const TOGETHER: usize = 250;

fn valid() -> Vec<Vec<u8>> {
    let metrics = vec![Metric::new(MetricName::Lcp, 2312.4)];
    let binary = Beacon {
        sequence: 3,
        session: Some(Id([8; 16])),
        age_ms: Some(5000),
        url: Some("https://shop.example/product/42".to_owned()),
        route: Some("/product/:id".to_owned()),
        release: Some("1.4.2".to_owned()),
        navigation_type: Some(beacon::NavigationType::Navigate),
        form_factor: Some(beacon::FormFactor::Phone),
        connection: Some(beacon::Connection::FourG),
        sample_rate: 0.5,
        metrics,
        ..Beacon::blank("default".to_owned(), Id([7; 16]))
    };
    let json = serde_json::to_vec(&binary).unwrap();
    let array = serde_json::to_vec(&[binary.clone(), binary.clone()]).unwrap();
    vec![beacon::encode(&binary), json, array, METRIC.to_vec(), [b"[", METRIC, b"]"].concat()]
}

const METRIC: &[u8] = br#"{"name":"INP","value":208,"rating":"needs-improvement","delta":48,"entries":[],
    "id":"v6-1764079200000-1234567890123","navigationType":"back-forward-cache","navigationId":7,
    "navigationURL":"https://shop.example/a?b#c","navigationStartTime":1234.5,
    "attribution":{"interactionTarget":"a","longestScript":{"entry":{"duration":1},"subpart":"x"}}}"#;
/// A body may be of beacons or, with a site in the address, of Metric objects.
const ADDRESSES: [&str; 3] =
    ["", "?site=default", "?site=default&page_view=07070707070707070707070707070707"];

#[derive(Clone, Debug)]
enum Mutation {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, u8),
}

impl Mutation {
    fn apply(&self, body: &mut Vec<u8>) {
        if body.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, bits) => {
                let at = at.index(body.len());
                body[at] ^= bits;
            }
            Self::Cut(at) => body.truncate(at.index(body.len())),
            Self::Insert(at, bytes) => {
                let at = at.index(body.len());
                body.splice(at..at, bytes.iter().copied());
            }
            Self::Repeat(at, times) => {
                let tail = body[at.index(body.len())..].to_vec();
                for _ in 0..(*times % 8) {
                    body.extend_from_slice(&tail);
                }
            }
        }
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 1_u8..).prop_map(|(at, bits)| Mutation::Flip(at, bits)),
        at().prop_map(Mutation::Cut),
        (at(), prop::collection::vec(any::<u8>(), 1..20))
            .prop_map(|(at, b)| Mutation::Insert(at, b)),
        (at(), any::<u8>()).prop_map(|(at, times)| Mutation::Repeat(at, times)),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let mutated = (prop::sample::select(valid()), prop::collection::vec(mutation(), 1..5));
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..300),
        1 => prop::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| [&[1], &*bytes].concat()),
        1 => "[\\[\\]{}\",:0-9a-z ]{0,200}".prop_map(String::into_bytes),
        4 => mutated.prop_map(|(mut body, mutations)| {
            for mutation in mutations {
                mutation.apply(&mut body);
            }
            body
        }),
    ]
}

/// Sends its part of the bodies, which are the same in each run; how many were taken.
async fn send(rhumb: &Rhumb, sender: u8) -> usize {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[sender; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let bodies = (body(), prop::sample::select(&ADDRESSES));
    let mut taken = 0;
    for _ in 0..BODIES.div_ceil(SENDERS * TOGETHER) {
        let posts = (0..TOGETHER).map(|_| {
            let (body, address) = bodies.new_tree(&mut runner).unwrap().current();
            rhumb.post_bytes(address, body)
        });
        for response in join_all(posts).await {
            match response.status() {
                StatusCode::NO_CONTENT => taken += 1,
                status => assert!(status.is_client_error(), "answered {status}"),
            }
        }
    }
    taken
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_hostile_bodies_are_answered_and_a_valid_one_is_still_taken() {
    let rhumb = Arc::new(Rhumb::start());
    let senders = (0..).take(SENDERS).map(|sender| {
        let (rhumb, runtime) = (rhumb.clone(), Handle::current());
        spawn_blocking(move || runtime.block_on(send(&rhumb, sender)))
    });
    let taken = join_all(senders).await.into_iter().map(Result::unwrap).sum::<usize>();
    assert!(taken < BODIES / 2, "the bodies are not hostile: {taken} taken");
    let page_views = rhumb.summary().await["page_views"].as_u64().unwrap();
    assert!(page_views <= taken as u64);
    rhumb.accepts(&beacon(u128::MAX, 100.0)).await;
}
