//! From a request's bytes to a committed row.

mod accept;
mod bare;
pub(crate) mod check;
mod enrich;
#[cfg(feature = "otlp")]
mod feed;
mod outcome;
mod page_view;
mod request_facts;
mod sections;
mod vitals;
mod writer;

pub use accept::{Checked, accept, time_zone};
pub use bare::{Around, in_bare_terms};
pub(crate) use enrich::OTHER;
pub use enrich::{AgentHeaders, ClientHints, Country, EnrichConfig, Enricher, RoutePattern};
#[cfg(feature = "otlp")]
pub use feed::Written;
pub use outcome::{Limit, Outcome, Outcomes, Reason, Rejection};
pub use page_view::{Change, Measurement, Measurements, PageView, SiteId};
pub use request_facts::RequestFacts;
pub(crate) use sections::for_each_section;
pub use sections::{Section, Sections};
pub use vitals::{BOUNDS, BOUNDS_COUNT, Counts, Series, Vitals};
pub use writer::{Commits, Refusal, Writer, WriterQueue};
