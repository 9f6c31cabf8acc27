//! Answers that memory has no room for.
//!
//! They are of one server since its start: nobody else knows the secret that they are kept under, so whoever
//! can write to the Redis can make none, and whoever can read it finds no question in it.

use super::{SharedRedis, key::key};
use hmac::{Hmac, KeyInit, Mac};
use redis::AsyncCommands;
use sha2::Sha256;
use std::{fmt, time::Duration};

/// What all keys begin with.
const PREFIX: &str = "rhumb:answer:";
/// Bytes of the seal that a kept answer begins with.
const SEAL_BYTES: usize = 32;

/// Under which answers are kept, until the server ends.
pub(crate) struct AnswerSecret([u8; 32]);

impl AnswerSecret {
    /// Bytes of an answer that is kept: one that takes longer to bring than a request waits for Redis is no help.
    pub(crate) const ANSWER_BYTES_MAX: usize = 256 * 1024;

    /// Another one than ever; none, where the machine has no chance to give.
    pub(crate) fn new() -> Option<Self> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).ok()?;
        Some(Self(secret))
    }

    fn mac(&self, parts: [&[u8]; 2]) -> [u8; SEAL_BYTES] {
        // A secret may have any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; SEAL_BYTES] };
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn key(&self, question: &str) -> String {
        key(PREFIX, &self.0, question)
    }

    fn seal(&self, question: &str, answer: &[u8]) -> Vec<u8> {
        [&self.mac([question.as_bytes(), answer]), answer].concat()
    }

    /// The answer, if it was sealed by this server as one to this question.
    fn unseal(&self, question: &str, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let (seal, answer) = sealed.split_at_checked(SEAL_BYTES)?;
        let is_ours = self.mac([question.as_bytes(), answer]) == seal;
        is_ours.then(|| sealed.split_off(SEAL_BYTES))
    }
}

impl fmt::Debug for AnswerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerSecret")
    }
}

impl SharedRedis {
    /// The answer to a question, if it is kept and there in time.
    pub(crate) async fn kept(&self, secret: &AnswerSecret, question: &str) -> Option<Vec<u8>> {
        let key = secret.key(question);
        let sealed: Option<Vec<u8>> =
            self.ask(|mut connection| async move { connection.get(key).await }).await?;
        secret.unseal(question, sealed?)
    }

    /// Keeps an answer for so long.
    pub(crate) async fn keep(
        &self,
        secret: &AnswerSecret,
        (question, answer): (&str, &[u8]),
        kept_for: Duration,
    ) {
        let (key, sealed) = (secret.key(question), secret.seal(question, answer));
        let keep = |mut connection: redis::aio::MultiplexedConnection| async move {
            connection.set_ex::<_, _, ()>(key, sealed, kept_for.as_secs()).await
        };
        // It is asked again of the database, if it is not there.
        let _ = self.ask(keep).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_that_to_its_question_by_this_server_or_none() {
        let (secret, other) = (AnswerSecret::new().unwrap(), AnswerSecret::new().unwrap());
        let sealed = secret.seal("how many?", b"seven");
        assert_eq!(secret.unseal("how many?", sealed.clone()), Some(b"seven".to_vec()));
        assert_eq!(secret.unseal("how few?", sealed.clone()), None);
        assert_eq!(other.unseal("how many?", sealed.clone()), None);
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(secret.unseal("how many?", changed), None);
        assert_eq!(secret.unseal("how many?", b"seven".to_vec()), None);
        assert_ne!(secret.key("how many?"), secret.key("how few?"));
        assert_ne!(secret.key("how many?"), other.key("how many?"));
    }
}
