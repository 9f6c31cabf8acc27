//! What a page claims went wrong → what is true enough to be stored.

use super::{Section, at_most, check, fit_or_empty, folded, without_queries, without_query, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Errors, PageError, StackFrame, limits};
use std::collections::HashSet;

const REASON: Reason = Reason::InvalidErrors;

impl Section for Errors {
    const NAME: &'static str = "errors";

    fn check(mut self) -> Result<Self, Rejection> {
        let errors = "errors.errors";
        at_most(REASON, errors, &self.errors, limits::ERRORS_MAX, "errors.dropped")?;
        let mut seen = HashSet::new();
        for (index, error) in self.errors.iter().enumerate() {
            let field = |name: &str| format!("{errors}[{index}].{name}");
            let PageError { kind, message, stack, count, first_ms } = error;
            check::fit(message, limits::ERROR_MESSAGE_BYTES_MAX, || field("message"))?;
            let stack_max = limits::STACK_FRAMES_MAX;
            at_most(REASON, &field("stack"), stack, stack_max, "nothing: they are left out")?;
            for (index, StackFrame { function, source, .. }) in stack.iter().enumerate() {
                let field = |name: &str| field(&format!("stack[{index}].{name}"));
                fit_or_empty(function, limits::FUNCTION_BYTES_MAX, || field("function"))?;
                fit_or_empty(source, limits::URL_BYTES_MAX, || field("source"))?;
            }
            if *count == 0 {
                return wrong(REASON, &field("count"), "is 0; leave the entry out instead");
            }
            if *first_ms > limits::AGE_MS_MAX {
                let detail = format!("is over {}", limits::AGE_MS_MAX);
                return wrong(REASON, &field("first_ms"), &detail);
            }
            if !seen.insert((kind, message, format!("{stack:?}"))) {
                return wrong(REASON, &field("message"), "has two entries; add them up");
            }
        }
        for error in &mut self.errors {
            error.message = without_queries(&error.message);
            for frame in &mut error.stack {
                frame.source = without_query(std::mem::take(&mut frame.source));
            }
        }
        self.errors = folded(self.errors, is_same, add);
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let frame = |it: &StackFrame| size_of_val(it) + it.function.len() + it.source.len();
        let error = |it: &PageError| {
            size_of_val(it) + it.message.len() + it.stack.iter().map(frame).sum::<usize>()
        };
        self.errors.iter().map(error).sum()
    }
}

fn is_same(a: &PageError, b: &PageError) -> bool {
    (a.kind, &a.message, &a.stack) == (b.kind, &b.message, &b.stack)
}

fn add(known: &mut PageError, PageError { count, first_ms, .. }: &PageError) {
    known.count = known.count.saturating_add(*count);
    known.first_ms = known.first_ms.min(*first_ms);
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::ErrorKind;

    fn error() -> PageError {
        let frame = StackFrame {
            function: "apply".to_owned(),
            source: "https://shop.example/a.js?token=secret".to_owned(),
            line: 1,
            column: 90,
        };
        PageError {
            kind: ErrorKind::Error,
            message: "TypeError: a is undefined".to_owned(),
            stack: vec![frame, StackFrame::default()],
            count: 2,
            first_ms: 900,
        }
    }

    fn checked(errors: Vec<PageError>) -> Result<Errors, Option<String>> {
        Errors { errors, dropped: 1 }.check().map_err(|rejection| rejection.field)
    }

    #[test]
    fn what_fits_together_is_taken_without_query_strings() {
        let taken = checked(vec![error(), PageError { stack: Vec::new(), ..error() }]).unwrap();
        assert_eq!(taken.errors[0].stack[0].source, "https://shop.example/a.js");
    }

    #[test]
    fn what_differs_in_query_strings_only_is_one_and_what_is_exported_can_be_imported() {
        let message = |token: &str| format!("no answer of https://a.example/x?token={token}");
        let [first, again] = [("1", 900), ("2", 300)].map(|(token, first_ms)| PageError {
            message: message(token),
            first_ms,
            ..error()
        });
        let taken = checked(vec![first, again]).unwrap();
        let told = taken.errors.iter().map(|it| (it.count, it.first_ms)).collect::<Vec<_>>();
        assert_eq!(told, [(4, 300)]);
        assert_eq!(taken.clone().check(), Ok(taken));
    }

    #[test]
    fn every_error_names_its_field() {
        let many =
            (0..=limits::ERRORS_MAX).map(|n| PageError { message: n.to_string(), ..error() });
        let deep = vec![StackFrame::default(); limits::STACK_FRAMES_MAX + 1];
        let long = StackFrame { function: "a".repeat(257), ..StackFrame::default() };
        for (errors, field) in [
            (many.collect(), "errors.errors"),
            (vec![error(), error()], "errors.errors[1].message"),
            (vec![PageError { message: String::new(), ..error() }], "errors.errors[0].message"),
            (vec![PageError { stack: deep, ..error() }], "errors.errors[0].stack"),
            (
                vec![PageError { stack: vec![long], ..error() }],
                "errors.errors[0].stack[0].function",
            ),
            (
                vec![PageError {
                    stack: vec![StackFrame { function: " ".repeat(257), ..StackFrame::default() }],
                    ..error()
                }],
                "errors.errors[0].stack[0].function",
            ),
            (vec![PageError { count: 0, ..error() }], "errors.errors[0].count"),
            (vec![PageError { first_ms: u32::MAX, ..error() }], "errors.errors[0].first_ms"),
        ] {
            assert_eq!(checked(errors), Err(Some(field.to_owned())));
        }
    }
}
