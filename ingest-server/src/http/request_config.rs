//! What requests are held to.

use super::rates::RateConfig;
use crate::redis::RedisAddress;
use std::time::Duration;

/// How long they may take before that is said, and how many are taken.
#[derive(Clone, Debug)]
pub struct RequestConfig {
    /// The log is told of those that take so long, or longer.
    pub slow_after: Duration,
    /// How many are taken.
    pub rates: RateConfig,
    /// By which several servers share their limits.
    pub redis: Option<RedisAddress>,
    /// Whether it also keeps answers that memory has no room for.
    pub are_answers_in_redis: bool,
    /// Megabytes of memory for answers that were given already.
    pub answers_mb: u32,
    /// Whether the server measures how requests fare, and the statements of its writer.
    pub are_measured: bool,
}

impl RequestConfig {
    /// Milliseconds, unless an operator says otherwise.
    pub const SLOW_AFTER_MS_DEFAULT: u64 = 1000;
    /// Megabytes, unless an operator says otherwise.
    pub const ANSWERS_MB_DEFAULT: u32 = 32;
}

impl Default for RequestConfig {
    fn default() -> Self {
        Self {
            slow_after: Duration::from_millis(Self::SLOW_AFTER_MS_DEFAULT),
            rates: RateConfig::default(),
            redis: None,
            are_answers_in_redis: false,
            answers_mb: Self::ANSWERS_MB_DEFAULT,
            are_measured: true,
        }
    }
}
