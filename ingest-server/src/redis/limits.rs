//! Limits that hold for all servers together.
//!
//! A request is decided by one script, which Redis runs at once and alone.

use super::{SharedRedis, key::key};
use redis::{RedisResult, Script, aio::MultiplexedConnection};
use std::{num::NonZeroU32, sync::LazyLock, time::Duration};

static SCRIPT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("limits.lua")));
/// What all keys begin with.
const PREFIX: &str = "rhumb:limit:";

/// What one who is limited wants to take.
#[derive(Clone, Debug)]
pub(crate) struct Taking {
    /// Who, in whatever words: Redis sees a hash of them.
    pub(crate) who: String,
    /// What may be taken a second, …
    pub(crate) per_second: NonZeroU32,
    /// … what at once, after a silence, …
    pub(crate) at_once: u32,
    /// … and what is to be taken.
    pub(crate) count: u32,
}

/// What has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// All have it.
    All,
    /// Nobody has anything, because this one may not have so much yet.
    None {
        /// The place of it.
        over: usize,
        /// After how long it may.
        wait: Duration,
    },
}

/// What was said of whom, without telling who.
#[derive(Debug)]
pub(super) struct Secret(Vec<u8>);

impl Secret {
    /// The password is known to all who share, and is not among what Redis keeps.
    pub(super) fn of(password: Option<&str>) -> Self {
        Self(password.unwrap_or_default().as_bytes().to_vec())
    }

    fn key(&self, who: &str) -> String {
        key(PREFIX, &self.0, who)
    }
}

impl SharedRedis {
    /// Takes for all, or for none; nothing, where Redis does not say in time whether they may.
    pub(crate) async fn take(&self, takings: &[Taking]) -> Option<Taken> {
        let (over, wait_us) =
            self.ask(|connection| run(connection, self.secret(), takings)).await?;
        Some(match over.checked_sub(1) {
            None => Taken::All,
            Some(over) => Taken::None { over, wait: Duration::from_micros(wait_us) },
        })
    }
}

async fn run(
    mut connection: MultiplexedConnection,
    secret: &Secret,
    takings: &[Taking],
) -> RedisResult<(usize, u64)> {
    let mut call = SCRIPT.prepare_invoke();
    for Taking { who, per_second, at_once, count } in takings {
        call.key(secret.key(who)).arg(per_second.get()).arg(at_once).arg(count);
    }
    call.invoke_async(&mut connection).await
}

/// Whether a Redis can do it all: runs scripts, writes, and in time.
pub(super) async fn try_out(connection: MultiplexedConnection, secret: &Secret) -> RedisResult<()> {
    let nobody =
        Taking { who: "nobody".to_owned(), per_second: NonZeroU32::MAX, at_once: 1000, count: 1 };
    run(connection, secret, &[nobody]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_nobody_who_it_is_of_and_another_secret_makes_another() {
        let key = |password| Secret::of(password).key("client 203.0.113.7");
        assert_eq!(key(None), Secret::of(None).key("client 203.0.113.7"));
        assert_ne!(key(None), key(Some("a")));
        assert_ne!(key(None), Secret::of(None).key("client 203.0.113.8"));
        assert!(!key(None).contains("203"), "{}", key(None));
        assert!(key(None).starts_with(PREFIX), "{}", key(None));
    }
}
