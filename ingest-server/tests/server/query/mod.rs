//! Answers of the query API: each says the same as the summary of the page views that it is about.

mod breakdown;
mod compare;
mod history;
mod renders;
mod sections;
mod summary;
mod timeseries;
mod troubles;
