//! The text of a stack → its calls. Each engine writes it in a way of its own.

use super::scrub::scrubbed;
use beacon::{StackFrame, limits};

/// By what the calls of V8 begin.
const V8: &str = "at ";
const EXTENSION: &[u8] = b"-extension:";

/// The calls of a stack, whose lines come one by one, the innermost first.
#[derive(Debug, Default)]
pub struct Stack {
    calls: Vec<StackFrame>,
    /// It is written as V8 does: what stands before is the message.
    is_of_v8: bool,
    is_of_extension: bool,
}

impl Stack {
    /// Adds a line that has no spaces around it, unless it is no call.
    pub fn add(&mut self, line: &str) {
        let call_of_v8 = line.strip_prefix(V8);
        if call_of_v8.is_some() && !self.is_of_v8 {
            *self = Self { is_of_v8: true, ..Self::default() };
        }
        let parts = if self.is_of_v8 { call_of_v8.map(of_v8) } else { of_others(line) };
        let Some((function, place)) = parts else { return };
        if self.calls.is_empty() {
            self.is_of_extension = find(place.as_bytes(), EXTENSION).is_some();
        }
        if self.calls.len() < limits::STACK_FRAMES_MAX {
            self.calls.push(call(function, place));
        }
    }

    /// All of them; nothing for those of an extension of the browser.
    pub fn calls(self) -> Option<Vec<StackFrame>> {
        (!self.is_of_extension).then_some(self.calls)
    }
}

/// `at async Trips.filter [as run] (https://a.example/app.js:1:90)`, or without a function.
fn of_v8(call: &str) -> (&str, &str) {
    let call = call.strip_prefix("async ").unwrap_or(call);
    let named = call.strip_suffix(')').and_then(|call| around(call, b" ("));
    named.unwrap_or(("", call))
}

/// `filter@https://a.example/app.js:1:90`, of Firefox and Safari; Safari leaves out what has no name.
fn of_others(line: &str) -> Option<(&str, &str)> {
    let (function, place) = around(line, b"@").unwrap_or(("", line));
    let is_known = ends_in_number(place) || place == "[native code]";
    is_known.then(|| (function.strip_prefix("async*").unwrap_or(function), place))
}

fn call(function: &str, place: &str) -> StackFrame {
    let (rest, last) = without_number(place);
    let (source, first) = without_number(rest);
    // With one number only, it is the line.
    let (line, column) = if first == 0 { (last, 0) } else { (first, last) };
    let query = source.bytes().position(|it| matches!(it, b'?' | b'#')).unwrap_or(source.len());
    let source = source.get(..query).unwrap_or_default();
    // What was made at run time, `eval at filter (…)` or `app.js line 2 > eval`, has no address.
    let is_address = source.starts_with("http")
        && source.len() <= limits::URL_BYTES_MAX
        && !source.bytes().any(|it| it <= b' ');
    StackFrame {
        function: scrubbed(function, limits::FUNCTION_BYTES_MAX),
        source: if is_address { source.to_owned() } else { String::new() },
        line,
        column,
    }
}

fn ends_in_number(place: &str) -> bool {
    without_number(place).1 > 0
}

/// `app.js:1` → `app.js` and 1; 0 for no number.
fn without_number(place: &str) -> (&str, u32) {
    let digits = place.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, number) = place.split_at(place.len() - digits);
    match before.strip_suffix(':') {
        // What is too large to be a number of a line is none.
        Some(before) if (1..10).contains(&digits) => (before, parsed(number)),
        _ => (place, 0),
    }
}

fn parsed(digits: &str) -> u32 {
    digits.bytes().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}

fn around<'a>(text: &'a str, border: &[u8]) -> Option<(&'a str, &'a str)> {
    let at = find(text.as_bytes(), border)?;
    Some((text.get(..at)?, text.get(at + border.len()..)?))
}

