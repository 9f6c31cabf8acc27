//! One metric by what page views are alike in: which route, browser, country is slow.

use super::{
    Figures, Parameters, Period, Question, QuestionError, Unit,
    cursor::Cursor,
    metric_name::{MetricWord, take_metric},
    parameters::number,
};
use crate::{
    roll_up::{Facet, RouteOnHost},
    store::sqlite::{Filters, Group},
};
use beacon::MetricName;
use jiff::Timestamp;
use serde::Serialize;
use std::cmp::Reverse;
use utoipa::ToSchema;

/// Rows of an answer that asks for no number of them.
pub const ROWS_DEFAULT: usize = 100;
/// The most rows of one answer.
pub const ROWS_MAX: usize = 1000;
/// Values on fewer page views are left out, where the question names no number.
const MIN_COUNT_DEFAULT: u64 = 1;
/// The largest number that a question may name.
const MIN_COUNT_MAX: u64 = u32::MAX as u64;

/// What a breakdown is asked of.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakdownQuestion {
    /// What was measured.
    pub metric: MetricName,
    /// What rows are told apart by.
    pub by: Facet,
    /// Which page views.
    pub question: Question,
    sort: Sort,
    min_count: u64,
    limit: usize,
    cursor: Cursor,
    after: Option<Place>,
}

/// By what a row is sorted, the largest first, and then its value, in ascending order.
type Place = (Reverse<u64>, Box<str>);

/// What rows are sorted by, the largest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(as = BreakdownSort, rename_all = "snake_case")]
pub(crate) enum Sort {
    #[default]
    PoorCount,
    P75,
    Count,
}

/// The answer of `GET /v1/sites/{site}/breakdown`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Breakdown {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// What was measured.
    pub metric: MetricWord,
    /// What its values are.
    pub unit: Unit,
    /// What rows are told apart by.
    #[schema(value_type = Facet)]
    pub by: &'static str,
    /// What they are sorted by, the largest first.
    #[schema(value_type = Sort)]
    pub sort: &'static str,
    /// Values on fewer page views are left out.
    pub min_count: u64,
    /// A page of them.
    pub rows: Vec<BreakdownRow>,
    /// The cursor of the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// A value, and what was measured on the page views that have it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct BreakdownRow {
    /// What page views are alike in; null of those of which it is not known.
    #[schema(required, value_type = Option<String>)]
    pub value: Option<Box<str>>,
    /// Where the route is, if the rows of the question are of several hosts; a route may have a row
    /// for each of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>)]
    pub host: Option<Box<str>>,
    /// What was measured on them.
    #[serde(flatten)]
    pub figures: Figures,
    /// How many of them are poor.
    pub poor_count: u64,
}

