//! Signatures of [Standard Webhooks](https://www.standardwebhooks.com).

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

const PREFIX: &str = "whsec_";
/// What the specification says of keys.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// What a notice is signed with: `whsec_` and 24 to 64 bytes as base64.
#[derive(Clone, PartialEq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl TryFrom<String> for Secret {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let key = text.strip_prefix(PREFIX).and_then(|it| BASE64_STANDARD.decode(it).ok());
        key.filter(|key| KEY_BYTES.contains(&key.len())).map(Self).ok_or(
            "a secret is whsec_ and 24 to 64 bytes as base64; \
             `echo whsec_$(openssl rand -base64 32)` makes one",
        )
    }
}

impl Secret {
    /// The value of the header `webhook-signature`.
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &str) -> String {
        // A key may have any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(format!("{id}.{timestamp_s}.{body}").as_bytes());
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That of the specification and its libraries.
    #[test]
    fn the_published_example_is_signed_as_published() {
        let secret = Secret::try_from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()).unwrap();
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
        assert_eq!(
            secret.sign(id, 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        for text in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert!(Secret::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
