//! Where a list goes on, as a text that only its own question takes.

use crate::{
    report::parameters::{QuestionError, error},
    store::sqlite::{Filters, Order, Place},
};
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// Digits of the question, of the value and of the row.
const DIGITS: [usize; 3] = [8, 8, 16];

/// What a cursor belongs to. The period is not part of it: the usual one moves on with the clock.
#[derive(Clone, Copy, Debug)]
pub struct Cursor(u32);

impl Cursor {
    /// That of a list.
    pub fn of(site: &str, order: Order, filters: &Filters) -> Self {
        let mut hasher = SipHasher13::new();
        hasher.write(format!("{site}\n{order:?}\n{filters:?}").as_bytes());
        // Half of a hash is enough to notice a mistake.
        #[expect(clippy::cast_possible_truncation)]
        let half = hasher.finish() as u32;
        Self(half)
    }

    /// The text for a place.
    pub(super) fn write(self, Place { steps, id }: Place) -> String {
        let [question, value, row] = DIGITS;
        format!("{:0question$x}{steps:0value$x}{id:0row$x}", self.0)
    }

    /// The place of a text.
    pub(super) fn read(self, name: &str, text: &str) -> Result<Place, QuestionError> {
        let invalid = || error(name, "is none that an answer had as `next`");
        let [question, value, row] = DIGITS;
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if text.len() != question + value + row || !is_hex {
            return Err(invalid());
        }
        let number = |digits: &str| u64::from_str_radix(digits, 16).map_err(|_| invalid());
        let (of, place) = text.split_at(question);
        if number(of)? != u64::from(self.0) {
            let problem =
                "is that of another question; ask with the same order, metric and filters";
            return Err(error(name, problem));
        }
        let (steps, id) = place.split_at(value);
        let steps = number(steps)?.try_into().map_err(|_| invalid())?;
        let id = number(id)?.try_into().map_err(|_| invalid())?;
        Ok(Place { steps, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_by_its_own_question_only() {
        let cursor = Cursor::of("shop", Order::Recent, &Filters::default());
        let place = Place { steps: 2_312_400, id: 77 };
        let text = cursor.write(place);
        assert_eq!(cursor.read("cursor", &text), Ok(place));
        let os = Filters { os: Some("Linux".to_owned()), ..Filters::default() };
        for other in [
            Cursor::of("shop", Order::Recent, &os),
            Cursor::of("blog", Order::Recent, &Filters::default()),
        ] {
            let error = other.read("cursor", &text).unwrap_err();
            assert!(error.detail.contains("another question"), "{error}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let cursor = Cursor::of("shop", Order::Recent, &Filters::default());
        let beyond = format!("{:08x}{}", cursor.0, "f".repeat(24));
        for text in ["", "1", "é", &"g".repeat(32), &"é".repeat(16), &beyond] {
            assert!(cursor.read("cursor", text).is_err(), "{text}");
        }
    }
}
