//! Where the time of scripts goes: `GET /v1/sites/{site}/profiles`.

mod answer;
mod calls;
mod question;
mod table;

pub(super) use answer::profiles;
pub use answer::{FunctionRow, ProfilesReport, StackRow};
pub(super) use calls::Calls;
pub use question::{Interactions, ProfilesQuestion};
