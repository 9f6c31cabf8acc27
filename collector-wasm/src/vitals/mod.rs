//! The vitals: one pure state machine a file. No DOM, no clock: entries go in, a value comes out,
//! absent as long as it is not known.
//!
//! The algorithms are those of web-vitals 6, which are Chromium's own, so that what a page reports
//! here, there and in CrUX is the same.

mod cls;
mod fcp;
mod inp;
mod lcp;
mod ttfb;

pub use cls::Cls;
pub use fcp::Fcp;
pub use inp::{EVENT_DURATION_MIN_MS, Inp};
pub use lcp::Lcp;
pub use ttfb::Ttfb;
