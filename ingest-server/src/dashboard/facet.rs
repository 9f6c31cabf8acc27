//! What page views are told apart by, in words.

use crate::roll_up::Facet;

/// A facet as people call it.
pub(super) struct Word {
    pub(super) name: &'static str,
    /// Lower case.
    pub(super) plural: &'static str,
}

pub(super) const fn word(facet: Facet) -> Word {
    let (name, plural) = match facet {
        Facet::Route => ("Route", "routes"),
        Facet::FormFactor => ("Form factor", "form factors"),
        Facet::Browser => ("Browser", "browsers"),
        Facet::Os => ("System", "operating systems"),
        Facet::Country => ("Country", "countries"),
        Facet::Connection => ("Connection", "connections"),
        Facet::Release => ("Release", "releases"),
        Facet::NavigationType => ("Navigation", "kinds of navigation"),
        Facet::Host => ("Host", "hosts"),
    };
    Word { name, plural }
}
