//! A histogram of page views that are not there any more ⇄ a row of a table.

use super::table::{Column, Fault, Fields, Kind, Record, Value, Values};
use crate::{
    histogram::Histogram,
    ingest::check,
    roll_up::{Cell, Dimension, Hours, MS_PER_HOUR, RouteOnHost, Tally},
};
use beacon::limits;
use serde_json::json;

/// Of anything in a histogram: so many that sums of them stay far below 2^63.
const COUNT_MAX: i64 = 1_000_000_000_000;

/// Page views that began in the same hour or day and are alike in something.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramRecord {
    /// What they are alike in.
    pub dimension: Dimension,
    /// What that is; empty, when it is absent in them.
    pub value: Box<str>,
    /// For how long it is.
    pub hours: Hours,
    /// Its first hour, in hours since 1970.
    pub first_hour: i64,
    /// How many there are, and what was measured on them.
    pub cell: Cell,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// The five columns of a metric.
const METRIC: usize = 5;

impl Record for HistogramRecord {
    const COLUMNS: &'static [Column] = &[
        column("dimension", Kind::Text),
        column("value", Kind::Text),
        column("host", Kind::Text),
        column("hours", Kind::Integer),
        column("began_at", Kind::Time),
        column("page_views", Kind::Integer),
        column("unmeasured", Kind::Integer),
        // In the order of `MetricName::ALL`.
        column("cls_good", Kind::Integer),
        column("cls_needs_improvement", Kind::Integer),
        column("cls_poor", Kind::Integer),
        column("cls_zeros", Kind::Integer),
        column("cls_bins", Kind::Json),
        column("fcp_good", Kind::Integer),
        column("fcp_needs_improvement", Kind::Integer),
        column("fcp_poor", Kind::Integer),
        column("fcp_zeros", Kind::Integer),
        column("fcp_bins", Kind::Json),
        column("inp_good", Kind::Integer),
        column("inp_needs_improvement", Kind::Integer),
        column("inp_poor", Kind::Integer),
        column("inp_zeros", Kind::Integer),
        column("inp_bins", Kind::Json),
        column("lcp_good", Kind::Integer),
        column("lcp_needs_improvement", Kind::Integer),
        column("lcp_poor", Kind::Integer),
        column("lcp_zeros", Kind::Integer),
        column("lcp_bins", Kind::Json),
        column("ttfb_good", Kind::Integer),
        column("ttfb_needs_improvement", Kind::Integer),
        column("ttfb_poor", Kind::Integer),
        column("ttfb_zeros", Kind::Integer),
        column("ttfb_bins", Kind::Json),
        column("fid_good", Kind::Integer),
        column("fid_needs_improvement", Kind::Integer),
        column("fid_poor", Kind::Integer),
        column("fid_zeros", Kind::Integer),
        column("fid_bins", Kind::Json),
    ];

    fn into_values(self) -> Values {
        let Self { dimension, value, hours, first_hour, cell } = self;
        let text = |text: &str| (!text.is_empty()).then(|| Value::Text(text.to_owned()));
        let RouteOnHost { route, host } = RouteOnHost::of_key(&value);
        let mut values = vec![
            text(dimension.as_str()),
            text(route),
            text(host),
            Some(Value::Integer(hours.count())),
            Some(Value::Time(first_hour.saturating_mul(MS_PER_HOUR))),
            Some(Value::Integer(cell.page_views)),
            Some(Value::Integer(cell.unmeasured)),
        ];
        for tally in &cell.metrics {
            if tally.is_empty() {
                values.extend([const { None }; METRIC]);
                continue;
            }
            let ratings = tally.ratings().map(|count| count.try_into().unwrap_or(i64::MAX));
            values.extend(ratings.map(Value::Integer).map(Some));
            values.push(Some(Value::Integer(tally.histogram().zeros())));
            values.push(Some(Value::Json(json!(tally.histogram().bins()))));
        }
        values
    }

    fn from_fields(mut fields: Fields) -> Result<Self, Fault> {
        let dimension = fields.text()?.read(|word| dimension(&word))?.required()?;
        let value = fields.text()?;
        // Of all that page views are alike in, routes and hosts are the longest, and as long.
        let value = check::text(value.name(), value.optional(), limits::ROUTE_BYTES_MAX)?;
        let host = host(&mut fields, dimension)?;
        let hours = fields.integer()?.read(hours)?.required()?;
        let first_hour = fields.time()?.read(|ms| first_hour(ms, hours))?.required()?;
        let page_views = count(&mut fields)?;
        let unmeasured = count(&mut fields)?;
        let mut cell = Cell { page_views, unmeasured, ..Cell::default() };
        if unmeasured > page_views {
            return Err(Fault::of("unmeasured", "is more than page_views"));
        }
        for tally in &mut cell.metrics {
            *tally = take_tally(&mut fields, page_views - unmeasured)?;
        }
        if cell.is_empty() {
            return Err(Fault::of("page_views", "is 0: there is nothing in this histogram"));
        }
        let value = place(value.unwrap_or_default(), host.as_deref(), dimension).into();
        Ok(Self { dimension, value, hours, first_hour, cell })
    }
}

