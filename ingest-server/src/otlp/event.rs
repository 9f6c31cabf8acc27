//! Written beacons → events, as the semantic conventions for browsers name them:
//! <https://opentelemetry.io/docs/specs/semconv/browser/events/>
//!
//! The conventions are in development; what they have no name for is called `rhumb.…`.

use crate::{
    ingest::{Country, Written},
    report::metric_name::lower,
};
use beacon::{Connection, FormFactor, MetricName};
use opentelemetry::logs::{AnyValue, LogRecord};

/// The name of the event.
const NAME: &str = "browser.web_vital";

/// Makes an event of each metric that a beacon has changed.
pub(super) fn events<'a, R: LogRecord>(
    written: &'a Written,
    site: &'a str,
    new_record: impl Fn() -> R + 'a,
) -> impl Iterator<Item = R> + 'a {
    written.change.changed().map(move |(name, before, after)| {
        let mut record = new_record();
        record.set_event_name(NAME);
        record.set_timestamp(written.at);
        record.set_observed_timestamp(written.at);
        describe_metric(&mut record, written, name, (before, after));
        describe_page_view(&mut record, written, site);
        record
    })
}

fn describe_metric(
    record: &mut impl LogRecord,
    written: &Written,
    name: MetricName,
    (before, after): (Option<u32>, u32),
) {
    let in_units = |steps: f64| steps / name.steps_per_unit();
    let value = in_units(after.into());
    // Whole steps are subtracted, for 0.3 - 0.1 is not 0.2.
    let delta = in_units(f64::from(after) - f64::from(before.unwrap_or(0)));
    let word = lower(name);
    record.add_attribute("browser.web_vital.id", format!("{}-{word}", written.page_view.id));
    record.add_attribute("browser.web_vital.name", word);
    record.add_attribute("browser.web_vital.value", value);
    record.add_attribute("browser.web_vital.delta", delta);
    record.add_attribute("browser.web_vital.rating", name.rate(value).as_str());
    if let Some(kind) = written.page_view.navigation_type {
        record.add_attribute("browser.web_vital.navigation_type", kind.as_str());
    }
}

fn describe_page_view(record: &mut impl LogRecord, written: &Written, site: &str) {
    let page_view = &written.page_view;
    let mut add = |key: &'static str, value: Option<AnyValue>| {
        if let Some(value) = value {
            record.add_attribute(key, value);
        }
    };
    let text = |text: &Option<String>| text.clone().map(AnyValue::from);
    add("session.id", page_view.session.map(|id| id.to_string().into()));
    add("browser.document.url.full", text(&page_view.url));
    add("url.template", text(&page_view.route));
    add("user_agent.name", text(&page_view.browser));
    add("os.name", text(&page_view.os));
    add("geo.country.iso_code", page_view.country.as_ref().map(Country::as_str).map(owned));
    add("rhumb.site", Some(owned(site)));
    add("rhumb.page_view.id", Some(page_view.id.to_string().into()));
    add("rhumb.release", text(&page_view.release));
    add("rhumb.form_factor", page_view.form_factor.map(FormFactor::as_str).map(AnyValue::from));
    add("rhumb.connection", page_view.connection.map(Connection::as_str).map(AnyValue::from));
    add("rhumb.sample_rate", Some(f64::from(page_view.sample_rate).into()));
}

fn owned(text: &str) -> AnyValue {
    text.to_owned().into()
}
