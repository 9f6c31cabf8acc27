//! What goes wrong on a page, by kind, message and stack.

use super::{
    scrub::scrubbed,
    stack::Stack,
    tell::{Tell, put, put_length, put_text},
    time::age_ms,
};
use beacon::{ErrorKind, PageError, StackFrame, limits};

/// What went wrong.
#[derive(Debug)]
pub struct Failure<'a> {
    /// How it came to light.
    pub kind: ErrorKind,
    /// What it says, as it says it.
    pub message: &'a str,
    /// Addresses in it may be told.
    pub stack: Stack,
    /// Since the page view began.
    pub at_ms: f64,
    /// How often.
    pub count: u32,
}

/// What went wrong in a page view.
#[derive(Debug, Default)]
pub struct Errors(beacon::Errors);

impl Errors {
    /// Adds what went wrong, unless it is of an extension of the browser. One that differs from all others
    /// is counted as dropped when there are too many.
    pub fn add(&mut self, failure: Failure<'_>) {
        let Failure { kind, count, .. } = failure;
        let message = scrubbed(failure.message, limits::ERROR_MESSAGE_BYTES_MAX);
        let Some(stack) = failure.stack.calls() else { return };
        let first_ms = age_ms(failure.at_ms);
        let beacon::Errors { errors, dropped } = &mut self.0;
        let is_same =
            |it: &&mut PageError| it.kind == kind && it.message == message && it.stack == stack;
        if let Some(known) = errors.iter_mut().find(is_same) {
            known.count += count;
            known.first_ms = known.first_ms.min(first_ms);
        } else if message.is_empty() || errors.len() == limits::ERRORS_MAX {
            *dropped += count;
        } else {
            errors.push(PageError { kind, message, stack, count, first_ms });
        }
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::Errors {
        super::tell::told(self, at_most)
    }
}

impl Tell for Errors {
    /// The first ones.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::Errors { errors, dropped } = &self.0;
        let (errors, others) = errors.split_at(at_most.min(errors.len()));
        put_length(into, errors.len());
        for PageError { kind, message, stack, count, first_ms } in errors {
            put(into, &[*kind as u32]);
            put_text(into, message);
            put_length(into, stack.len());
            for StackFrame { function, source, line, column } in stack {
                put_text(into, function);
                put_text(into, source);
                put(into, &[*line, *column]);
            }
            put(into, &[*count, *first_ms]);
        }
        put(into, &[others.iter().fold(*dropped, |sum, it| sum + it.count)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stack(line: &str) -> Stack {
        let mut stack = Stack::default();
        stack.add(line);
        stack
    }

    fn failure(message: &str, at_ms: f64) -> Failure<'_> {
        Failure {
            kind: ErrorKind::Error,
            message,
            stack: stack("f@https://a.example/a.js:1:2"),
            at_ms,
            count: 1,
        }
    }

    #[test]
    fn the_same_is_counted_and_what_differs_stands_apart() {
        let mut errors = Errors::default();
        errors.add(failure("TypeError: a", 900.4));
        errors.add(failure("TypeError: a", 70.0));
        errors.add(Failure { kind: ErrorKind::Reported, ..failure("TypeError: a", 1.0) });
        errors.add(Failure { stack: stack(""), ..failure("TypeError: a", -3.0) });
        let told = errors.told(20);
        let all: Vec<_> = told.errors.iter().map(|it| (it.kind, it.count, it.first_ms)).collect();
        let expected =
            [(ErrorKind::Error, 2, 70), (ErrorKind::Reported, 1, 1), (ErrorKind::Error, 1, 0)];
        assert_eq!(all, expected);
        assert_eq!(told.errors[0].stack[0].function, "f");
        assert!(told.errors[2].stack.is_empty());
    }

    #[test]
    fn what_says_nothing_is_dropped_and_what_is_of_an_extension_is_none() {
        let mut errors = Errors::default();
        errors.add(Failure { count: 7, ..failure(" ", 0.0) });
        errors.add(Failure { stack: stack("f@moz-extension://a/a.js:1:2"), ..failure("x", 0.0) });
        assert_eq!(errors.told(20), beacon::Errors { errors: Vec::new(), dropped: 7 });
    }

    proptest! {
        #[test]
        fn everything_is_told_or_counted_as_dropped(
            names in prop::collection::vec(0..40_u32, 0..200),
            at_most in 0..30_usize,
        ) {
            let mut errors = Errors::default();
            for name in &names {
                errors.add(failure(&format!("error {name}"), 1.0));
            }
            let told = errors.told(at_most);
            prop_assert!(told.errors.len() <= at_most.min(limits::ERRORS_MAX));
            let counted = told.errors.iter().map(|it| it.count).sum::<u32>();
            prop_assert_eq!((counted + told.dropped) as usize, names.len());
        }
    }
}