/// Where the route is, if that is what the dimension has for its values.
fn host(fields: &mut Fields, dimension: Dimension) -> Result<Option<String>, Fault> {
    let is_unexpected = |_: &String| !Dimension::ROUTES.contains(&dimension);
    let field = fields.text()?.unexpected(is_unexpected, || "is for routes only".to_owned())?;
    Ok(check::text(field.name(), field.optional(), check::HOST_BYTES_MAX)?)
}

fn place(value: String, host: Option<&str>, dimension: Dimension) -> String {
    if !Dimension::ROUTES.contains(&dimension) {
        return value;
    }
    RouteOnHost { route: &value, host: host.unwrap_or_default() }.key()
}

fn take_tally(fields: &mut Fields, measured: i64) -> Result<Tally, Fault> {
    let mut ratings = [0; 3];
    for rating in &mut ratings {
        *rating = count(fields)?;
    }
    let zeros = count(fields)?;
    let bins = fields.json()?;
    let name = bins.name();
    let bins = bins.read(serde_json::from_value::<Vec<(i16, i64)>>)?.optional().unwrap_or_default();
    if bins.iter().any(|(_, count)| !(1..=COUNT_MAX).contains(count)) {
        return Err(Fault::of(name, format!("has a count that is not 1 to {COUNT_MAX}")));
    }
    let binned = bins.iter().map(|(_, count)| count).fold(zeros, |sum, count| sum + count);
    let rated: i64 = ratings.iter().sum();
    if rated != binned {
        let detail = format!("and zeros are {binned} values, but {rated} are rated");
        return Err(Fault::of(name, detail));
    }
    if rated > measured {
        let detail = format!("and zeros are {rated} values of {measured} page views");
        return Err(Fault::of(name, detail));
    }
    let histogram = Histogram::of_bins(zeros, bins)
        .ok_or_else(|| Fault::of(name, "are not in ascending order"))?;
    Ok(Tally::of(ratings.map(i64::cast_unsigned), histogram))
}

fn dimension(word: &str) -> Result<Dimension, String> {
    Dimension::from_word(word).ok_or_else(|| {
        let words = Dimension::ALL.map(Dimension::as_str).join(", ");
        format!("is none of {words}")
    })
}

fn hours(number: i64) -> Result<Hours, &'static str> {
    [Hours::Hour, Hours::Day]
        .into_iter()
        .find(|hours| hours.count() == number)
        .ok_or("is neither 1 nor 24")
}

fn first_hour(ms: i64, hours: Hours) -> Result<i64, &'static str> {
    match hours {
        _ if ms < 0 => Err("lies before 1970"),
        Hours::Hour if ms % MS_PER_HOUR != 0 => Err("is no full hour"),
        Hours::Day if ms % (Hours::Day.count() * MS_PER_HOUR) != 0 => Err("is no midnight of UTC"),
        Hours::Hour | Hours::Day => Ok(ms / MS_PER_HOUR),
    }
}

/// Absent is none.
fn count(fields: &mut Fields) -> Result<i64, Fault> {
    let field = fields.integer()?.unexpected(
        |count| !(0..=COUNT_MAX).contains(count),
        || format!("is not 0 to {COUNT_MAX}"),
    )?;
    Ok(field.optional().unwrap_or_default())
}
