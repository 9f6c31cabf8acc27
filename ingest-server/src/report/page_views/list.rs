//! The latest and the slowest page views.

use crate::{
    ingest::Country,
    report::{
        Period, Question, Unit,
        cursor::Cursor,
        metric_name::{IN_ORDER, MetricWord, by_metric, lower},
        parameters::{Parameters, QuestionError, error, number},
    },
    store::sqlite::{Filters, LOOKED_AT_MAX, Listed, Order, PageViewKey, Place},
    transfer::PageViewRecord,
};
use beacon::{Connection, FormFactor, MetricName, NavigationType, Rating};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Page views of an answer, unless it is asked for more or fewer.
pub const LIST_DEFAULT: usize = 20;
/// The most that one answer has.
pub const LIST_MAX: usize = 100;

/// A question for page views.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuestion {
    /// Which.
    pub question: Question,
    /// In which order.
    pub order: Order,
    /// Behind which place.
    pub behind: Option<Place>,
    /// How many.
    pub limit: usize,
    cursor: Cursor,
}

/// The answer of `GET /v1/sites/{site}/page-views`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageViews {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What they are alike in.
    pub filters: Filters,
    /// From when on every page view of the period is still there.
    pub kept_from: Timestamp,
    /// `recent` or `slowest`.
    pub order: OrderWord,
    /// By which metric they are ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub metric: Option<MetricWord>,
    /// So many page views of all sites were looked at: those that arrived last. Absent where all were.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub of_latest: Option<u32>,
    /// In order.
    pub rows: Vec<Row>,
    /// The `cursor` of the next ones; null after the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// The words for orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderWord {
    /// The one that arrived last first.
    Recent,
    /// The one with the largest value first.
    Slowest,
}

/// A page view, and what was measured on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PageViewRow)]
pub struct Row {
    /// By which it can be asked for.
    pub id: PageViewKey,
    /// When it began.
    pub started_at: Timestamp,
    /// Address, without query string and fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
    /// What it was seen by and where.
    #[serde(flatten)]
    pub circumstances: Circumstances,
    /// By metric, in lower case.
    #[serde(serialize_with = "by_metric")]
    #[schema(value_type = BTreeMap<MetricWord, MetricValue>)]
    pub metrics: [Option<MetricValue>; MetricName::ALL.len()],
}

/// What reports can be filtered by.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Circumstances {
    /// Template of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub route: Option<String>,
    /// Version of the page's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub release: Option<String>,
    /// How it came about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub navigation_type: Option<NavigationType>,
    /// The kind of device.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub form_factor: Option<FormFactor>,
    /// Family of browsers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub browser: Option<String>,
    /// Operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub os: Option<String>,
    /// Where the visitor is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub country: Option<String>,
    /// Effective connection type.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub connection: Option<Connection>,
}

/// A value of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct MetricValue {
    /// What it is.
    pub unit: Unit,
    /// In that unit.
    pub value: f64,
    /// How it is rated.
    pub rating: Rating,
}

impl ListQuestion {
    /// Takes from the parameters what this question may have; the `cursor` only belongs to the same
    /// site, order and filters.
    ///
    /// # Errors
    /// Names the parameter that is unknown, or cannot be read.
    pub fn take(
        mut parameters: Parameters,
        site: &str,
        now: Timestamp,
    ) -> Result<Self, QuestionError> {
        // The usual period moves on with the clock.
        let cursor = Cursor::of(&parameters, site, &["cursor", "limit", "from", "to", "tz"]);
        let metric = parameters.one_of("metric", &IN_ORDER, lower)?;
        let order = parameters.one_of("order", &OrderWord::ALL, OrderWord::as_str)?;
        let order = match (order, metric) {
            (Some(OrderWord::Recent), Some(_)) => {
                let problem = "is for order=slowest; the recent ones have no metric";
                return Err(error("metric", problem));
            }
            (Some(OrderWord::Recent) | None, None) => Order::Recent,
            // Whoever names a metric wants the slowest.
            (Some(OrderWord::Slowest) | None, metric) => {
                Order::Slowest(metric.unwrap_or(MetricName::Lcp))
            }
        };
        let limit = parameters.take_as("limit", number(1..=LIST_MAX))?.unwrap_or(LIST_DEFAULT);
        let behind = parameters.take_as("cursor", |name, value| cursor.read(name, value))?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["order", "metric", "limit", "cursor"])?;
        Ok(Self { question, order, behind, limit, cursor })
    }
}

impl OrderWord {
    const ALL: [Self; 2] = [Self::Recent, Self::Slowest];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Slowest => "slowest",
        }
    }
}

/// Answers with what was found.
pub fn list(site: &str, asked: ListQuestion, found: Listed) -> PageViews {
    let ListQuestion { question: Question { period, filters }, order, cursor, .. } = asked;
    let Listed { page_views, last, kept_from, is_whole } = found;
    let (order, metric) = match order {
        Order::Recent => (OrderWord::Recent, None),
        Order::Slowest(metric) => (OrderWord::Slowest, Some(MetricWord(metric))),
    };
    PageViews {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        order,
        metric,
        of_latest: (!is_whole).then_some(LOOKED_AT_MAX),
        rows: page_views.into_iter().map(row).collect(),
        next: last.map(|place| cursor.write(&place)),
    }
}

fn row(record: PageViewRecord) -> Row {
    let mut metrics = [None; MetricName::ALL.len()];
    for ((value, name), metric) in metrics.iter_mut().zip(MetricName::ALL).zip(&record.metrics) {
        *value = metric.as_ref().map(|it| MetricValue::of(name, it.measurement.steps));
    }
    Row {
        id: PageViewKey(record.key),
        started_at: record.started_at,
        circumstances: Circumstances::of(&record),
        url: record.url,
        metrics,
    }
}

impl MetricValue {
    /// Of a metric, in [steps](MetricName::steps_per_unit).
    pub(super) fn of(name: MetricName, steps: u32) -> Self {
        let (unit, value) = (Unit::of(name), f64::from(steps) / name.steps_per_unit());
        Self { unit, value: unit.round(value), rating: name.rate(value) }
    }
}

impl Circumstances {
    /// Those of a page view.
    pub(super) fn of(record: &PageViewRecord) -> Self {
        Self {
            route: record.route.clone(),
            release: record.release.clone(),
            navigation_type: record.navigation_type,
            form_factor: record.form_factor,
            browser: record.browser.clone(),
            os: record.os.clone(),
            country: record.country.as_ref().map(Country::as_str).map(str::to_owned),
            connection: record.connection,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Result<ListQuestion, QuestionError> {
        let now = "2026-11-23T08:00:30Z".parse().unwrap();
        ListQuestion::take(Parameters::parse(query)?, "shop", now)
    }

    #[test]
    fn without_parameters_the_latest_are_asked_for() {
        let asked = ask("").unwrap();
        assert_eq!((asked.order, asked.behind, asked.limit), (Order::Recent, None, LIST_DEFAULT));
        assert_eq!(ask("order=slowest").unwrap().order, Order::Slowest(MetricName::Lcp));
        assert_eq!(ask("metric=inp").unwrap().order, Order::Slowest(MetricName::Inp));
    }

    #[test]
    fn every_error_names_its_parameter() {
        for (query, parameter) in [
            ("order=fastest", "order"),
            ("order=recent&metric=inp", "metric"),
            ("metric=LCP", "metric"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("cursor=1", "cursor"),
            ("by=route", "by"),
            ("from=yesterday", "from"),
        ] {
            let found = ask(query).map_err(|error| error.parameter);
            assert_eq!(found, Err(parameter.to_owned()), "{query}");
        }
    }
}
