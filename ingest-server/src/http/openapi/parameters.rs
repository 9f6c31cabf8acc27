//! Parameters that many routes have in common; what page views can be filtered by is said of
//! [`Filters`](crate::store::sqlite::Filters).

use crate::http::media::Media;
use utoipa::IntoParams;

/// Which site is asked about.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it is described here, and read by name")]
pub(in crate::http) struct OfSite {
    /// The name of the site.
    #[param(example = "default")]
    site: String,
}

/// Which time is asked about.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "they are described here, and read by name")]
pub(in crate::http) struct InPeriod {
    /// The first moment, or the first day: RFC 3339 or a date such as 2026-11-23. 28 days before `to`, unless it is said;
    /// at most 400 days.
    from: Option<String>,
    /// The moment after the last, or the last day; now, unless it is said.
    to: Option<String>,
    /// In whose time dates are: an IANA name such as `Europe/Berlin`. UTC, unless it is said.
    #[param(max_length = 64)]
    tz: Option<String>,
}

/// As what an answer is sent that can be a table.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it is described here, and read by name")]
pub(in crate::http) struct AsTable {
    /// What is wanted, whatever `Accept` says; a table then comes as a file, for spreadsheets.
    #[param(inline)]
    format: Option<Media>,
}
