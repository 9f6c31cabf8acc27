//! A page view ⇄ a row of a table.

use super::{
    sections::SectionRecords,
    sequence::{at_most, sequence},
    table::{Column, Fault, Field, Fields, Kind, Record, Value, Values},
};
use crate::ingest::{Country, Measurement, check};
use beacon::{Attribution, Connection, FormFactor, Metric, MetricName, NavigationType, limits};
use jiff::Timestamp;

/// How far ahead of the day on which it arrived a page view may have begun: a page's clock may be
/// wrong by so much.
const AHEAD_MS_MAX: i64 = 60_000;
const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;
/// Bits of the key of a session.
const SESSION_BITS: u32 = 32;

/// A page view with all that is kept of it, but for the numbers that stand for its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct PageViewRecord {
    /// A hash of its site and of the id that its sender chose, which is not kept.
    pub key: i64,
    /// A hash of the visit's id.
    pub session: Option<i64>,
    /// That of its latest beacon.
    pub sequence: u32,
    /// The day on which its first beacon arrived, in days since 1970.
    pub arrived_on: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// Address.
    pub url: Option<String>,
    /// Host and port of the address, or `(other)`.
    pub host: Option<String>,
    /// Template of the address.
    pub route: Option<String>,
    /// Version of the page's code.
    pub release: Option<String>,
    /// How it came about.
    pub navigation_type: Option<NavigationType>,
    /// The kind of device.
    pub form_factor: Option<FormFactor>,
    /// Family of browsers.
    pub browser: Option<String>,
    /// Operating system.
    pub os: Option<String>,
    /// Where the visitor is.
    pub country: Option<Country>,
    /// Effective connection type.
    pub connection: Option<Connection>,
    /// Whether nobody looked at it.
    pub is_bot: bool,
    /// Over 0, at most 1.
    pub sample_rate: f32,
    /// In the order of [`MetricName::ALL`].
    pub metrics: [Option<MetricRecord>; MetricName::ALL.len()],
    /// What explains it besides.
    pub sections: SectionRecords,
}

/// A metric of a page view.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRecord {
    /// That of the beacon it is from.
    pub sequence: u32,
    /// What that said.
    pub measurement: Measurement,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