impl BreakdownQuestion {
    /// Reads a query string about a site.
    ///
    /// # Errors
    /// Names the parameter that is missing, unknown, there twice, or cannot be read, or the cursor
    /// that is of another question.
    pub fn parse(site: &str, query: &str, now: Timestamp) -> Result<Self, QuestionError> {
        let mut parameters = Parameters::parse(query)?;
        let cursor = Cursor::of(&parameters, site, &["cursor", "limit"]);
        let metric = take_metric(&mut parameters)?;
        let by = parameters.require_one_of("by", &Facet::ALL, Facet::as_str)?;
        let sort = parameters.one_of("sort", &Sort::ALL, Sort::as_str)?;
        let min_count = parameters.take_as("min_count", number(0..=MIN_COUNT_MAX))?;
        let limit = parameters.take_as("limit", number(1..=ROWS_MAX))?;
        let after = parameters.take_as("cursor", |name, value| cursor.read(name, value))?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["metric", "by", "sort", "min_count", "limit", "cursor"])?;
        Ok(Self {
            metric,
            by,
            question,
            sort: sort.unwrap_or(Sort::PoorCount),
            min_count: min_count.unwrap_or(MIN_COUNT_DEFAULT),
            limit: limit.unwrap_or(ROWS_DEFAULT),
            cursor,
            after,
        })
    }

    /// The same with so many rows at most.
    #[must_use]
    pub fn with_rows(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Answers from what was measured, with a page of it.
    pub fn answer(self, site: String, groups: Vec<Group>) -> Breakdown {
        let (rows, next) = self.page(groups);
        let Self { metric, by, question: Question { period, filters }, sort, min_count, .. } = self;
        Breakdown {
            site,
            period,
            filters,
            metric: MetricWord(metric),
            unit: Unit::of(metric),
            by: by.as_str(),
            sort: sort.as_str(),
            min_count,
            rows,
            next,
        }
    }

    /// The rows after the cursor, and the next one if there are more of them.
    fn page(&self, groups: Vec<Group>) -> (Vec<BreakdownRow>, Option<String>) {
        let keys = groups.iter().map(|group| &*group.value);
        let has_hosts = self.by == Facet::Route && RouteOnHost::has_several_hosts(keys);
        let place = |(key, row): &(Box<str>, BreakdownRow)| -> Place {
            (Reverse(self.sort.key(row)), key.clone())
        };
        let rows = groups.into_iter().map(|group| self.row(group, has_hosts));
        let is_asked = |(_, row): &(_, BreakdownRow)| row.figures.count >= self.min_count;
        let mut rows = rows.filter(is_asked).collect::<Vec<_>>();
        if let Some(after) = &self.after {
            rows.retain(|row| place(row) > *after);
        }
        rows.sort_by_cached_key(place);
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let last = rows.last().filter(|_| has_more);
        let next = last.map(|last| self.cursor.write(&place(last)));
        (rows.into_iter().map(|(_, row)| row).collect(), next)
    }

    /// With what is different in every row.
    fn row(
        &self,
        Group { value: key, distribution }: Group,
        has_hosts: bool,
    ) -> (Box<str>, BreakdownRow) {
        let [_, _, poor_count] = distribution.ratings();
        let figures = Figures::of(distribution);
        let known = |text: &str| (!text.is_empty()).then(|| text.into());
        let (value, host) = match self.by {
            Facet::Route => {
                let RouteOnHost { route, host } = RouteOnHost::of_key(&key);
                (known(route), known(host).filter(|_| has_hosts))
            }
            _ => (known(&key), None),
        };
        (key, BreakdownRow { value, host, figures, poor_count })
    }
}

