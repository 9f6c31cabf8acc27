//! What page views are told apart by.

use super::{Dimension, RouteOnHost};
use utoipa::ToSchema;

/// What page views are told apart by, in the order of a [fact's values](super::Fact::values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Facet {
    /// Template of the address. Those of several hosts are told apart: its values are [those of a
    /// route on a host](RouteOnHost).
    Route,
    /// The kind of device.
    FormFactor,
    /// Family of the browser.
    Browser,
    /// Operating system.
    Os,
    /// Where the visitor is.
    Country,
    /// Effective connection type.
    Connection,
    /// Version of the page's code.
    Release,
    /// How the page view came about.
    NavigationType,
    /// Host and port of the address.
    Host,
}

impl Facet {
    /// Every facet, in the order of the enum.
    pub const ALL: [Self; 9] = [
        Self::Route,
        Self::FormFactor,
        Self::Browser,
        Self::Os,
        Self::Country,
        Self::Connection,
        Self::Release,
        Self::NavigationType,
        Self::Host,
    ];

    /// The word for it, which is also the name of the filter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::FormFactor => "form_factor",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Country => "country",
            Self::Connection => "connection",
            Self::Release => "release",
            Self::NavigationType => "navigation_type",
            Self::Host => "host",
        }
    }

    /// The dimensions that together have the page views of one of its values.
    pub fn dimensions(self) -> &'static [Dimension] {
        const PLAIN: &[Dimension] = &Dimension::PLAIN;
        match (self as usize).checked_sub(1) {
            None => &Dimension::ROUTES,
            Some(index) => &PLAIN[index..=index],
        }
    }

    /// Its value for the page views of a cell of one of these dimensions.
    pub fn value_in(self, dimension: Dimension, value: &str) -> &str {
        match (self, dimension.form_factor()) {
            (Self::FormFactor, Some(form_factor)) => form_factor,
            (Self::Host, Some(_)) => RouteOnHost::of_key(value).host,
            _ => value,
        }
    }
}

// The route comes first in a fact's values, and then the plain dimensions.
const _: () = assert!(Facet::ALL.len() == 1 + Dimension::PLAIN.len());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_facet_but_the_route_is_the_dimension_of_its_name() {
        for facet in Facet::ALL {
            if facet != Facet::Route {
                let names = facet.dimensions().iter().map(|it| it.as_str());
                assert_eq!(names.collect::<Vec<_>>(), [facet.as_str()]);
            }
        }
    }
}