impl Record for PageViewRecord {
    const COLUMNS: &'static [Column] = &[
        column("key", Kind::Text),
        column("session_key", Kind::Text),
        column("sequence", Kind::Integer),
        column("arrived_on", Kind::Date),
        column("started_at", Kind::Time),
        column("url", Kind::Text),
        column("host", Kind::Text),
        column("route", Kind::Text),
        column("release", Kind::Text),
        column("navigation_type", Kind::Text),
        column("form_factor", Kind::Text),
        column("browser", Kind::Text),
        column("os", Kind::Text),
        column("country", Kind::Text),
        column("connection", Kind::Text),
        column("is_bot", Kind::Boolean),
        column("sample_rate", Kind::Real),
        // In the order of `MetricName::ALL`.
        column("cls", Kind::Real),
        column("cls_sequence", Kind::Integer),
        column("cls_attribution", Kind::Json),
        column("fcp_ms", Kind::Real),
        column("fcp_sequence", Kind::Integer),
        column("fcp_attribution", Kind::Json),
        column("inp_ms", Kind::Real),
        column("inp_sequence", Kind::Integer),
        column("inp_attribution", Kind::Json),
        column("lcp_ms", Kind::Real),
        column("lcp_sequence", Kind::Integer),
        column("lcp_attribution", Kind::Json),
        column("ttfb_ms", Kind::Real),
        column("ttfb_sequence", Kind::Integer),
        column("ttfb_attribution", Kind::Json),
        column("fid_ms", Kind::Real),
        column("fid_sequence", Kind::Integer),
        column("renders", Kind::Json),
        column("renders_sequence", Kind::Integer),
        column("long_frames", Kind::Json),
        column("long_frames_sequence", Kind::Integer),
        column("measures", Kind::Json),
        column("measures_sequence", Kind::Integer),
        column("resources", Kind::Json),
        column("resources_sequence", Kind::Integer),
        column("memory", Kind::Json),
        column("memory_sequence", Kind::Integer),
        column("errors", Kind::Json),
        column("errors_sequence", Kind::Integer),
        column("requests", Kind::Json),
        column("requests_sequence", Kind::Integer),
        column("profile", Kind::Json),
        column("profile_sequence", Kind::Integer),
        column("timeline", Kind::Json),
        column("timeline_sequence", Kind::Integer),
    ];

    fn into_values(self) -> Values {
        let text = |text: Option<String>| text.map(Value::Text);
        let word = |word: Option<&str>| word.map(|word| Value::Text(word.to_owned()));
        let session = self.session.map(|session| {
            let digits = SESSION_BITS as usize / 4;
            let bits = session.cast_unsigned() & ((1 << SESSION_BITS) - 1);
            Value::Text(format!("{bits:0digits$x}"))
        });
        let mut values = vec![
            Some(Value::Text(format!("{:016x}", self.key))),
            session,
            Some(Value::Integer(self.sequence.into())),
            Some(Value::Date(self.arrived_on)),
            Some(Value::Time(self.started_at.as_millisecond())),
            text(self.url),
            text(self.host),
            text(self.route),
            text(self.release),
            word(self.navigation_type.map(NavigationType::as_str)),
            word(self.form_factor.map(FormFactor::as_str)),
            text(self.browser),
            text(self.os),
            word(self.country.as_ref().map(Country::as_str)),
            word(self.connection.map(Connection::as_str)),
            Some(Value::Boolean(self.is_bot)),
            Some(Value::Real(as_written(self.sample_rate))),
        ];
        for (name, metric) in MetricName::ALL.into_iter().zip(self.metrics) {
            put_metric(&mut values, name, self.sequence, metric);
        }
        self.sections.put(&mut values, self.sequence);
        values
    }

    fn from_fields(mut fields: Fields) -> Result<Self, Fault> {
        let key = fields.text()?.read(|text| hex(&text, u64::BITS))?.required()?;
        let session = fields.text()?.read(|text| hex(&text, SESSION_BITS))?.optional();
        let sequence = sequence(&mut fields)?.required()?;
        let arrived_on = fields.date()?.required()?;
        let started_at = fields.time()?.read(|ms| began(ms, arrived_on))?.required()?;
        let mut record = Self {
            key: key.cast_signed(),
            // As the hash was cut: with its sign.
            session: session
                .map(|bits| (bits << (64 - SESSION_BITS)).cast_signed() >> (64 - SESSION_BITS)),
            sequence,
            arrived_on,
            started_at,
            url: fields.text()?.optional().map(|text| check::url(&text)).transpose()?,
            host: text(&mut fields, check::HOST_BYTES_MAX)?,
            route: text(&mut fields, limits::ROUTE_BYTES_MAX)?,
            release: text(&mut fields, limits::RELEASE_BYTES_MAX)?,
            navigation_type: word(
                &mut fields,
                NavigationType::from_word,
                NavigationType::as_str,
                NavigationType::ALL,
            )?,
            form_factor: word(
                &mut fields,
                FormFactor::from_word,
                FormFactor::as_str,
                FormFactor::ALL,
            )?,
            browser: text(&mut fields, check::AGENT_BYTES_MAX)?,
            os: text(&mut fields, check::AGENT_BYTES_MAX)?,
            country: fields.text()?.read(|code| country(&code))?.optional(),
            connection: word(
                &mut fields,
                Connection::from_word,
                Connection::as_str,
                Connection::ALL,
            )?,
            is_bot: fields.boolean()?.required()?,
            sample_rate: check::sample_rate(as_kept(fields.real()?.required()?))?,
            metrics: [const { None }; MetricName::ALL.len()],
            sections: SectionRecords::default(),
        };
        // Exports of before have none.
        if record.host.is_none() {
            record.host = record.url.as_deref().and_then(check::host).map(str::to_owned);
        }
        for (name, metric) in MetricName::ALL.into_iter().zip(&mut record.metrics) {
            *metric = take_metric(&mut fields, name, sequence)?;
        }
        record.sections = SectionRecords::take(&mut fields, sequence)?;
        Ok(record)
    }
}

