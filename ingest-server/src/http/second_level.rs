//! Answers that memory has no room for, in Redis: with the feature `redis`, where an operator wants that.

use super::{
    app::App,
    kept_answers::{self, KEPT_FOR, Rendered},
    problem::Problem,
};
use crate::redis::AnswerSecret;
use axum::http::HeaderValue;
use jiff::Timestamp;
use std::time::Instant;

/// What is kept there is asked for by those who have not found it in memory, and left there by those who had
/// to make it. Nobody waits for the latter.
pub(super) async fn through(
    app: &App,
    question: &str,
    make: impl Future<Output = Result<Rendered, Problem>>,
) -> Result<Rendered, Problem> {
    let Some((redis, secret)) = app.redis().zip(app.answer_secret()) else { return make.await };
    let since = Instant::now();
    let key = key(app, question);
    let found = redis.kept(secret, &key).await.and_then(|bytes| from_bytes(&bytes));
    app.kept_answers().asked_redis(found.is_some(), since);
    if let Some(found) = found {
        return Ok(found);
    }
    let answer = make.await?;
    // What is behind by now nobody asks for again.
    if self::key(app, question) == key {
        tokio::spawn(keep(app.clone(), key, answer.clone()));
    }
    Ok(answer)
}

/// An answer is found no longer than it is kept, whatever somebody makes of the Redis.
fn key(app: &App, question: &str) -> String {
    let period = Timestamp::now().as_second() / KEPT_FOR.as_secs().cast_signed();
    format!("{period} {}", kept_answers::key(app, question))
}

async fn keep(app: App, key: String, answer: Rendered) {
    let Some((redis, secret)) = app.redis().zip(app.answer_secret()) else { return };
    if answer.bytes.len() <= AnswerSecret::ANSWER_BYTES_MAX
        && let Some(bytes) = to_bytes(&answer)
    {
        redis.keep(secret, (&key, &bytes), KEPT_FOR).await;
    }
}

type Parts<'a> = (&'a [u8], Option<&'a [u8]>, &'a [u8]);

fn to_bytes(Rendered { content_type, link, bytes }: &Rendered) -> Option<Vec<u8>> {
    let parts: Parts<'_> =
        (content_type.as_bytes(), link.as_ref().map(HeaderValue::as_bytes), bytes);
    postcard::to_allocvec(&parts).ok()
}

fn from_bytes(bytes: &[u8]) -> Option<Rendered> {
    let (content_type, link, body): Parts<'_> = postcard::from_bytes(bytes).ok()?;
    Some(Rendered {
        content_type: HeaderValue::from_bytes(content_type).ok()?,
        link: link.map(HeaderValue::from_bytes).transpose().ok()?,
        bytes: body.to_vec().into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let link = HeaderValue::from_static("</v1/next>; rel=\"next\"");
        for link in [None, Some(link)] {
            let answer = Rendered { link, ..Rendered::html("<p>7</p>".to_owned()) };
            let again = from_bytes(&to_bytes(&answer).unwrap()).unwrap();
            assert_eq!(again.content_type, answer.content_type);
            assert_eq!((again.link, again.bytes), (answer.link, answer.bytes));
        }
        assert!(from_bytes(b"nothing of ours").is_none());
    }
}
