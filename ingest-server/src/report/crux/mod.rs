//! Questions and answers in the shapes of the public CrUX API, so that its clients can ask about
//! one's own visitors: <https://developer.chrome.com/docs/crux/api>

mod candidates;
mod history;
mod metric;
mod period;
mod query;
mod record;
mod refusal;
mod request;

pub(crate) use candidates::candidates;
pub(crate) use history::{HistoryRecord, history_record};
pub(crate) use period::CollectionPeriod;
pub(crate) use query::{Api, Query};
pub(crate) use record::{Answer, Record, record};
pub(crate) use refusal::{Body as RefusalBody, Refusal};
pub(crate) use request::{HistoryRequest, RecordRequest};