/// A rate as it is written in decimals, which are fewer than those of the nearest larger number.
fn as_written(rate: f32) -> f64 {
    rate.to_string().parse().unwrap_or_else(|_| rate.into())
}

#[expect(clippy::cast_possible_truncation, reason = "it was made of such a number")]
fn as_kept(rate: f64) -> f32 {
    rate as f32
}

fn put_metric(values: &mut Values, name: MetricName, row: u32, metric: Option<MetricRecord>) {
    let has_attribution = name != MetricName::Fid;
    let Some(MetricRecord { sequence, measurement }) = metric else {
        values.extend([None, None]);
        values.extend(has_attribution.then_some(None));
        return;
    };
    let Measurement { steps, attribution } = measurement;
    let value = f64::from(steps) / name.steps_per_unit();
    let is_other = sequence != row;
    values.push(Some(Value::Real(value)));
    values.push(is_other.then(|| Value::Integer(sequence.into())));
    if has_attribution {
        let explained = attribution != Attribution::default();
        // Names, numbers and texts can always be written.
        let json = explained.then(|| serde_json::to_value(attribution).unwrap_or_default());
        values.push(json.map(Value::Json));
    }
}

fn take_metric(
    fields: &mut Fields,
    name: MetricName,
    row: u32,
) -> Result<Option<MetricRecord>, Fault> {
    let value = fields.real()?;
    let own_sequence = sequence(fields)?;
    let attribution = match name {
        MetricName::Fid => Field::absent("fid_attribution"),
        _ => fields.json()?.read(serde_json::from_value::<Attribution>)?,
    };
    let (value_name, attribution_name) = (value.name(), attribution.name());
    let Some(value) = value.optional() else {
        own_sequence.unexpected(|_| true, || format!("is there without {value_name}"))?;
        attribution.unexpected(|_| true, || format!("is there without {value_name}"))?;
        return Ok(None);
    };
    let own_sequence = at_most(own_sequence, row)?;
    let attribution = attribution.optional().unwrap_or_default();
    check::in_range(|| value_name.to_owned(), name, value)?;
    check::explained(|| attribution_name.to_owned(), &attribution)?;
    let measurement = Measurement::of(Metric { name, value, attribution });
    Ok(Some(MetricRecord { sequence: own_sequence.unwrap_or(row), measurement }))
}

fn hex(text: &str, bits: u32) -> Result<u64, String> {
    let digits = bits / 4;
    let is_hex = text.len() == digits as usize && text.bytes().all(|it| it.is_ascii_hexdigit());
    let number = is_hex.then(|| u64::from_str_radix(text, 16).ok()).flatten();
    number.ok_or_else(|| format!("is not {digits} hexadecimal digits"))
}

fn began(ms: i64, arrived_on: i64) -> Result<Timestamp, String> {
    let end = (arrived_on.saturating_add(1)).saturating_mul(MS_PER_DAY);
    if ms > end.saturating_add(AHEAD_MS_MAX) {
        return Err("lies more than a minute after the day of arrived_on".to_owned());
    }
    let time = (ms >= 0).then(|| Timestamp::from_millisecond(ms).ok()).flatten();
    time.ok_or_else(|| "lies before 1970".to_owned())
}

fn text(fields: &mut Fields, bytes_max: usize) -> Result<Option<String>, Fault> {
    let field = fields.text()?;
    let name = field.name();
    Ok(check::text(name, field.optional(), bytes_max)?)
}

fn word<T: Copy>(
    fields: &mut Fields,
    from_word: fn(&str) -> Option<T>,
    as_str: fn(T) -> &'static str,
    all: &[T],
) -> Result<Option<T>, Fault> {
    let read = |text: String| {
        from_word(&text).ok_or_else(|| {
            let words = all.iter().map(|word| as_str(*word)).collect::<Vec<_>>();
            format!("is none of {}", words.join(", "))
        })
    };
    Ok(fields.text()?.read(read)?.optional())
}

fn country(code: &str) -> Result<Country, &'static str> {
    let known = Country::from_code(code).filter(|country| country.as_str() == code);
    known.ok_or("is no country; it is two capital letters of ISO 3166-1, such as DE")
}
