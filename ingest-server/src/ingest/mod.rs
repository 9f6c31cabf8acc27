//! From a request's bytes to a committed row.

mod accept;
mod outcome;
mod page_view;
mod writer;

pub use accept::{RequestFacts, accept};
pub use outcome::{Outcome, Outcomes, Reason, Rejection};
pub use page_view::{PageView, SiteId, Values};
pub use writer::{Refusal, Writer, WriterQueue};
