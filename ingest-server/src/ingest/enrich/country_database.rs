//! Address → country, by a database of the user's own: none may be shipped.

use super::country::Country;
use anyhow::{Result, bail};
use maxminddb::{Reader, path};
use std::{fmt, net::IpAddr, path::Path};

/// A MaxMind DB, such as those of MaxMind, DB-IP or IPinfo that have countries. It is in memory.
pub(super) struct CountryDatabase(Reader<Vec<u8>>);

impl CountryDatabase {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read or is no such database; the message names it.
    pub(super) fn open(file: &Path) -> Result<Self> {
        match Reader::open_readfile(file) {
            Ok(reader) => Ok(Self(reader)),
            // Its message has that of its source in it.
            Err(error) => bail!("cannot read the country database {}: {error}", file.display()),
        }
    }

    /// The country that an address is used in; of one that is used by several, the one where it is
    /// registered. None for addresses of private networks, and what else the database does not know.
    pub(super) fn country(&self, address: IpAddr) -> Option<Country> {
        let found = self.0.lookup(address).ok()?;
        // MaxMind's and DB-IP's fields, then IPinfo's.
        let paths = [
            &path!["country", "iso_code"][..],
            &path!["registered_country", "iso_code"],
            &path!["country_code"],
        ];
        let code = |path| found.decode_path::<&str>(path).ok().flatten();
        paths.into_iter().filter_map(code).find_map(Country::from_code)
    }
}

impl fmt::Debug for CountryDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CountryDatabase").field(&self.0.metadata().database_type).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// The networks of `tests/data/countries.py`.
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/countries.mmdb");

    #[test]
    fn an_address_is_used_in_a_country() {
        let database = CountryDatabase::open(Path::new(FILE)).unwrap();
        for (address, expected) in [
            ("198.51.100.1", Some("SE")),
            ("2001:db8::1", Some("JP")),
            ("203.0.113.1", Some("BR")),
            ("192.0.2.1", Some("CH")),
            ("10.0.0.1", None),
            ("::1", None),
        ] {
            let country = database.country(address.parse().unwrap());
            assert_eq!(country.as_ref().map(Country::as_str), expected, "{address}");
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("countries.mmdb");
        let missing = format!("{:#}", CountryDatabase::open(&file).unwrap_err());
        fs::write(&file, "not a database").unwrap();
        let other = format!("{:#}", CountryDatabase::open(&file).unwrap_err());
        for error in [missing, other] {
            assert!(error.contains(&file.display().to_string()), "{error}");
        }
    }
}
