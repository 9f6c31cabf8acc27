//! Time zone → country: coarse, but it needs neither address nor database.

use super::country::Country;
use std::{collections::HashMap, sync::LazyLock};

/// The table of tzdata: country, coordinates, name, comments.
const ZONES: &str = include_str!("../../../data/zone.tab");
/// Former name, name in the other table.
const FORMER_NAMES: &str = include_str!("../../../data/former_time_zones.tab");

static COUNTRIES: LazyLock<HashMap<&'static str, Country>> = LazyLock::new(|| {
    let mut countries: HashMap<_, _> = rows(ZONES)
        .filter_map(|row| Some((row.get(2).copied()?, Country::from_code(row.first()?)?)))
        .collect();
    for row in rows(FORMER_NAMES) {
        if let [former, today] = row[..]
            && let Some(country) = countries.get(today)
        {
            countries.insert(former, *country);
        }
    }
    countries
});

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// The country in which a time zone lies, by its name in the IANA database, such as
/// `Europe/Berlin`. None for names that are no place's, such as `UTC`.
pub(super) fn country(time_zone: &str) -> Option<Country> {
    COUNTRIES.get(time_zone).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_lies_in_a_country() {
        for (time_zone, expected) in [
            ("Europe/Berlin", Some("DE")),
            ("Europe/Amsterdam", Some("NL")),
            ("America/New_York", Some("US")),
            ("America/Argentina/Buenos_Aires", Some("AR")),
            ("Asia/Kolkata", Some("IN")),
            ("Asia/Calcutta", Some("IN")),
            ("Europe/Kyiv", Some("UA")),
            ("Europe/Kiev", Some("UA")),
            ("Asia/Saigon", Some("VN")),
            ("America/Buenos_Aires", Some("AR")),
            ("Africa/Asmera", Some("ER")),
            ("America/Coral_Harbour", Some("CA")),
            ("Pacific/Truk", Some("FM")),
            ("Iceland", Some("IS")),
            ("US/Pacific", Some("US")),
            ("UTC", None),
            ("Etc/GMT+1", None),
            ("CET", None),
            ("europe/berlin", None),
            ("Mars/Olympus_Mons", None),
            ("", None),
        ] {
            assert_eq!(country(time_zone).as_ref().map(Country::as_str), expected, "{time_zone}");
        }
    }

    #[test]
    fn every_row_of_the_tables_is_used() {
        assert_eq!(COUNTRIES.len(), rows(ZONES).count() + rows(FORMER_NAMES).count());
    }
}
