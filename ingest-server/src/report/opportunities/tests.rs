//! What is found, against the same counted naively.

use super::*;
use crate::{
    ingest::Measurement,
    store::sqlite::{Explained, PageViewKey},
};
use beacon::{Attribution, NumberField, TextField};
use proptest::prelude::*;

/// A page view with a paint: where, milliseconds of the parts before and in the resource, which
/// element.
#[derive(Clone, Debug)]
struct Painted {
    route: &'static str,
    first_byte_ms: u32,
    delay_ms: u32,
    element: u8,
}

impl Painted {
    fn lcp_ms(&self) -> u32 {
        self.first_byte_ms + self.delay_ms
    }

    fn target(&self) -> String {
        format!("img.e{}", self.element)
    }

    /// With a number for its key.
    fn page_view(&self, number: usize) -> Explained<'static> {
        let mut attribution = Attribution::default();
        let parts = [
            (NumberField::TimeToFirstByte, self.first_byte_ms),
            (NumberField::ResourceLoadDelay, self.delay_ms),
        ];
        attribution.numbers.extend(parts.map(|(part, ms)| (part, f64::from(ms))));
        attribution.text(TextField::Target, &self.target());
        let mut measurements = [const { None }; MetricName::ALL.len()];
        let steps = self.lcp_ms() * 1000;
        measurements[MetricName::Lcp as usize] = Some(Measurement { steps, attribution });
        let key = PageViewKey(i64::try_from(number).unwrap());
        Explained { key, route: self.route, url: "https://shop.example/", measurements }
    }
}

fn found(painted: &[Painted], limit: usize) -> Vec<Opportunity> {
    let now = Timestamp::UNIX_EPOCH;
    let parameters = Parameters::parse(&format!("from=1969-12-01&limit={limit}")).unwrap();
    let asked = OpportunitiesQuestion::take(parameters, now).unwrap();
    let page_views = || (0..).zip(painted).map(|(number, it)| it.page_view(number));
    let mut candidates = OpportunityCandidates::new(asked.limit);
    for page_view in page_views() {
        candidates.add(&page_view);
    }
    let mut recount = candidates.into_recount();
    for page_view in page_views() {
        recount.add(&page_view);
    }
    opportunities("shop", asked, recount, None, now).opportunities
}

/// The nearest rank.
fn p75(mut values: Vec<u32>) -> Option<f64> {
    values.sort_unstable();
    let rank = (values.len() * 3).div_ceil(4);
    rank.checked_sub(1).map(|index| f64::from(values[index]))
}

fn rating(ms: u32) -> u64 {
    u64::from(ms > 2500) + u64::from(ms > 4000)
}

/// What one would say of one culprit: its element, or nothing for the first byte.
fn naive(painted: &[Painted], route: &str, element: Option<&str>) -> (u64, u64, Option<f64>) {
    let (mut touched, mut benefit, mut without) = (0, 0, Vec::new());
    for it in painted.iter().filter(|it| it.route == route) {
        let is_delayed = it.delay_ms > it.first_byte_ms;
        let is_blamed = element.map_or(!is_delayed && it.first_byte_ms > 0, |element| {
            is_delayed && it.target() == element
        });
        let rest = match (is_blamed, is_delayed) {
            (false, _) => it.lcp_ms(),
            (true, true) => it.first_byte_ms,
            (true, false) => it.delay_ms,
        };
        touched += u64::from(is_blamed);
        benefit += 2 * (rating(it.lcp_ms()) - rating(rest));
        without.push(rest);
    }
    (touched, benefit, p75(without))
}

#[test]
fn nothing_is_found_where_all_is_good_or_nothing_is_there() {
    let good = Painted { route: "/", first_byte_ms: 100, delay_ms: 2000, element: 0 };
    assert_eq!(found(&[], 10), []);
    assert_eq!(found(&vec![good; 5], 10), []);
}

#[test]
fn what_touches_more_page_views_comes_first_and_a_poor_one_counts_twice() {
    let slow = |element, delay_ms| Painted { route: "/", first_byte_ms: 100, delay_ms, element };
    let mut painted = vec![slow(1, 3000); 3];
    painted.extend([slow(2, 5000), slow(2, 9000), slow(3, 3000)]);
    let found = found(&painted, 2);
    let told = found.iter().map(|it| (&*it.culprit.name, it.benefit, it.improved, &*it.evidence));
    let keys = |keys: &[i64]| keys.iter().copied().map(PageViewKey).collect::<Vec<_>>();
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("img.e2", 8, 2, &*keys(&[4, 3])), ("img.e1", 6, 3, &*keys(&[2, 1, 0]))]
    );
    assert_eq!(found[0].rating, Rating::Poor);
}

fn painted() -> impl Strategy<Value = Vec<Painted>> {
    let route = prop::sample::select(&["/", "/search"][..]);
    let one = (route, 0_u32..5000, 0_u32..5000, 0_u8..4);
    let one = one.prop_map(|(route, first_byte_ms, delay_ms, element)| Painted {
        route,
        first_byte_ms,
        delay_ms,
        element,
    });
    prop::collection::vec(one, 0..60)
}

proptest! {
    #[test]
    fn what_would_be_gained_is_what_one_would_count(painted in painted()) {
        let found = found(&painted, OPPORTUNITIES_MAX);
        prop_assert!(found.is_sorted_by_key(|it| std::cmp::Reverse(it.benefit)));
        let mut expected = 0;
        for route in ["/", "/search"] {
            let elements = (0..4).map(|number| Some(format!("img.e{number}")));
            for element in elements.chain([None]) {
                let (touched, benefit, without) = naive(&painted, route, element.as_deref());
                let same = found.iter().find(|it| {
                    it.route.as_deref() == Some(route) && it.culprit.target == element
                });
                prop_assert_eq!(same.is_some(), benefit > 0, "{:?}", element);
                expected += usize::from(benefit > 0);
                if let Some(same) = same {
                    let values = painted.iter().filter(|it| it.route == route);
                    prop_assert_eq!(Some(same.p75), p75(values.map(Painted::lcp_ms).collect()));
                    prop_assert_eq!((same.page_views, same.benefit), (touched, benefit));
                    prop_assert_eq!(Some(same.p75_without), without);
                }
            }
        }
        prop_assert_eq!(found.len(), expected);
    }
}
