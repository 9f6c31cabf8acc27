//! Writing page views.

use crate::ingest::PageView;
use beacon::{Connection as EffectiveType, FormFactor, Id, MetricName, NavigationType};
use rusqlite::{Connection, Result, named_params};

const UPSERT: &str = include_str!("upsert_page_view.sql");

/// Writes what a beacon says. The row is the same in whatever order, and however often, the
/// beacons of a page view arrive: it began at the earliest time that any of them says, its
/// circumstances are those of the one with the highest sequence, and each value is that of the
/// highest sequence that has it.
pub(super) fn upsert(connection: &Connection, page_view: &PageView) -> Result<()> {
    let values = page_view.values;
    let mut statement = connection.prepare_cached(UPSERT)?;
    statement.execute(named_params! {
        ":site_id": page_view.site.0,
        ":page_view": page_view.id.0,
        ":sequence": page_view.sequence,
        ":started_at_ms": page_view.started_at.as_millisecond(),
        ":session": page_view.session.map(|Id(bytes)| bytes),
        ":url": page_view.url,
        ":route": page_view.route,
        ":release": page_view.release,
        ":navigation_type": page_view.navigation_type.map(NavigationType::as_str),
        ":form_factor": page_view.form_factor.map(FormFactor::as_str),
        ":connection": page_view.connection.map(EffectiveType::as_str),
        ":sample_rate": page_view.sample_rate,
        ":cls": values.get(MetricName::Cls),
        ":fcp": values.get(MetricName::Fcp),
        ":inp": values.get(MetricName::Inp),
        ":lcp": values.get(MetricName::Lcp),
        ":ttfb": values.get(MetricName::Ttfb),
        ":fid": values.get(MetricName::Fid),
    })?;
    Ok(())
}
