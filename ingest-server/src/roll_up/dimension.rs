//! What page views may be alike in.

use beacon::FormFactor;

/// Something that page views may be alike in. The numbers are those of the table `histograms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// All page views of a site are alike in that.
    Site = 0,
    /// Template of the address.
    Route = 1,
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
}

impl Dimension {
    /// Those with a text of their own in a page view, in the order of a
    /// [fact's values](super::Fact::values).
    pub const OF_FACTS: [Self; 8] = [
        Self::Route,
        Self::FormFactor,
        Self::Browser,
        Self::Os,
        Self::Country,
        Self::Connection,
        Self::Release,
        Self::NavigationType,
    ];

    /// The dimension of routes on one kind of device.
    pub fn route_on(form_factor: FormFactor) -> Self {
        match form_factor {
            FormFactor::Phone => Self::RouteOnPhones,
            FormFactor::Tablet => Self::RouteOnTablets,
            FormFactor::Desktop => Self::RouteOnDesktops,
        }
    }
}
