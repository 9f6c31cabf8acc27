//! What page views may be alike in.

use beacon::FormFactor;

/// Something that page views may be alike in. The numbers are those of the table `histograms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// All page views of a site are alike in that.
    Site = 0,
    /// A [route on a host](super::RouteOnHost), on devices of an unknown kind. A route as such is that
    /// on every kind, so that its page views are not kept twice.
    RouteOnOthers = 1,
    /// The kind of device.
    FormFactor = 2,
    /// Family of the browser.
    Browser = 3,
    /// Operating system.
    Os = 4,
    /// Where the visitor is.
    Country = 5,
    /// Effective connection type.
    Connection = 6,
    /// Version of the page's code.
    Release = 7,
    /// How the page view came about.
    NavigationType = 8,
    /// Route, on phones.
    RouteOnPhones = 9,
    /// Route, on tablets.
    RouteOnTablets = 10,
    /// Route, on desktops.
    RouteOnDesktops = 11,
    /// Host and port of the address.
    Host = 12,
}

impl Dimension {
    /// What has one text of a page view for its value, and is not a route: in the order in which they
    /// follow the route in a [fact's values](super::Fact::values).
    pub const PLAIN: [Self; 8] = [
        Self::FormFactor,
        Self::Browser,
        Self::Os,
        Self::Country,
        Self::Connection,
        Self::Release,
        Self::NavigationType,
        Self::Host,
    ];

    /// A route on every kind of device.
    pub const ROUTES: [Self; 4] =
        [Self::RouteOnOthers, Self::RouteOnPhones, Self::RouteOnTablets, Self::RouteOnDesktops];

    /// The dimension of routes on one kind of device.
    pub fn route_on(form_factor: FormFactor) -> Self {
        match form_factor {
            FormFactor::Phone => Self::RouteOnPhones,
            FormFactor::Tablet => Self::RouteOnTablets,
            FormFactor::Desktop => Self::RouteOnDesktops,
        }
    }

    /// Of a route on one kind of device, the word for that kind, which is empty when it is not known.
    pub fn form_factor(self) -> Option<&'static str> {
        match self {
            Self::RouteOnOthers => Some(""),
            Self::RouteOnPhones => Some(FormFactor::Phone.as_str()),
            Self::RouteOnTablets => Some(FormFactor::Tablet.as_str()),
            Self::RouteOnDesktops => Some(FormFactor::Desktop.as_str()),
            _ => None,
        }
    }

    /// Every dimension, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::Site,
        Self::RouteOnOthers,
        Self::FormFactor,
        Self::Browser,
        Self::Os,
        Self::Country,
        Self::Connection,
        Self::Release,
        Self::NavigationType,
        Self::RouteOnPhones,
        Self::RouteOnTablets,
        Self::RouteOnDesktops,
        Self::Host,
    ];

    /// The dimension of a number.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The word for it in exports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::RouteOnOthers => "route_on_others",
            Self::FormFactor => "form_factor",
            Self::Browser => "browser",
            Self::Os => "os",
            Self::Country => "country",
            Self::Connection => "connection",
            Self::Release => "release",
            Self::NavigationType => "navigation_type",
            Self::RouteOnPhones => "route_on_phones",
            Self::RouteOnTablets => "route_on_tablets",
            Self::RouteOnDesktops => "route_on_desktops",
            Self::Host => "host",
        }
    }

    /// The dimension that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_found_by_its_number_and_its_word() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::of_number(dimension as u8), Some(dimension));
            assert_eq!(Dimension::from_word(dimension.as_str()), Some(dimension));
        }
    }
}
