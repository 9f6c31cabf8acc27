//! Reading the values of a period.

use crate::{distribution::Distribution, ingest::SiteId};
use beacon::{Connection as EffectiveType, FormFactor, MetricName, NavigationType};
use jiff::Timestamp;
use rusqlite::{Connection, Result, named_params};
use serde::Serialize;

/// Which page views a question is about.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Whose.
    pub site: SiteId,
    /// Those that began at this time or later …
    pub from: Timestamp,
    /// … and before this one.
    pub to: Timestamp,
    /// Those that these describe.
    pub filters: Filters,
}

/// What page views are alike in; an absent filter takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Filters {
    /// Template of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// The kind of device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form_factor: Option<FormFactor>,
    /// Effective connection type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<EffectiveType>,
    /// Version of the page's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// How the page view came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navigation_type: Option<NavigationType>,
}

/// What was measured on the selected page views.
#[derive(Debug)]
pub struct Measured {
    /// How many there are.
    pub page_views: u64,
    /// The values of each metric, in the order of [`MetricName::ALL`].
    pub distributions: [Distribution; MetricName::ALL.len()],
}

const SELECT: &str = "
    SELECT cls_millionths, fcp_us, inp_us, lcp_us, ttfb_us, fid_us
    FROM page_views
    WHERE site_id = :site_id AND started_at_ms >= :from_ms AND started_at_ms < :to_ms
      AND (:route IS NULL OR route = :route)
      AND (:form_factor IS NULL OR form_factor = :form_factor)
      AND (:connection IS NULL OR connection = :connection)
      AND (:release IS NULL OR release = :release)
      AND (:navigation_type IS NULL OR navigation_type = :navigation_type)
";

/// Reads them in one pass.
pub(super) fn read(connection: &Connection, selection: &Selection) -> Result<Measured> {
    let Selection { site, from, to, filters } = selection;
    let mut measured =
        Measured { page_views: 0, distributions: MetricName::ALL.map(Distribution::new) };
    let mut statement = connection.prepare_cached(SELECT)?;
    let mut rows = statement.query(named_params! {
        ":site_id": site.0,
        ":from_ms": from.as_millisecond(),
        ":to_ms": to.as_millisecond(),
        ":route": filters.route,
        ":form_factor": filters.form_factor.map(FormFactor::as_str),
        ":connection": filters.connection.map(EffectiveType::as_str),
        ":release": filters.release,
        ":navigation_type": filters.navigation_type.map(NavigationType::as_str),
    })?;
    while let Some(row) = rows.next()? {
        measured.page_views += 1;
        for (column, distribution) in measured.distributions.iter_mut().enumerate() {
            if let Some(steps) = row.get(column)? {
                distribution.add(steps);
            }
        }
    }
    Ok(measured)
}
