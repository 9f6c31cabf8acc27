//! Questions people ask, answered from what was measured.

mod question;
mod summary;

pub use question::{PERIOD_DAYS_DEFAULT, PERIOD_DAYS_MAX, Question, QuestionError};
pub use summary::{
    Bin, MetricSummary, Metrics, Percentiles, Period, Shares, Summary, Unit, summarize,
};
