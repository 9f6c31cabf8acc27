//! Where the next page of an answer begins, as a text that only its own question takes.

use super::parameters::{Parameters, QuestionError, error, text};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// Twice what the longest value makes.
const CURSOR_BYTES_MAX: usize = 1024;

/// What cursors belong to: a question. What they are made of is the last row of a page; pages go on
/// after that row, wherever the one that it was is by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor(u64);

impl Cursor {
    /// That of a question about a site, whatever it says in those parameters that are excepted.
    pub(super) fn of(parameters: &Parameters, site: &str, except: &[&str]) -> Self {
        Self(parameters.fingerprint(site, except))
    }

    /// The text for a place.
    pub(super) fn write(self, place: &impl Serialize) -> String {
        // Numbers and texts can always be written.
        BASE64_URL_SAFE_NO_PAD.encode(postcard::to_allocvec(&(self.0, place)).unwrap_or_default())
    }

    /// The place of a text.
    pub(super) fn read<P: DeserializeOwned>(
        self,
        name: &str,
        value: &str,
    ) -> Result<P, QuestionError> {
        let value = text::<CURSOR_BYTES_MAX>(name, value)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok();
        let cursor = bytes.and_then(|bytes| postcard::from_bytes::<(u64, P)>(&bytes).ok());
        let (question, place) =
            cursor.ok_or_else(|| error(name, "is none that an answer gave as next"))?;
        if question != self.0 {
            let problem =
                "is of another question; send it with the parameters that it was given for";
            return Err(error(name, problem));
        }
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Place = (u64, Box<str>);

    proptest! {
        #[test]
        fn a_cursor_is_read_as_it_was_written(question: u64, key: u64, value in ".{0,64}") {
            let place = (key, Box::from(value));
            let text = Cursor(question).write(&place);
            prop_assert_eq!(Cursor(question).read::<Place>("cursor", &text), Ok(place));
            prop_assert!(Cursor(!question).read::<Place>("cursor", &text).is_err());
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".*") {
            prop_assert!(Cursor(1).read::<Place>("cursor", &text).is_err());
        }
    }

    #[test]
    fn a_cursor_belongs_to_its_site_and_to_its_parameters_but_for_some() {
        let of = |site, query| Cursor::of(&Parameters::parse(query).unwrap(), site, &["limit"]);
        let cursor = of("shop", "os=Linux&limit=1");
        assert_eq!(cursor, of("shop", "limit=2&os=Linux"));
        assert_ne!(cursor, of("blog", "os=Linux&limit=1"));
        assert_ne!(cursor, of("shop", "os=Android&limit=1"));
    }
}
