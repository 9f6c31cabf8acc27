//! Where the Redis is.

use anyhow::Result;
#[cfg(feature = "redis")]
use anyhow::ensure;
use std::fmt;

/// Where the Redis is, with its password if it has one.
#[derive(Clone)]
pub struct RedisAddress(#[cfg(feature = "redis")] pub(super) redis::Client);

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisAddress")
    }
}

impl RedisAddress {
    /// Such as `redis://:password@10.0.0.7:6379/0`. The text is in no error, for the password's sake.
    #[cfg(feature = "redis")]
    pub fn parse(text: &str) -> Result<Self> {
        ensure!(
            !text.starts_with("rediss:"),
            "--redis begins with rediss://; rhumb speaks to a Redis without TLS, on this machine or in its network: \
             redis://HOST:6379"
        );
        let client = redis::Client::open(text).ok();
        let client = client.filter(|_| text.starts_with("redis://") || text.starts_with("unix://"));
        client.map(Self).ok_or_else(|| {
            anyhow::anyhow!(
                "--redis is no address of a Redis, such as redis://127.0.0.1:6379, redis://:PASSWORD@HOST:6379/0 or \
                 unix:///run/redis.sock"
            )
        })
    }

    /// There is none for a program without the feature.
    #[cfg(not(feature = "redis"))]
    pub fn parse(_text: &str) -> Result<Self> {
        anyhow::bail!(
            "--redis: this rhumb was built without it; `cargo build --release --features redis` builds one with it"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "redis")]
    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for text in ["redis://127.0.0.1:6379", "redis://:secret@[::1]:6379/3", "unix:///run/a.sock"]
        {
            assert_eq!(format!("{:?}", RedisAddress::parse(text).unwrap()), "RedisAddress");
        }
        for text in [
            "rediss://:secret@host:6379",
            "127.0.0.1:6379",
            "redis://:secret@host:x",
            "http://secret",
        ] {
            let error = RedisAddress::parse(text).unwrap_err().to_string();
            assert!(error.contains("redis://") && !error.contains("secret"), "{error}");
        }
    }

    #[cfg(not(feature = "redis"))]
    #[test]
    fn a_program_without_the_feature_says_so() {
        let error = RedisAddress::parse("redis://127.0.0.1:6379").unwrap_err().to_string();
        assert!(error.contains("--features redis"), "{error}");
    }
}
