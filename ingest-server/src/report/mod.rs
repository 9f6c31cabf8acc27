//! Questions people ask, answered from what was measured.

pub mod asked;
mod attribution;
mod bins;
mod breakdown;
mod breakdown_table;
mod budget;
mod bundle;
mod check;
mod compare;
mod compare_table;
pub(crate) mod crux;
mod cursor;
mod durations;
mod errors;
pub(crate) mod figures;
mod frequent;
mod host;
mod interval;
mod long_frames;
mod measures;
mod memory;
pub(crate) mod metric_name;
mod opportunities;
mod original;
mod page_views;
mod parameters;
mod percentiles;
mod period;
mod predecessor;
mod previous;
mod profiles;
pub(crate) mod question;
mod ranked;
mod renders;
mod requests;
mod resources;
mod routes;
mod sampled;
mod sides;
mod subparts;
mod summary;
mod summary_table;
mod table;
mod timeseries;
mod told_apart;

pub use attribution::{
    AttributionQuestion, AttributionReport, By, GROUPS_DEFAULT, GROUPS_MAX, Group, GroupRow,
    Grouped, MeanPart, Part,
};
pub use bins::Bin;
pub(crate) use bins::{nearest_rank, share};
pub(crate) use breakdown::Sort as BreakdownSort;
pub use breakdown::{Breakdown, BreakdownQuestion, BreakdownRow, ROWS_DEFAULT, ROWS_MAX};
pub use budget::{BUDGET_BYTES_MAX, Bound, Budget, BudgetError, Limit, ResourceLimit, WeightBound};
pub use bundle::{
    Bundle, BundleFile, BundleReport, BundleRow, Module, STATS_BYTES_MAX, StatsError, bundle,
};
pub use check::{Check, CheckResult, LimitCheck, ReleaseCheck, ResourceCheck};
pub use compare::{Comparison, PAGE_VIEWS_MIN, Side, Verdict, compare};
pub use errors::{Call, ErrorRow, ErrorsReport};
pub use figures::Figures;
pub use interval::Interval;
pub use long_frames::{LongFramesReport, OriginRow, ScriptCost, ScriptRow};
pub use measures::{MeasureRow, MeasuresReport};
pub use memory::{Leak, MemoryReport, MemoryRow};
pub use metric_name::MetricWord;
pub use opportunities::{
    Culprit, Kind, OPPORTUNITIES_DEFAULT, OPPORTUNITIES_MAX, Opportunities, OpportunitiesQuestion,
    Opportunity,
};
pub use original::{NoSourceMap, Original, without_sources};
pub use page_views::{
    Happened, LIST_DEFAULT, LIST_MAX, ListQuestion, MeasuredMetric, OrderWord, PageView, PageViews,
    Row as PageViewRow, Span, list, page_view,
};
pub use parameters::{Parameters, QuestionError};
pub(crate) use parameters::{number, text};
pub use percentiles::Percentiles;
pub use period::{PERIOD_DAYS_DEFAULT, PERIOD_DAYS_MAX, Period, time_zone};
pub use predecessor::{newest, predecessor};
pub use previous::Previous;
pub use profiles::{FunctionRow, Interactions, ProfilesQuestion, ProfilesReport, StackRow};
pub use question::{Question, filters};
pub use ranked::{RANKED_DEFAULT, RANKED_MAX, RankedQuestion};
pub use renders::{PhaseRow, RenderRow, RendersReport, Updates};
pub use requests::{ChainRow, ConcurrencyRow, RequestRow, RequestsReport, ServerTimingRow};
pub use resources::{FileRow, KindRow, ResourcesQuestion, ResourcesReport, WeightOf};
pub use routes::{ROUTES_MAX, RouteRow, Routes};
pub use sampled::Sampled;
pub(crate) use sides::RANGE;
pub use sides::{CompareQuestion, Compared};
pub(crate) use summary::metric;
pub use summary::{MetricSummary, Metrics, Shares, Summary, Unit, summarize};
pub use table::{Table, csv};
pub use timeseries::{
    OverTime, POINTS_MAX, Point as TimeseriesPoint, Timeseries, TimeseriesQuestion,
};
