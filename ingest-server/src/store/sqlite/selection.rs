//! Which page views a question is about.

use super::address::Address;
use crate::{
    ingest::SiteId,
    roll_up::{Dimension, Facet},
};
use beacon::{Connection as EffectiveType, FormFactor, NavigationType};
use jiff::Timestamp;
use serde::Serialize;
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema, IntoParams)]
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
    /// Where the page is.
    #[serde(skip)]
    pub address: Option<Address>,
}

/// Cells that together have the page views that are asked for.
#[derive(Debug, PartialEq)]
pub(super) struct Cells<'a> {
    pub(super) dimensions: Vec<Dimension>,
    /// Every value, where there is none.
    pub(super) value: Option<&'a str>,
}

impl Filters {
    /// The value of each facet, in their order.
    pub(super) fn values(&self) -> [Option<&str>; Facet::ALL.len()] {
        [
            self.route.as_deref(),
            self.form_factor.map(FormFactor::as_str),
            self.browser.as_deref(),
            self.os.as_deref(),
            self.country.as_deref(),
            self.connection.map(EffectiveType::as_str),
            self.release.as_deref(),
            self.navigation_type.map(NavigationType::as_str),
        ]
    }

    /// The cells of what the filters describe, told apart by a facet if one is given. There are none
    /// of two facets, but for a route and a form factor, and none of an address.
    pub(super) fn cells(&self, by: Option<Facet>) -> Option<Cells<'_>> {
        if self.address.is_some() {
            return None;
        }
        let named = Facet::ALL.into_iter().zip(self.values());
        let needed = named.filter(|(facet, value)| value.is_some() || Some(*facet) == by);
        match needed.collect::<Vec<_>>()[..] {
            [] => Some(Cells { dimensions: vec![Dimension::Site], value: Some("") }),
            [(facet, value)] => Some(Cells { dimensions: facet.dimensions().to_vec(), value }),
            [(Facet::Route, value), (Facet::FormFactor, _)] => {
                let dimensions = match self.form_factor {
                    None => Dimension::ROUTES.to_vec(),
                    Some(form_factor) => vec![Dimension::route_on(form_factor)],
                };
                Some(Cells { dimensions, value })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_told_apart_by_the_form_factor_and_the_other_way_round() {
        let of_route = Filters { route: Some("/".to_owned()), ..Filters::default() };
        let by_form_factor = of_route.cells(Some(Facet::FormFactor));
        let dimensions = Dimension::ROUTES.to_vec();
        assert_eq!(by_form_factor, Some(Cells { dimensions, value: Some("/") }));
        let on_phones = Filters { form_factor: Some(FormFactor::Phone), ..Filters::default() };
        let dimensions = vec![Dimension::RouteOnPhones];
        assert_eq!(on_phones.cells(Some(Facet::Route)), Some(Cells { dimensions, value: None }));
    }

    #[test]
    fn a_facet_that_is_filtered_is_told_apart_by_its_one_value() {
        let chrome = Filters { browser: Some("Chrome".to_owned()), ..Filters::default() };
        let dimensions = vec![Dimension::Browser];
        let value = Some("Chrome");
        assert_eq!(chrome.cells(Some(Facet::Browser)), Some(Cells { dimensions, value }));
        assert_eq!(chrome.cells(Some(Facet::Os)), None);
    }
}
