//! What a page claims → what is true enough to be stored.

use super::{
    check,
    outcome::{Reason, Rejection},
    page_view::{Measurements, PageView},
    request_facts::RequestFacts,
    sections::Sections,
};
use crate::store::sqlite::{Site, Sites};
use beacon::{Beacon, Metric, limits};
use jiff::{SignedDuration, Timestamp};

/// How far ahead of ours a page's clock may be.
const CLOCK_AHEAD_MAX: SignedDuration = SignedDuration::from_secs(60);
/// How long ago a page view may have begun.
const AGE_MAX: SignedDuration = SignedDuration::from_millis(limits::AGE_MS_MAX as i64);

/// A beacon that is true enough to be stored, to be [enriched](super::Enricher::enrich).
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub(super) page_view: PageView,
    /// The name of its site.
    pub(super) site: String,
    /// Whether its address is on a host from which the site takes beacons by name.
    pub(super) is_on_own_host: bool,
    /// Where the visitor's clock is right.
    pub(super) time_zone: Option<String>,
}

/// Checks a beacon.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn accept(
    mut beacon: Beacon,
    facts: &RequestFacts<'_>,
    sites: &Sites,
) -> Result<Checked, Rejection> {
    let Site { id: site, origins } = site(&beacon.site, facts.origin, sites)?;
    let started_at = started_at(&beacon, facts)?;
    let sections = Sections::take(&mut beacon)?;
    let url = beacon.url.map(|text| check::url(&text)).transpose()?;
    let host = url.as_deref().and_then(check::host).map(str::to_owned);
    let is_on_own_host = origins.iter().any(|origin| check::host(origin) == host.as_deref());
    let page_view = PageView {
        site: *site,
        id: beacon.page_view,
        sequence: beacon.sequence,
        session: beacon.session,
        started_at,
        url,
        host,
        route: check::text("route", beacon.route, limits::ROUTE_BYTES_MAX)?,
        release: check::text("release", beacon.release, limits::RELEASE_BYTES_MAX)?,
        navigation_type: beacon.navigation_type,
        form_factor: beacon.form_factor,
        browser: None,
        os: None,
        country: None,
        is_bot: false,
        connection: beacon.connection,
        sample_rate: check::sample_rate(beacon.sample_rate)?,
        measurements: measurements(beacon.metrics, facts.is_unmeasured)?,
        sections,
    };
    let of_request = || facts.time_zone.map(str::to_owned);
    let time_zone = time_zone(beacon.time_zone)?.or_else(of_request);
    Ok(Checked { page_view, site: beacon.site, is_on_own_host, time_zone })
}

/// Checks the name of a time zone. One that nobody knows is none.
///
/// # Errors
/// It is empty, too long, or no text.
pub fn time_zone(name: Option<String>) -> Result<Option<String>, Rejection> {
    check::text("time_zone", name, limits::TIME_ZONE_BYTES_MAX)
}

fn site<'a>(name: &str, origin: Option<&str>, sites: &'a Sites) -> Result<&'a Site, Rejection> {
    let Some(site) = sites.get(name) else {
        let shown = shorten(name);
        let detail = format!("there is no site {shown:?}; `rhumb site add` creates one");
        return Err(Rejection::of(Reason::UnknownSite, "site", detail));
    };
    let allowed = |origin: &str| site.origins.iter().any(|allowed| allowed == origin);
    if !site.origins.is_empty() && !origin.is_some_and(allowed) {
        let shown = shorten(origin.unwrap_or("none"));
        let detail = format!(
            "the site {name:?} takes beacons only from the origins it lists, not from {shown}; \
             `rhumb site add {name} --origin …` changes them"
        );
        return Err(Rejection::of(Reason::OriginNotAllowed, "site", detail));
    }
    Ok(site)
}

/// An answer does not repeat more of a request than helps.
fn shorten(text: &str) -> String {
    text.chars().take(limits::SITE_BYTES_MAX).collect()
}

fn started_at(beacon: &Beacon, facts: &RequestFacts<'_>) -> Result<Timestamp, Rejection> {
    let RequestFacts { received_at, delay_ms, .. } = *facts;
    match (beacon.age_ms, &beacon.started_at) {
        (Some(_), Some(_)) => Err(Rejection::of(
            Reason::InvalidTime,
            "started_at",
            "started_at and age_ms are two ways to say the same; send one of them",
        )),
        (age_ms, None) => {
            let age_ms = age_ms.unwrap_or(0).saturating_add(delay_ms);
            began(age_ms, if delay_ms > 0 { "delay_ms" } else { "age_ms" }, received_at)
        }
        (None, Some(text)) => claimed_time(text, received_at),
    }
}

/// What is too old is refused in the name of the field that made it so.
fn began(age_ms: u32, field: &str, received_at: Timestamp) -> Result<Timestamp, Rejection> {
    if age_ms > limits::AGE_MS_MAX {
        let max = limits::AGE_MS_MAX;
        let detail = format!("{field} makes the page view {age_ms} ms old, at most {max} is taken");
        return Err(Rejection::of(Reason::InvalidTime, field, detail).limit(max));
    }
    Ok(received_at - SignedDuration::from_millis(i64::from(age_ms)))
}

fn claimed_time(text: &str, received_at: Timestamp) -> Result<Timestamp, Rejection> {
    let invalid = |detail: &str| Rejection::of(Reason::InvalidTime, "started_at", detail);
    let time: Timestamp = text
        .parse()
        .map_err(|_| invalid("started_at is no RFC 3339 time, such as 2026-11-23T08:00:00Z"))?;
    let ahead = time.duration_since(received_at);
    if ahead > CLOCK_AHEAD_MAX {
        Err(invalid("started_at lies more than 60 seconds in the future; check the sender's clock"))
    } else if -ahead > AGE_MAX {
        Err(invalid("started_at lies more than 30 days in the past"))
    } else {
        Ok(time)
    }
}

fn measurements(metrics: Vec<Metric>, is_unmeasured: bool) -> Result<Measurements, Rejection> {
    if metrics.is_empty() && !is_unmeasured {
        let detail = "metrics is empty; a beacon reports at least one, or is posted with \
                      ?unmeasured";
        return Err(Rejection::of(Reason::NoMetrics, "metrics", detail));
    }
    if !metrics.is_empty() && is_unmeasured {
        let detail = "a page view that has metrics was measured; leave unmeasured out";
        return Err(Rejection::of(Reason::UnexpectedMetrics, "metrics", detail));
    }
    let mut measurements = Measurements::default();
    for (index, metric) in metrics.into_iter().enumerate() {
        check::in_range(|| format!("metrics[{index}].value"), metric.name, metric.value)?;
        check::explained(|| format!("metrics[{index}].attribution"), &metric.attribution)?;
        let name = metric.name.as_str();
        if measurements.insert(metric).is_some() {
            let field = format!("metrics[{index}].name");
            let detail = format!("{name} is there twice; a beacon has each metric at most once");
            return Err(Rejection::of(Reason::DuplicateMetric, &field, detail));
        }
    }
    Ok(measurements)
}