impl Sort {
    pub(crate) const ALL: [Self; 3] = [Self::PoorCount, Self::P75, Self::Count];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::PoorCount => "poor_count",
            Self::P75 => "p75",
            Self::Count => "count",
        }
    }

    fn key(self, row: &BreakdownRow) -> u64 {
        match self {
            Self::PoorCount => row.poor_count,
            Self::Count => row.figures.count,
            // Numbers that are not negative are in the order of their bits.
            Self::P75 => row.figures.p75.map_or(0, f64::to_bits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;

    fn parse(query: &str) -> Result<BreakdownQuestion, QuestionError> {
        BreakdownQuestion::parse("shop", query, "2026-11-23T08:00:30Z".parse().unwrap())
    }

    /// Page views by route, with LCPs in seconds.
    fn groups() -> Vec<Group> {
        let group = |(value, seconds): (&str, &[u32])| {
            let mut distribution = Distribution::new(MetricName::Lcp);
            for seconds in seconds {
                distribution.add(seconds * 1_000_000);
            }
            Group { value: value.into(), distribution }
        };
        let groups: [(&str, &[u32]); 5] = [
            ("/quick", &[1, 1, 1, 1]),
            ("/slow-once", &[9]),
            ("/slow", &[5, 5, 1]),
            ("", &[1, 5]),
            ("/unmeasured", &[]),
        ];
        groups.into_iter().map(group).collect()
    }

    fn values(query: &str) -> Vec<Option<Box<str>>> {
        let question = parse(&format!("metric=lcp&by=route&{query}")).unwrap();
        let answer = question.answer("shop".to_owned(), groups());
        answer.rows.into_iter().map(|row| row.value).collect()
    }

    fn some(values: [&str; 2]) -> [Option<Box<str>>; 2] {
        values.map(|value| Some(value.into()))
    }

    #[test]
    fn rows_are_sorted_with_the_largest_first() {
        assert_eq!(values("limit=2"), [Some("/slow".into()), None]);
        assert_eq!(values("sort=p75&limit=2"), [Some("/slow-once".into()), None]);
        assert_eq!(values("sort=count&limit=2"), some(["/quick", "/slow"]));
    }

    #[test]
    fn one_bad_visit_does_not_rank_beside_a_page_that_is_always_slow() {
        assert_eq!(values("sort=p75&min_count=3"), some(["/slow", "/quick"]));
        assert_eq!(values("min_count=0").len(), 5);
        assert_eq!(values("").len(), 4);
    }

    #[test]
    fn routes_of_several_hosts_are_told_apart_and_those_of_one_are_not_called_by_it() {
        let group = |key: &str| {
            let mut distribution = Distribution::new(MetricName::Lcp);
            distribution.add(1_000_000);
            Group { value: key.into(), distribution }
        };
        let rows = |by: &str, keys: &[&str]| {
            let question = parse(&format!("metric=lcp&by={by}")).unwrap();
            let groups = keys.iter().map(|key| group(key)).collect();
            let rows = question.answer("shop".to_owned(), groups).rows.into_iter();
            rows.map(|row| (row.value, row.host)).collect::<Vec<_>>()
        };
        let some = |text: &str| Some(text.into());
        assert_eq!(rows("route", &["/\na", "/b\na"]), [(some("/"), None), (some("/b"), None)]);
        assert_eq!(
            rows("route", &["/\nb", "/\na", "/\n"]),
            [(some("/"), None), (some("/"), some("a")), (some("/"), some("b"))]
        );
        assert_eq!(rows("host", &["a", "b"]), [(some("a"), None), (some("b"), None)]);
    }

    #[test]
    fn pages_have_every_row_once() {
        for sort in ["poor_count", "p75", "count"] {
            let query = format!("metric=lcp&by=route&sort={sort}&min_count=0");
            let all = parse(&query).unwrap().answer("shop".to_owned(), groups());
            let (mut rows, mut next) = (Vec::new(), Some(String::new()));
            while let Some(cursor) = next {
                let cursor = if cursor.is_empty() { cursor } else { format!("&cursor={cursor}") };
                let question = parse(&format!("limit=2&{query}{cursor}")).unwrap();
                let page = question.answer("shop".to_owned(), groups());
                rows.extend(page.rows);
                next = page.next;
            }
            assert_eq!(rows, all.rows, "{sort}");
        }
    }

    #[test]
    fn every_error_names_its_parameter() {
        let query = "metric=lcp&by=route";
        let next = parse(&format!("{query}&limit=1")).unwrap().answer("shop".to_owned(), groups());
        let next = next.next.unwrap();
        for (query, parameter) in [
            ("by=route".to_owned(), "metric"),
            ("metric=lcp".to_owned(), "by"),
            ("metric=lcp&by=page".to_owned(), "by"),
            (format!("{query}&sort=p50"), "sort"),
            (format!("{query}&min_count=-1"), "min_count"),
            (format!("{query}&limit=0"), "limit"),
            (format!("{query}&limit=1001"), "limit"),
            (format!("{query}&cursor=AAAA"), "cursor"),
            (format!("{query}&form_factor=phone&cursor={next}"), "cursor"),
            (format!("{query}&interval=day"), "interval"),
        ] {
            let found = parse(&query).map_err(|error| error.parameter);
            assert_eq!(found.err().as_deref(), Some(parameter), "{query}");
        }
        let of_other_site = BreakdownQuestion::parse(
            "blog",
            &format!("{query}&cursor={next}"),
            "2026-11-23T08:00:30Z".parse().unwrap(),
        );
        assert_eq!(of_other_site.map_err(|error| error.parameter).err().as_deref(), Some("cursor"));
    }
}
