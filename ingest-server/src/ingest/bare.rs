//! Metric objects of web-vitals → beacons of one metric each, which meet in their page view.

use super::{
    check,
    outcome::{Reason, Rejection},
};
use beacon::{BareMetric, Beacon, Id, NavigationType, limits};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// What a Metric object does not say, from its request.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The name of its site.
    pub site: &'a str,
    /// The page view that the document began with, when its page says so.
    pub page_view: Option<Id>,
    /// The address of the page.
    pub page: Option<&'a str>,
}

impl<'a> Around<'a> {
    /// Of what the address of the request says.
    ///
    /// # Errors
    /// The page view is no id.
    pub fn new(
        site: &'a str,
        page_view: Option<&str>,
        page: Option<&'a str>,
    ) -> Result<Self, Rejection> {
        let invalid = |_| {
            let detail = "page_view in the address is no id: it has 32 hexadecimal digits";
            Rejection::of(Reason::Malformed, "page_view", detail)
        };
        let page_view = page_view.map(str::parse).transpose().map_err(invalid)?;
        Ok(Self { site, page_view, page })
    }

    /// The beacon that says the same.
    ///
    /// # Errors
    /// It cannot be told which page view the metric is of.
    pub fn beacon(&self, bare: BareMetric) -> Result<Beacon, Rejection> {
        let page_view = self.page_view_of(&bare)?;
        let sequence = u32::from(is_update(&bare));
        let BareMetric { metric, navigation_type, navigation_url, .. } = bare;
        let of_request = || self.page.and_then(|page| check::url(page).ok());
        Ok(Beacon {
            sequence,
            url: navigation_url.or_else(of_request),
            navigation_type,
            metrics: vec![metric],
            ..Beacon::blank(self.site.to_owned(), page_view)
        })
    }

    /// A document that is restored from the back/forward cache, or has soft navigations, has more page
    /// views than the one it began with; web-vitals tells them apart by when they began. Without an
    /// id of the document nothing says which metrics belong together.
    fn page_view_of(&self, bare: &BareMetric) -> Result<Id, Rejection> {
        let Some(document) = self.page_view else {
            let id = check::text("id", bare.id.clone(), limits::METRIC_ID_BYTES_MAX)?;
            return id.map(|id| hash(&[b"metric", id.as_bytes()])).ok_or_else(|| {
                let detail = "the metric has no id; send the one that web-vitals gives it, or \
                              page_view in the address";
                Rejection::of(Reason::Malformed, "id", detail)
            });
        };
        Ok(match bare.navigation_type {
            Some(kind @ (NavigationType::BackForwardCache | NavigationType::SoftNavigation)) => {
                let began = bare.navigation_start_time.unwrap_or_default().to_bits().to_le_bytes();
                hash(&[b"page view", &document.0, kind.as_str().as_bytes(), &began])
            }
            _ => document,
        })
    }
}

/// Whether the metric was reported before, with another value over 0.
fn is_update(bare: &BareMetric) -> bool {
    bare.delta.is_some_and(|delta| delta < bare.metric.value)
}

/// Names the field of the Metric object in the place of that of its beacon.
#[must_use]
pub fn in_bare_terms(rejection: Rejection) -> Rejection {
    let field = rejection.field.map(|field| match field.as_str() {
        "url" => "navigationURL".to_owned(),
        "metrics" => "unmeasured".to_owned(),
        field => field.strip_prefix("metrics[0].").unwrap_or(field).to_owned(),
    });
    Rejection { field, ..rejection }
}

/// SipHash-1-3 of 128 bits with a key of zeros, the same in every release.
fn hash(parts: &[&[u8]]) -> Id {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write(part);
    }
    Id(hasher.finish128().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::{Metric, MetricName};

    const DOCUMENT: Option<Id> = Some(Id([7; 16]));

    fn bare(id: &str) -> BareMetric {
        BareMetric {
            metric: Metric::new(MetricName::Inp, 200.0),
            id: Some(id.to_owned()),
            delta: None,
            navigation_type: None,
            navigation_start_time: Some(0.0),
            navigation_url: None,
        }
    }

    fn later(kind: NavigationType, at: f64) -> BareMetric {
        BareMetric {
            navigation_type: Some(kind),
            navigation_start_time: Some(at),
            ..bare("v6-1764079200000-2")
        }
    }

    fn page_view(page_view: Option<Id>, bare: BareMetric) -> Id {
        Around { site: "shop", page_view, page: None }.beacon(bare).unwrap().page_view
    }

    #[test]
    fn without_a_page_view_a_metric_is_known_by_its_id_in_every_release() {
        let id = page_view(None, bare("v6-1764079200000-1"));
        assert_eq!(id.to_string(), "2f295f9ae52f7e769d91a4b9e6a362f7");
        assert_ne!(id, page_view(None, bare("v6-1764079200000-2")));
    }

    #[test]
    fn a_restore_and_a_soft_navigation_are_page_views_of_their_own() {
        let [restored, soft] = [NavigationType::BackForwardCache, NavigationType::SoftNavigation];
        assert_eq!(Some(page_view(DOCUMENT, bare("a"))), DOCUMENT);
        assert_eq!(Some(page_view(DOCUMENT, later(NavigationType::Reload, 0.0))), DOCUMENT);
        let others = [later(restored, 50.5), later(restored, 99.0), later(soft, 50.5)];
        let [first, second, third] = others.map(|bare| page_view(DOCUMENT, bare));
        assert!(first != second && second != third && first != third && DOCUMENT != Some(first));
        assert_eq!(page_view(DOCUMENT, later(restored, 50.5)), first);
    }

    #[test]
    fn a_metric_that_was_reported_before_supersedes_itself() {
        let sequence = |delta| {
            let around = Around { site: "shop", page_view: DOCUMENT, page: None };
            around.beacon(BareMetric { delta, ..bare("a") }).unwrap().sequence
        };
        assert_eq!([None, Some(200.0), Some(40.0), Some(-8.0)].map(sequence), [0, 0, 1, 1]);
    }

    #[test]
    fn the_address_is_that_of_the_metric_else_that_of_the_request_if_it_is_one() {
        let url = |navigation_url: Option<&str>, page| {
            let navigation_url = navigation_url.map(str::to_owned);
            let around = Around { site: "shop", page_view: DOCUMENT, page };
            around.beacon(BareMetric { navigation_url, ..bare("a") }).unwrap().url
        };
        let (said, told) = ("https://shop.example/a", "https://shop.example/d");
        assert_eq!(url(Some(said), Some(told)).as_deref(), Some(said));
        assert_eq!(url(None, Some(told)).as_deref(), Some(told));
        assert_eq!(url(None, Some("about:client")), None);
        assert_eq!(url(None, None), None);
    }
}
