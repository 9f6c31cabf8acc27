//! Where the time of scripts goes: `GET /v1/sites/{site}/profiles`.

mod answer;
mod calls;
mod definitions;
mod question;
mod table;

pub(super) use answer::profiles;
pub use answer::{FunctionRow, ProfilesReport, StackRow};
pub(super) use calls::Calls;
pub(super) use definitions::{Definitions, Originals};
pub use question::{Interactions, ProfilesQuestion};
