//! What is asked: the body of a request.

use super::{metric::Metric, refusal::Refusal};
use crate::{ingest::check, store::sqlite::Address};
use beacon::FormFactor;
use serde_json::Value;
use url::Url;

/// Periods of a history that is asked for without a number.
pub(super) const PERIODS_DEFAULT: u8 = 25;
/// The most periods of a history.
pub(super) const PERIODS_MAX: u8 = 40;
/// What is left in an error of what was sent.
const SHOWN_CHARS_MAX: usize = 40;

/// The word for devices of any kind.
pub(super) const ALL_FORM_FACTORS: &str = "ALL_FORM_FACTORS";

/// The methods that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// `records:queryRecord`
    Record,
    /// `records:queryHistoryRecord`
    History,
}

/// Which record is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// Where pages are, normalized.
    pub(crate) address: Address,
    /// The same as it was written.
    pub(super) asked: String,
    /// On what devices; on all, when it is absent.
    pub(crate) form_factor: Option<FormFactor>,
    /// How many periods, of a history.
    pub(crate) periods: u8,
    /// All that there are, when none is named.
    metrics: Vec<(&'static str, Metric)>,
}

impl Query {
    /// Reads a body. As in Protocol Buffers, a field may also be named in `snake_case`, and null stands
    /// for an absent one.
    ///
    /// # Errors
    /// The body is no JSON object of known fields with values that are taken.
    pub(crate) fn parse(body: &[u8], api: Api) -> Result<Self, Refusal> {
        let malformed = |what: &str| Refusal::of_body(format!("{UNREADABLE} {what}"));
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return Err(malformed("It is no JSON object.")),
            Err(error) => return Err(malformed(&format!("Expected a JSON object: {error}."))),
        };
        let (mut address, mut form_factor) = (None, None);
        let (mut periods, mut metrics) = (PERIODS_DEFAULT, Vec::new());
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
            match (&*name, api) {
                ("origin" | "url", _) if address.is_some() => return Err(set_twice(&name)),
                ("origin", _) => address = Some(read("origin", value, origin)?),
                ("url", _) => address = Some(read("url", value, url)?),
                ("formFactor" | "form_factor", _) => form_factor = read_form_factor(&value)?,
                ("metrics", _) => metrics = read_metrics(&value)?,
                ("collectionPeriodCount" | "collection_period_count", Api::History) => {
                    periods = read_periods(&value)?;
                }
                _ => return Err(unknown(&name)),
            }
        }
        let (asked, address) = address.ok_or_else(|| {
            let problem = "Name an 'origin' such as https://shop.example, or a 'url'.";
            Refusal::of_request(problem.to_owned())
        })?;
        Ok(Self { address, asked, form_factor, periods, metrics })
    }

    /// What is asked for, by name. How page views spread over devices is told of all devices only.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (&'static str, Metric)> {
        let asked = if self.metrics.is_empty() { &Metric::ALL[..] } else { &self.metrics };
        let is_of_one_kind = self.form_factor.is_some();
        let asked = asked.iter().copied();
        asked.filter(move |(_, metric)| *metric != Metric::FormFactors || !is_of_one_kind)
    }

    /// Whether it is asked how page views came about.
    pub(crate) fn wants_navigation_types(&self) -> bool {
        self.metrics().any(|(_, metric)| metric == Metric::NavigationTypes)
    }
}

/// The word for a kind of device.
pub(super) fn form_factor_word(form_factor: FormFactor) -> &'static str {
    match form_factor {
        FormFactor::Phone => "PHONE",
        FormFactor::Tablet => "TABLET",
        FormFactor::Desktop => "DESKTOP",
    }
}

const UNREADABLE: &str = "Invalid JSON payload received.";

/// An address as it is written, and normalized.
fn read(
    field: &'static str,
    value: Value,
    normalize: fn(&str) -> Result<Address, String>,
) -> Result<(String, Address), Refusal> {
    let Value::String(text) = value else { return Err(invalid(field, "TYPE_STRING", &value)) };
    let address = normalize(&text).map_err(|what| Refusal::of_field(field, what))?;
    Ok((text, address))
}

fn url(text: &str) -> Result<Address, String> {
    check::url(text).map(Address::Url).map_err(|rejection| rejection.detail)
}

/// Of an address with a path, the origin is meant.
fn origin(text: &str) -> Result<Address, String> {
    let url = check::url(text).ok().and_then(|url| Url::parse(&url).ok());
    let url = url.ok_or("origin is no address such as https://shop.example")?;
    Ok(Address::Origin(url.origin().ascii_serialization()))
}

fn read_form_factor(value: &Value) -> Result<Option<FormFactor>, Refusal> {
    let word = value.as_str();
    if word == Some(ALL_FORM_FACTORS) {
        return Ok(None);
    }
    let found = FormFactor::ALL.iter().find(|it| Some(form_factor_word(**it)) == word);
    found.copied().map(Some).ok_or_else(|| {
        let kind = "type.googleapis.com/google.chrome.uxreport.v1.FormFactor";
        invalid("form_factor", kind, value)
    })
}

fn read_metrics(value: &Value) -> Result<Vec<(&'static str, Metric)>, Refusal> {
    let names = value.as_array().ok_or_else(|| invalid("metrics", "TYPE_STRING", value))?;
    let known = |name: &Value| {
        let found = Metric::ALL.into_iter().find(|(known, _)| Some(*known) == name.as_str());
        found.ok_or_else(|| {
            let all = Metric::ALL.map(|(name, _)| name).join(", ");
            let problem =
                format!("Invalid value at 'metrics', {}; it is none of {all}", shown(name));
            Refusal::of_field("metrics", problem)
        })
    };
    names.iter().map(known).collect()
}

fn read_periods(value: &Value) -> Result<u8, Refusal> {
    let count = value.as_u64().and_then(|count| u8::try_from(count).ok());
    count.filter(|count| (1..=PERIODS_MAX).contains(count)).ok_or_else(|| {
        let field = "collection_period_count";
        let problem =
            format!("Invalid value at '{field}', {}; it is 1 to {PERIODS_MAX}", shown(value));
        Refusal::of_field(field, problem)
    })
}

fn invalid(field: &'static str, kind: &str, value: &Value) -> Refusal {
    Refusal::of_field(field, format!("Invalid value at '{field}' ({kind}), {}", shown(value)))
}

fn set_twice(name: &str) -> Refusal {
    Refusal::of_request(format!(
        "Invalid value (oneof), oneof field 'url_pattern' is already set. Cannot set '{name}'"
    ))
}

fn unknown(name: &str) -> Refusal {
    let name = shown(&Value::from(name));
    Refusal::of_request(format!("{UNREADABLE} Unknown name {name}: Cannot find field."))
}

/// The beginning of what was sent.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
