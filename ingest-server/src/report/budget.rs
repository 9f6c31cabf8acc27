//! What a site's vitals are to keep to, as a TOML file says it ([how](../../../docs/budgets.md)).

use super::{
    PAGE_VIEWS_MIN,
    metric_name::{MetricWord, lower},
};
use crate::store::sqlite::Filters;
use beacon::{FormFactor, MetricName, ResourceKind, limits};
use serde::{Deserialize, Serialize};

/// Bytes of a budget.
pub const BUDGET_BYTES_MAX: u64 = 64 * 1024;
/// Entries of a budget.
const ENTRIES_MAX: usize = 100;
/// Milliseconds of the largest value that is ever measured; of CLS, the largest score.
const VALUE_MAX_MS: f64 = 600_000.0;
const VALUE_MAX_CLS: f64 = 100.0;

/// What is to be kept. There is something in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// What is kept by itself, in the order of the file.
    pub limits: Vec<Limit>,
    /// What pages may load, in the order of the file.
    pub resources: Vec<ResourceLimit>,
    /// What no release may make slower.
    pub regression: Vec<MetricName>,
}

/// A bound of one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Of what.
    pub metric: MetricName,
    /// On pages of that route only.
    pub route: Option<String>,
    /// On devices of that kind only.
    pub form_factor: Option<FormFactor>,
    /// What it keeps to.
    pub bound: Bound,
    /// With the metric measured on fewer page views nothing can be said.
    pub page_views_min: u64,
}

/// A bound of what a page view may load.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceLimit {
    /// Of what.
    pub kind: ResourceKind,
    /// On pages of that route only.
    pub route: Option<String>,
    /// On devices of that kind only.
    pub form_factor: Option<FormFactor>,
    /// What it keeps to.
    pub bound: WeightBound,
    /// When fewer page views tell of it nothing can be said.
    pub page_views_min: u64,
}

/// What three quarters of page views that load any of a kind load at most, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightBound {
    /// Over the network.
    TransferBytesP75Max(u64),
    /// Unpacked.
    DecodedBytesP75Max(u64),
}

/// What a metric keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The 75th percentile is this or less, in the metric's unit.
    P75Max(f64),
    /// This share of page views is good, or more.
    ShareGoodMin(f64),
}

/// Why a text is no budget: with the line, and what may stand there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BudgetError(String);

impl Budget {
    /// Reads a budget.
    ///
    /// # Errors
    /// Says what is wrong and where.
    pub fn parse(toml: &str) -> Result<Self, BudgetError> {
        let error = |problem: &str| Err(BudgetError(problem.to_owned()));
        let File { budget, resources, regression } =
            toml::from_str(toml).map_err(|error| BudgetError(error.to_string()))?;
        let regression = regression.map(|it| it.metrics).unwrap_or_default();
        let entries = budget.len() + resources.len();
        if entries == 0 && regression.is_empty() {
            return error(
                "there is nothing in it; [[budget]], [[resources]] or [regression] is expected",
            );
        }
        if entries > ENTRIES_MAX {
            return error(&format!("there are {entries} entries, {ENTRIES_MAX} are taken"));
        }
        let limits = budget.into_iter().flat_map(|Entry(limits)| limits).collect();
        let resources = resources.into_iter().flat_map(|ResourceEntry(limits)| limits).collect();
        Ok(Self {
            limits,
            resources,
            regression: regression.into_iter().map(|MetricWord(name)| name).collect(),
        })
    }
}

impl Limit {
    /// Which of some page views it is about; nothing, if it is about others.
    pub fn among(&self, filters: &Filters) -> Option<Filters> {
        among(filters, self.route.as_deref(), self.form_factor)
    }
}

impl ResourceLimit {
    /// Which of some page views it is about; nothing, if it is about others.
    pub fn among(&self, filters: &Filters) -> Option<Filters> {
        among(filters, self.route.as_deref(), self.form_factor)
    }
}

fn among(
    filters: &Filters,
    route: Option<&str>,
    form_factor: Option<FormFactor>,
) -> Option<Filters> {
    fn differ<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
        a.zip(b).is_some_and(|(a, b)| a != b)
    }
    let is_about_others =
        differ(route, filters.route.as_deref()) || differ(form_factor, filters.form_factor);
    (!is_about_others).then(|| Filters {
        route: route.map(str::to_owned).or_else(|| filters.route.clone()),
        form_factor: form_factor.or(filters.form_factor),
        ..filters.clone()
    })
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    budget: Vec<Entry>,
    #[serde(default)]
    resources: Vec<ResourceEntry>,
    regression: Option<Regression>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regression {
    metrics: Vec<MetricWord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    metric: MetricWord,
    p75_max_ms: Option<f64>,
    p75_max: Option<f64>,
    share_good_min: Option<f64>,
    route: Option<String>,
    form_factor: Option<FormFactor>,
    page_views_min: Option<u64>,
}

