//! Page views one by one.

mod cursor;
mod list;
mod one;
mod waterfall;

pub use cursor::Cursor;
pub(crate) use list::OrderWord;
pub use list::{LIST_DEFAULT, LIST_MAX, ListQuestion, PageViews, Row, list};
pub use one::{MeasuredMetric, PageView, page_view};
pub use waterfall::Span;
