//! Countries, by their two letters.

use std::{collections::HashSet, sync::LazyLock};

/// The table of tzdata: code, tab, name; `#` begins a comment.
const CODES: &str = include_str!("../../../data/iso3166.tab");

/// Kosovo, which ISO has given no code. Databases and proxies agree on this one, and by its time
/// zone it would be Serbia.
const KOSOVO: &str = "XK";

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = CODES.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).chain([KOSOVO]).collect()
});

/// A country or territory: its code in ISO 3166-1 alpha-2, such as `DE`, or `XK` for Kosovo.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// The country of a code in letters of either case; none for what is no code, such as the `XX`
    /// and `T1` by which proxies say that they do not know.
    pub fn from_code(code: &str) -> Option<Self> {
        let code: [u8; 2] = code.as_bytes().try_into().ok()?;
        let country = Self(code.map(|letter| letter.to_ascii_uppercase()));
        KNOWN.contains(country.as_str()).then_some(country)
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        // Only known codes are kept, and those are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_country_has_a_code_that_iso_assigns() {
        for (code, country) in [
            ("DE", Some("DE")),
            ("us", Some("US")),
            ("XK", Some("XK")),
            ("XX", None),
            ("T1", None),
            ("EU", None),
            ("UK", None),
            ("", None),
            ("D", None),
            ("DEU", None),
            ("ü", None),
        ] {
            assert_eq!(Country::from_code(code).as_ref().map(Country::as_str), country, "{code}");
        }
        assert_eq!(KNOWN.len(), 250);
    }

    proptest! {
        #[test]
        fn a_country_is_two_capitals(code in "\\PC{0,3}") {
            if let Some(country) = Country::from_code(&code) {
                prop_assert_eq!(country.as_str(), code.to_uppercase());
            }
        }
    }
}
