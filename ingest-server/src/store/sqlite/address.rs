//! Pages by their address. Addresses are kept as they are normalized, with a path and without query
//! string and fragment.

use super::statements::Named;
use crate::ingest::SiteId;
use rusqlite::{Connection, Result, params};

const ANY: &str =
    "SELECT EXISTS (SELECT 1 FROM pages WHERE site_id = ?1 AND url BETWEEN ?2 AND ?3)";

pub(super) const STATEMENTS: [Named; 1] = [Named::new("pages.is_known", ANY)];

/// Where pages are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// All pages of an origin, written as browsers write it.
    Origin(String),
    /// One page, normalized.
    Url(String),
}

impl Address {
    /// The first and the last address that it stands for, in the order of their bytes.
    pub(super) fn bounds(&self) -> (String, String) {
        match self {
            // `0` comes after `/`, and no address is an origin and that.
            Self::Origin(origin) => (format!("{origin}/"), format!("{origin}0")),
            Self::Url(url) => (url.clone(), url.clone()),
        }
    }
}

/// Whether the site has such a page: a look into an index, where reading page views is a look at all.
pub(super) fn is_known(connection: &Connection, site: SiteId, address: &Address) -> Result<bool> {
    let (first, last) = address.bounds();
    connection.prepare_cached(ANY)?.query_row(params![site.0, first, last], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_stands_for_its_own_pages_only() {
        let (first, last) = Address::Origin("https://shop.example".to_owned()).bounds();
        let is_inside = |url: &str| (&*first..=&*last).contains(&url);
        for url in ["https://shop.example/", "https://shop.example/a?b", "https://shop.example/~"] {
            assert!(is_inside(url), "{url}");
        }
        for url in [
            "http://shop.example/",
            "https://shop.example.org/",
            "https://shop.example-2/",
            "https://shop.example:8443/",
            "https://shop.example2/",
            "https://www.shop.example/",
        ] {
            assert!(!is_inside(url), "{url}");
        }
    }
}
