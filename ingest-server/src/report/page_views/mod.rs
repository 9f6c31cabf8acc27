//! Page views one by one.

mod list;
mod one;
mod table;
mod timeline;
mod waterfall;

pub use list::{LIST_DEFAULT, LIST_MAX, ListQuestion, OrderWord, PageViews, Row, list};
pub use one::{MeasuredMetric, PageView, page_view};
pub use timeline::Happened;
pub use waterfall::Span;
