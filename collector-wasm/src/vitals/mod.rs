//! The vitals: one pure state machine a file. No DOM, no clock: entries go in, a value comes out,
//! absent as long as it is not known.
//!
//! The algorithms are those of web-vitals 6, which are Chromium's own, so that what a page reports
//! here, there and in CrUX is the same.

mod cls;
mod fcp;
mod fid;
mod inp;
mod interaction_count;
mod lcp;
mod ttfb;

pub use cls::{Cls, Shifted};
pub use fcp::Fcp;
pub use fid::Fid;
pub use inp::{EVENT_DURATION_MIN_MS, Inp, InpStep, Interaction};
pub use interaction_count::InteractionCount;
pub use lcp::Lcp;
pub use ttfb::Ttfb;
