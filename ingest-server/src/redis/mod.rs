//! What several servers share by way of a Redis, limits, and what one keeps there, answers. With the feature `redis`.
//!
//! Nothing depends on it. Whoever asks it gets an answer within milliseconds or none, and goes on without.

mod address;
#[cfg(feature = "redis")]
mod answers;
#[cfg(feature = "redis")]
mod key;
#[cfg(feature = "redis")]
mod limits;
#[cfg(feature = "redis")]
mod link;
#[cfg(feature = "redis")]
mod shared;

pub use address::RedisAddress;
#[cfg(feature = "redis")]
pub(crate) use answers::AnswerSecret;
#[cfg(feature = "redis")]
pub(crate) use limits::{Taken, Taking};
#[cfg(feature = "redis")]
pub use shared::{RedisState, SharedRedis};
