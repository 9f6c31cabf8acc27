//! Alerts: how the rules are, what became of them, and what is still to be told.

mod change;
mod notices;
mod states;

pub(super) use self::{
    change::STATEMENTS as CHANGES, notices::STATEMENTS as NOTICES, states::STATEMENTS as STATES,
};
pub use change::{AlertChange, Delivery, NewNotice};
pub use notices::{DueNotice, Notice};
pub use states::AlertStates;
