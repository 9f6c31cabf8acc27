//! What went wrong on many page views, added up by what it says and where it happened.

use crate::{
    report::told_apart::{MINIFIED_MAX, PageViews, entry},
    store::sqlite::PagePlace,
};
use beacon::{ErrorKind, Errors, PageError, StackFrame};
use std::collections::{BTreeMap, HashMap};

/// Errors that are told apart; a page view has at most 20. With the longest of stacks they take 50 MB.
const TOLD_APART_MAX: usize = 1000;
/// Routes that are counted for each.
const ROUTES_MAX: usize = 200;

/// What errors of one group have in common. Digits of a message may differ: they are mostly somebody's
/// number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) kind: ErrorKind,
    message: String,
    function: String,
    source: String,
}

/// All errors of a group.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// What the first of them says.
    pub(super) message: String,
    /// The stack of the first one that has the most of it.
    pub(super) stack: Vec<StackFrame>,
    pub(super) count: u64,
    pub(super) page_views: PageViews,
    pub(super) routes: BTreeMap<String, u64>,
}

/// Errors by what they have in common.
#[derive(Debug, Default)]
pub(crate) struct ErrorGroups {
    pub(super) page_views: u64,
    /// How often something went wrong that was one too many, in a page view or here.
    pub(super) dropped: u64,
    pub(super) by_key: HashMap<Key, Group>,
}

impl ErrorGroups {
    /// Adds what a page view of that route tells.
    pub(crate) fn add(
        &mut self,
        Errors { errors, dropped }: Errors,
        PagePlace { route, .. }: PagePlace<'_>,
    ) {
        self.page_views += 1;
        self.dropped += u64::from(dropped);
        for error in errors {
            let key = Key::of(&error);
            match entry(&mut self.by_key, key, TOLD_APART_MAX) {
                Some(group) => group.add(error, self.page_views, route),
                None => self.dropped += u64::from(error.count),
            }
        }
    }
}

impl Key {
    fn of(PageError { kind, message, stack, .. }: &PageError) -> Self {
        let top = stack.first().cloned().unwrap_or_default();
        Self {
            kind: *kind,
            message: without_digits(message),
            // What a minifier calls it is another with every release.
            function: if top.function.len() > MINIFIED_MAX { top.function } else { String::new() },
            source: beacon::without_hashes(&top.source),
        }
    }
}

impl Group {
    fn add(&mut self, error: PageError, page_view: u64, route: &str) {
        let PageError { message, stack, count, .. } = error;
        if self.count == 0 {
            self.message = message;
        }
        if stack.len() > self.stack.len() {
            self.stack = stack;
        }
        self.count += u64::from(count);
        if !self.page_views.see(page_view) {
            return;
        }
        if let Some(known) = self.routes.get_mut(route) {
            *known += 1;
        } else if self.routes.len() < ROUTES_MAX && !route.is_empty() {
            self.routes.insert(route.to_owned(), 1);
        }
    }
}

fn without_digits(message: &str) -> String {
    let mut all = String::with_capacity(message.len());
    for character in message.chars() {
        match character {
            '0'..='9' if all.ends_with('#') => {}
            '0'..='9' => all.push('#'),
            other => all.push(other),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str, file: &str, frames: usize) -> PageError {
        let frame = StackFrame {
            function: "apply".to_owned(),
            source: format!("https://shop.example/{file}"),
            line: 1,
            column: 9,
        };
        PageError {
            kind: ErrorKind::Error,
            message: message.to_owned(),
            stack: vec![frame; frames],
            count: 2,
            first_ms: 0,
        }
    }

    #[test]
    fn errors_that_differ_in_numbers_and_hashes_only_are_one() {
        let mut groups = ErrorGroups::default();
        let place = PagePlace { host: "", route: "/cart" };
        let first =
            [error("no trip 42", "app-BkZ3a9xQ.js", 1), error("no trip 7", "app-Dq1w2e3R.js", 3)];
        groups.add(Errors { errors: first.to_vec(), dropped: 1 }, place);
        let other = error("no hotel 42", "app-Dq1w2e3R.js", 1);
        groups.add(Errors { errors: vec![first[1].clone(), other], dropped: 0 }, place);
        assert_eq!((groups.page_views, groups.dropped, groups.by_key.len()), (2, 1, 2));
        let trips = groups.by_key.values().find(|group| group.message == "no trip 42").unwrap();
        assert_eq!((trips.count, trips.page_views.count, trips.stack.len()), (6, 2, 3));
        assert_eq!(trips.routes["/cart"], 2);
    }

    #[test]
    fn names_of_a_minifier_make_no_other_error_of_one() {
        let mut groups = ErrorGroups::default();
        let errors = ["n", "t", "apply"].map(|function| {
            let mut error = error("a is undefined", "app-BkZ3a9xQ.js", 1);
            function.clone_into(&mut error.stack[0].function);
            error
        });
        groups.add(Errors { errors: errors.into(), dropped: 0 }, PagePlace::on(""));
        let mut counts = groups.by_key.values().map(|group| group.count).collect::<Vec<_>>();
        counts.sort_unstable();
        assert_eq!(counts, [2, 4]);
    }

    #[test]
    fn errors_that_are_too_many_are_counted_as_dropped() {
        let mut groups = ErrorGroups::default();
        for n in 0..TOLD_APART_MAX + 5 {
            let name = "abcdefghij".chars().nth(n % 10).unwrap().to_string().repeat(n / 10 + 1);
            let errors = vec![error(&name, "a.js", 0)];
            groups.add(Errors { errors, dropped: 0 }, PagePlace::on(""));
        }
        assert_eq!((groups.by_key.len(), groups.dropped), (TOLD_APART_MAX, 10));
    }
}
