//! Alerts: how the rules are, what became of them, and what is still to be told.

mod change;
mod notices;
mod states;

pub use change::{AlertChange, Delivery, NewNotice};
pub use notices::{DueNotice, Notice};
pub use states::AlertStates;