/// What an entry says: one bound or two.
#[derive(Deserialize)]
#[serde(try_from = "RawEntry")]
struct Entry(Vec<Limit>);

impl TryFrom<RawEntry> for Entry {
    type Error = String;

    fn try_from(raw: RawEntry) -> Result<Self, String> {
        let p75_max = p75_max(&raw)?.map(Bound::P75Max);
        let RawEntry { metric: MetricWord(metric), share_good_min, route, form_factor, .. } = raw;
        if share_good_min.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err("share_good_min is a share, from 0 to 1".to_owned());
        }
        let page_views_min = of_page_views(route.as_deref(), raw.page_views_min)?;
        let bounds = [p75_max, share_good_min.map(Bound::ShareGoodMin)].into_iter().flatten();
        let limit =
            |bound| Limit { metric, route: route.clone(), form_factor, bound, page_views_min };
        let limits = bounds.map(limit).collect::<Vec<_>>();
        if limits.is_empty() {
            let p75_max = p75_max_key(metric);
            return Err(format!("nothing is to be kept; {p75_max} or share_good_min is expected"));
        }
        Ok(Self(limits))
    }
}

/// Checks what every entry may have; on how many page views it has to be measured.
fn of_page_views(route: Option<&str>, page_views_min: Option<u64>) -> Result<u64, String> {
    if route.is_some_and(|it| !(1..=limits::ROUTE_BYTES_MAX).contains(&it.len())) {
        return Err(format!("route has 1 to {} bytes", limits::ROUTE_BYTES_MAX));
    }
    let page_views_min = page_views_min.unwrap_or(PAGE_VIEWS_MIN);
    if page_views_min == 0 {
        return Err("page_views_min is 1 or more".to_owned());
    }
    Ok(page_views_min)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResourceEntry {
    kind: ResourceKind,
    transfer_bytes_p75_max: Option<u64>,
    decoded_bytes_p75_max: Option<u64>,
    route: Option<String>,
    form_factor: Option<FormFactor>,
    page_views_min: Option<u64>,
}

/// What an entry says: one bound or two.
#[derive(Deserialize)]
#[serde(try_from = "RawResourceEntry")]
struct ResourceEntry(Vec<ResourceLimit>);

impl TryFrom<RawResourceEntry> for ResourceEntry {
    type Error = String;

    fn try_from(raw: RawResourceEntry) -> Result<Self, String> {
        let RawResourceEntry { kind, route, form_factor, .. } = raw;
        let page_views_min = of_page_views(route.as_deref(), raw.page_views_min)?;
        let transfer = raw.transfer_bytes_p75_max.map(WeightBound::TransferBytesP75Max);
        let decoded = raw.decoded_bytes_p75_max.map(WeightBound::DecodedBytesP75Max);
        let limit = |bound| ResourceLimit {
            kind,
            route: route.clone(),
            form_factor,
            bound,
            page_views_min,
        };
        let limits = [transfer, decoded].into_iter().flatten().map(limit).collect::<Vec<_>>();
        if limits.is_empty() {
            return Err(
                "nothing is to be kept; transfer_bytes_p75_max or decoded_bytes_p75_max is \
                        expected"
                    .to_owned(),
            );
        }
        Ok(Self(limits))
    }
}

/// In the metric's unit, which the key names.
fn p75_max(raw: &RawEntry) -> Result<Option<f64>, String> {
    let metric = raw.metric.0;
    let key = p75_max_key(metric);
    let (value, value_max, other) = match metric {
        MetricName::Cls => (raw.p75_max, VALUE_MAX_CLS, raw.p75_max_ms),
        _ => (raw.p75_max_ms, VALUE_MAX_MS, raw.p75_max),
    };
    if other.is_some() {
        return Err(format!("the bound of {} is {key}", lower(metric)));
    }
    match value {
        Some(value) if !(0.0..=value_max).contains(&value) => {
            Err(format!("{key} is a number from 0 to {value_max}"))
        }
        value => Ok(value),
    }
}

const fn p75_max_key(metric: MetricName) -> &'static str {
    match metric {
        MetricName::Cls => "p75_max",
        _ => "p75_max_ms",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_bound_or_two() {
        let budget = Budget::parse(
            "[[budget]]\nmetric = 'cls'\np75_max = 0.1\nshare_good_min = 0.75\nroute = '/cart'\n\
             form_factor = 'phone'\npage_views_min = 200\n[regression]\nmetrics = ['lcp', 'inp']",
        );
        let limit = |bound| Limit {
            metric: MetricName::Cls,
            route: Some("/cart".to_owned()),
            form_factor: Some(FormFactor::Phone),
            bound,
            page_views_min: 200,
        };
        let limits = vec![limit(Bound::P75Max(0.1)), limit(Bound::ShareGoodMin(0.75))];
        let regression = vec![MetricName::Lcp, MetricName::Inp];
        assert_eq!(budget, Ok(Budget { limits, resources: Vec::new(), regression }));
    }

    #[test]
    fn what_pages_may_load_is_a_bound_or_two() {
        let budget = Budget::parse(
            "[[resources]]\nkind = 'script'\ntransfer_bytes_p75_max = 170_000\n\
             decoded_bytes_p75_max = 600_000\nroute = '/cart'",
        );
        let limit = |bound| ResourceLimit {
            kind: ResourceKind::Script,
            route: Some("/cart".to_owned()),
            form_factor: None,
            bound,
            page_views_min: PAGE_VIEWS_MIN,
        };
        let resources = vec![
            limit(WeightBound::TransferBytesP75Max(170_000)),
            limit(WeightBound::DecodedBytesP75Max(600_000)),
        ];
        assert_eq!(budget.unwrap().resources, resources);
    }

    #[test]
    fn every_error_names_the_line_and_what_may_stand_there() {
        let entry = |rest: &str| format!("# ours\n[[budget]]\nmetric = \"lcp\"\n{rest}");
        for (toml, line, says) in [
            (entry("p75_max_ms = 2500\nrout = \"/\""), 5, "`route`"),
            (entry("p75_max_ms = \"2.5 s\""), 4, "expected f64"),
            (entry("p75_max_ms = -1"), 2, "from 0 to 600000"),
            (entry("p75_max_ms = nan"), 2, "from 0 to 600000"),
            (entry("p75_max = 2500"), 2, "the bound of lcp is p75_max_ms"),
            (entry("share_good_min = 75"), 2, "from 0 to 1"),
            (entry("share_good_min = 0.75\nform_factor = \"watch\""), 5, "`phone`"),
            (entry("p75_max_ms = 2500\npage_views_min = 0"), 2, "1 or more"),
            (entry("p75_max_ms = 2500\nroute = \"\""), 2, "256"),
            (entry(""), 2, "p75_max_ms or share_good_min is expected"),
            ("[[budget]]\nmetric = \"LCP\"".to_owned(), 2, "cls, fcp, inp, lcp, ttfb, fid"),
            ("[budgets]\nmetric = \"lcp\"".to_owned(), 1, "`budget`"),
            ("[[resources]]\nkind = 'script'".to_owned(), 1, "decoded_bytes_p75_max is expected"),
            ("[[resources]]\nkind = 'scripts'".to_owned(), 2, "`script`"),
            ("[regression]\nmetric = [\"lcp\"]".to_owned(), 2, "`metrics`"),
            ("[[budget]\n".to_owned(), 1, "expected"),
        ] {
            let error = Budget::parse(&toml).unwrap_err().to_string();
            assert!(error.contains(&format!("line {line},")) && error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_budget_of_nothing_and_one_of_too_much_are_refused() {
        for nothing in ["", "[regression]\nmetrics = []"] {
            let error = Budget::parse(nothing).unwrap_err().to_string();
            assert!(error.contains("[[budget]]"), "{error}");
        }
        let entry = "[[budget]]\nmetric = 'lcp'\np75_max_ms = 2500\n";
        assert!(Budget::parse(&entry.repeat(ENTRIES_MAX)).is_ok());
        let error = Budget::parse(&entry.repeat(ENTRIES_MAX + 1)).unwrap_err().to_string();
        assert!(error.contains("100"), "{error}");
    }

    #[test]
    fn a_limit_of_other_page_views_than_those_asked_for_is_about_none() {
        let toml = "[[budget]]\nmetric = 'lcp'\np75_max_ms = 2500\nroute = '/cart'";
        let limit = Budget::parse(toml).unwrap().limits.remove(0);
        let of = |route: &str| Filters { route: Some(route.to_owned()), ..Filters::default() };
        assert_eq!(limit.among(&of("/")), None);
        assert_eq!(limit.among(&of("/cart")), Some(of("/cart")));
        let country = Filters { country: Some("DE".to_owned()), ..Filters::default() };
        let both = Filters { country: country.country.clone(), ..of("/cart") };
        assert_eq!(limit.among(&country), Some(both));
    }
}
