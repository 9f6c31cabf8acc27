//! Which page views a question is about.

use super::address::Address;
use crate::{
    ingest::SiteId,
    roll_up::{Dimension, Facet, RouteOnHost},
};
use beacon::{Connection as EffectiveType, FormFactor, NavigationType};
use jiff::Timestamp;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::{IntoParams, ToSchema};

/// Which page views a question is about.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Whose.
    pub site: SiteId,
    /// Those that began at this time or later …
    pub from: Timestamp,
    /// … and before this one. Both are full hours, unless page views are read one by one.
    pub to: Timestamp,
    /// Those that these describe.
    pub filters: Filters,
}

/// What page views are alike in; an absent filter takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Template of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[param(min_length = 1, max_length = 256)]
    pub route: Option<String>,
    /// The kind of device.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub form_factor: Option<FormFactor>,
    /// Family of the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[param(min_length = 1, max_length = 64)]
    pub browser: Option<String>,
    /// Operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[param(min_length = 1, max_length = 64)]
    pub os: Option<String>,
    /// Where the visitor is, as two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[param(pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    /// Effective connection type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub connection: Option<EffectiveType>,
    /// Version of the page's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[param(min_length = 1, max_length = 64)]
    pub release: Option<String>,
    /// How the page view came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub navigation_type: Option<NavigationType>,
    /// Host of the address, with its port if that is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[param(min_length = 1, max_length = 256)]
    pub host: Option<String>,
    /// Where the page is.
    #[serde(skip)]
    pub address: Option<Address>,
}

/// Cells that together have the page views that are asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Cells<'a> {
    pub(super) dimensions: Vec<Dimension>,
    pub(super) values: Values<'a>,
}

/// Values of a dimension.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values<'a> {
    /// All that there are.
    Every,
    One(Cow<'a, str>),
    /// A route on every host that has it.
    Route(&'a str),
    /// Every route on a host.
    OnHost(&'a str),
}

impl Filters {
    /// The value of each facet, in their order.
    pub fn values(&self) -> [Option<&str>; Facet::ALL.len()] {
        [
            self.route.as_deref(),
            self.form_factor.map(FormFactor::as_str),
            self.browser.as_deref(),
            self.os.as_deref(),
            self.country.as_deref(),
            self.connection.map(EffectiveType::as_str),
            self.release.as_deref(),
            self.navigation_type.map(NavigationType::as_str),
            self.host.as_deref(),
        ]
    }

    /// Those that there are: their names, which are those of parameters, and their values.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let named = Facet::ALL.into_iter().zip(self.values());
        named.filter_map(|(facet, value)| Some((facet.as_str(), value?)))
    }

    /// The others, without the one of that facet.
    #[must_use]
    pub fn without(mut self, facet: Facet) -> Self {
        match facet {
            Facet::Route => self.route = None,
            Facet::FormFactor => self.form_factor = None,
            Facet::Browser => self.browser = None,
            Facet::Os => self.os = None,
            Facet::Country => self.country = None,
            Facet::Connection => self.connection = None,
            Facet::Release => self.release = None,
            Facet::NavigationType => self.navigation_type = None,
            Facet::Host => self.host = None,
        }
        self
    }

    /// Whether what they describe is counted together, and not one by one as long as page views are kept.
    pub fn have_histograms(&self) -> bool {
        self.cells(None).is_some()
    }

    /// The cells of what the filters describe, told apart by a facet if one is given. There are none
    /// of two facets, but for a route, its host and a form factor, and none of an address.
    pub(super) fn cells(&self, by: Option<Facet>) -> Option<Cells<'_>> {
        if self.address.is_some() {
            return None;
        }
        let named = Facet::ALL.into_iter().zip(self.values());
        let needed = named.filter(|(facet, value)| value.is_some() || Some(*facet) == by);
        match needed.collect::<Vec<_>>()[..] {
            [] => Some(Cells { dimensions: vec![Dimension::Site], values: Values::One("".into()) }),
            [(facet, value)] if facet != Facet::Route => {
                let values = value.map_or(Values::Every, |value| Values::One(value.into()));
                Some(Cells { dimensions: facet.dimensions().to_vec(), values })
            }
            [(Facet::Route, _), ref others @ ..] => {
                let is_told = |facet| matches!(facet, Facet::FormFactor | Facet::Host);
                others.iter().all(|(facet, _)| is_told(*facet)).then(|| self.cells_of_routes())
            }
            _ => None,
        }
    }

    fn cells_of_routes(&self) -> Cells<'_> {
        let on = |form_factor| vec![Dimension::route_on(form_factor)];
        let dimensions = self.form_factor.map_or_else(|| Dimension::ROUTES.to_vec(), on);
        let values = match (self.route.as_deref(), self.host.as_deref()) {
            (Some(route), Some(host)) => Values::One(RouteOnHost { route, host }.key().into()),
            (Some(route), None) => Values::Route(route),
            (None, Some(host)) => Values::OnHost(host),
            (None, None) => Values::Every,
        };
        Cells { dimensions, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_route() -> Filters {
        Filters { route: Some("/".to_owned()), ..Filters::default() }
    }

    #[test]
    fn a_route_is_told_apart_by_the_form_factor_and_the_other_way_round() {
        let of_route = of_route();
        let by_form_factor = of_route.cells(Some(Facet::FormFactor));
        let dimensions = Dimension::ROUTES.to_vec();
        assert_eq!(by_form_factor, Some(Cells { dimensions, values: Values::Route("/") }));
        let on_phones = Filters { form_factor: Some(FormFactor::Phone), ..Filters::default() };
        let dimensions = vec![Dimension::RouteOnPhones];
        let cells = Cells { dimensions, values: Values::Every };
        assert_eq!(on_phones.cells(Some(Facet::Route)), Some(cells));
    }

    #[test]
    fn a_route_is_told_apart_by_its_host_and_the_other_way_round() {
        let (host, dimensions) = (Some("shop.example".to_owned()), Dimension::ROUTES.to_vec());
        let of_route = of_route();
        let cells = Cells { dimensions: dimensions.clone(), values: Values::Route("/") };
        assert_eq!(of_route.cells(Some(Facet::Host)), Some(cells));
        let on_host = Filters { host: host.clone(), ..Filters::default() };
        let values = Values::OnHost("shop.example");
        let cells = Cells { dimensions: dimensions.clone(), values };
        assert_eq!(on_host.cells(Some(Facet::Route)), Some(cells));
        let both = Filters { host, ..of_route };
        let cells = Cells { dimensions, values: Values::One("/\nshop.example".into()) };
        assert_eq!(both.cells(None), Some(cells));
    }

    #[test]
    fn a_host_alone_has_its_own_cells() {
        let by_host = Filters::default().cells(Some(Facet::Host)).map(|cells| cells.dimensions);
        assert_eq!(by_host, Some(vec![Dimension::Host]));
        let chrome = Filters { browser: Some("Chrome".to_owned()), ..Filters::default() };
        assert_eq!(chrome.cells(Some(Facet::Host)), None);
    }

    #[test]
    fn a_facet_that_is_filtered_is_told_apart_by_its_one_value() {
        let chrome = Filters { browser: Some("Chrome".to_owned()), ..Filters::default() };
        let dimensions = vec![Dimension::Browser];
        let values = Values::One("Chrome".into());
        assert_eq!(chrome.cells(Some(Facet::Browser)), Some(Cells { dimensions, values }));
        assert_eq!(chrome.cells(Some(Facet::Os)), None);
    }
}