/// Searching for texts brings much along.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const APP: &str = "https://shop.example/assets/app.js";

    fn calls(stack: &str) -> Option<Vec<StackFrame>> {
        let mut all = Stack::default();
        stack.lines().for_each(|line| all.add(line.trim()));
        all.calls()
    }

    fn frame(function: &str, source: &str, line: u32, column: u32) -> StackFrame {
        StackFrame { function: function.to_owned(), source: source.to_owned(), line, column }
    }

    #[test]
    fn of_chromium() {
        let stack = "TypeError: Cannot read properties of undefined (reading 'at home@x.example:1')
    at Trips.filter [as run] (https://shop.example/assets/app.js?v=1:1:90)
    at new Widget (https://shop.example/assets/app.js:12:4)
    at async Promise.all (index 0)
    at Array.map (<anonymous>)
    at eval (eval at apply (https://shop.example/assets/app.js:1:7), <anonymous>:1:1)
    at HTMLButtonElement.<anonymous> (https://shop.example/assets/app.js:3:5)
    at https://shop.example/assets/app.js:9:1
    at async https://shop.example/assets/app.js:10:2";
        let expected = [
            frame("Trips.filter [as run]", APP, 1, 90),
            frame("new Widget", APP, 12, 4),
            frame("Promise.all", "", 0, 0),
            frame("Array.map", "", 0, 0),
            frame("eval", "", 1, 1),
            frame("HTMLButtonElement.<anonymous>", APP, 3, 5),
            frame("", APP, 9, 1),
            frame("", APP, 10, 2),
        ];
        assert_eq!(calls(stack).unwrap(), expected);
    }

    #[test]
    fn of_firefox() {
        let stack = "filter@https://shop.example/assets/app.js:1:90
apply/<@https://shop.example/assets/app.js?token=secret:12:4
async*run@https://shop.example/assets/app.js:2:1
@https://shop.example/assets/app.js line 9 > eval:1:3
@https://shop.example/@scope/app.js:4:3
";
        let expected = [
            frame("filter", APP, 1, 90),
            frame("apply/<", APP, 12, 4),
            frame("run", APP, 2, 1),
            frame("", "", 1, 3),
            frame("", "https://shop.example/@scope/app.js", 4, 3),
        ];
        assert_eq!(calls(stack).unwrap(), expected);
    }

    #[test]
    fn of_safari() {
        let stack = "filter@https://shop.example/assets/app.js:1:90
map@[native code]
https://shop.example/assets/app.js:3:8
global code@https://shop.example/assets/app.js:12:4";
        let expected = [
            frame("filter", APP, 1, 90),
            frame("map", "", 0, 0),
            frame("", APP, 3, 8),
            frame("global code", APP, 12, 4),
        ];
        assert_eq!(calls(stack).unwrap(), expected);
    }

    #[test]
    fn what_begins_in_an_extension_is_left_out() {
        for stack in [
            "Error: x\n    at f (chrome-extension://abc/content.js:1:2)\n    at g (https://a.example/a.js:1:1)",
            "f@moz-extension://abc/content.js:1:2",
            "f@safari-web-extension://abc/content.js:1:2",
        ] {
            assert_eq!(calls(stack), None);
        }
        let called = "f@https://a.example/a.js:1:1\ng@moz-extension://abc/content.js:1:2";
        assert_eq!(calls(called).unwrap()[1], frame("g", "", 1, 2));
    }

    #[test]
    fn what_is_no_stack_has_no_calls() {
        for text in
            ["", "undefined", "Error: ada@mail.example", "Error: x\n\n", "@", "a@b:99999999999"]
        {
            assert_eq!(calls(text), Some(Vec::new()), "{text}");
        }
    }

    #[test]
    fn twenty_calls_are_told() {
        let stack = "f@https://a.example/a.js:1:1\n".repeat(50);
        assert_eq!(calls(&stack).unwrap().len(), limits::STACK_FRAMES_MAX);
    }

    proptest! {
        #[test]
        fn any_text_is_survived(stack in "(\\PC|\\n|at |@|https://a/|:1| \\(|\\))*") {
            for call in calls(&stack).unwrap_or_default() {
                prop_assert!(call.function.len() <= limits::FUNCTION_BYTES_MAX);
                prop_assert!(call.source.is_empty() || call.source.starts_with("http"));
                prop_assert!(!call.source.contains('?'));
            }
        }
    }
}
