//! Where the next page of an answer begins.

use super::parameters::{QuestionError, error, text};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// Twice what the longest value makes.
const CURSOR_BYTES_MAX: usize = 1024;

/// The last row of a page, and what question it is of. Pages go on after that row, wherever the one
/// that it was is by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// See [`fingerprint`](super::Parameters::fingerprint).
    pub(super) question: u64,
    /// By what the rows are sorted, the largest first …
    pub(super) key: u64,
    /// … and then, in ascending order.
    pub(super) value: Box<str>,
}

impl Cursor {
    /// As it is written in an answer.
    pub(super) fn encode(&self) -> String {
        // Numbers and a text can always be written.
        BASE64_URL_SAFE_NO_PAD.encode(postcard::to_allocvec(self).unwrap_or_default())
    }

    /// Reads one of that question.
    pub(super) fn decode(name: &str, value: &str, question: u64) -> Result<Self, QuestionError> {
        let value = text::<CURSOR_BYTES_MAX>(name, value)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok();
        let cursor = bytes.and_then(|bytes| postcard::from_bytes::<Self>(&bytes).ok());
        let cursor = cursor.ok_or_else(|| error(name, "is none that an answer gave as next"))?;
        if cursor.question != question {
            let problem =
                "is of another question; send it with the parameters that it was given for";
            return Err(error(name, problem));
        }
        Ok(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_is_read_as_it_was_written(question: u64, key: u64, value in ".{0,64}") {
            let cursor = Cursor { question, key, value: value.into() };
            prop_assert_eq!(Cursor::decode("cursor", &cursor.encode(), question), Ok(cursor.clone()));
            prop_assert!(Cursor::decode("cursor", &cursor.encode(), !question).is_err());
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".*") {
            prop_assert!(Cursor::decode("cursor", &text, 1).is_err());
        }
    }
}
