//! Alerts: rules of `rhumb.toml` are looked at again and again, and a webhook is told what became of
//! them.
//!
//! `look` measures each rule (`reading`) and moves its state (`state`). A state that becomes another is
//! written together with the notice of it (`notice`), in one transaction, and `deliver` posts what waits
//! there, signed (`signature`), until it is taken or too old (`retry`).

mod answer;
mod client;
mod deliver;
mod look;
mod notice;
mod percentile;
mod reading;
mod retry;
mod rule;
mod sheet;
mod signature;
mod state;
mod table;
mod watched;

pub use answer::{AlertAnswer, AlertsAnswer, DeliveryAnswer, EventAnswer, answer};
pub use deliver::deliver;
pub use look::look;
pub use percentile::Percentile;
pub use reading::{Finding, Reading};
pub use rule::{Condition, Rule, SecretSource, Webhook};
pub use signature::Secret;
pub use state::{Change, State};
pub use watched::{AlertConfig, Alerts, Watched};
