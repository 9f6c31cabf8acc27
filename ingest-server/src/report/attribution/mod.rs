//! What is behind the values of a metric: elements, scripts, parts.

mod by;
mod groups;
mod parts;
mod question;
mod table;
#[cfg(test)]
mod tests;

pub(super) use by::text;
pub use by::{By, Group};
pub use groups::{AttributionReport, GroupRow, Grouped, Part};
pub(super) use groups::{Candidates, Groups, explain};
pub use parts::MeanPart;
pub use question::{AttributionQuestion, GROUPS_DEFAULT, GROUPS_MAX};
