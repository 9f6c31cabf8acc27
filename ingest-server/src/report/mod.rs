//! Questions people ask, answered from what was measured.

mod bins;
mod compare;
pub(crate) mod crux;
mod parameters;
mod question;
mod summary;

pub use bins::Bin;
pub(crate) use bins::share;
pub use compare::{Comparison, PAGE_VIEWS_MIN, Side, Verdict, compare};
pub use parameters::{Parameters, QuestionError};
pub use question::{PERIOD_DAYS_DEFAULT, PERIOD_DAYS_MAX, Question};
pub use summary::{MetricSummary, Metrics, Percentiles, Period, Shares, Summary, Unit, summarize};
