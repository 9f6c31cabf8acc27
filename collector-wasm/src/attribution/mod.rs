//! Why a value is what it is: pure maths over what entries tell. The fields and their meaning are
//! those of web-vitals 6; what it answers with objects is here numbers and texts, so that nothing of
//! the page is held.

mod interactions;
mod lcp;
mod load_state;
mod shifts;
mod ttfb;

pub use interactions::Interactions;
pub use lcp::{PaintedElement, Resource};
pub use load_state::LoadTimes;
pub use shifts::Shifts;
pub use ttfb::RequestTimes;

pub(crate) use lcp::explain as explain_lcp;
