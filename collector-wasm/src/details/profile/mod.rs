//! Where the time of the page's scripts goes, by samples.

mod tell;
#[cfg(test)]
mod tests;

use super::{long_frames::Span, place::place};
use crate::durations::microseconds;
use beacon::{ProfiledFunction, ProfiledStack, limits};

/// Samples that an interaction may still turn out to have waited for.
pub const SAMPLES_MAX: usize = 3000;
/// Slow events that a sample may still be of.
pub const EVENTS_MAX: usize = 100;

/// Of a stack, from 1 on; 0 for none.
pub type Number = usize;
/// Of a stack that is one too many.
pub const TOO_MANY: Number = Number::MAX;

/// A function that a stack has on top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// Empty for not known.
    pub name: String,
    /// Its address without query string; empty for not known.
    pub source: String,
    /// Where it begins, from 1 on; 0 for not known.
    pub line: u32,
    /// As the line.
    pub column: u32,
}

/// The samples of a page view.
#[derive(Debug, Default)]
pub struct Profile {
    /// Every stack stands behind the one that called it.
    all: beacon::Profile,
    /// The last ones that are not slow so far: when, and of which stack.
    samples: Vec<(f64, Number)>,
    /// Where the next one goes, once there are as many as may be.
    next: usize,
    /// The last ones.
    slow_events: Vec<Span>,
}

impl Profile {
    /// The number of the stack that has a function on top of another stack.
    pub fn stack(&mut self, parent: Number, called: Called) -> Number {
        if parent > self.all.stacks.len() {
            return TOO_MANY;
        }
        let Some(function) = self.function(called) else { return TOO_MANY };
        let stack = ProfiledStack { parent: small(parent), function: small(function), ..NO_STACK };
        let is_same =
            |it: &ProfiledStack| it.parent == stack.parent && it.function == stack.function;
        place(&mut self.all.stacks, limits::PROFILE_STACKS_MAX, is_same, || stack)
            .map_or(TOO_MANY, |place| place + 1)
    }

    /// Adds a sample of a stack. What has no stack counts nowhere.
    pub fn add(&mut self, number: Number, ms: f64, interval_ms: f64) {
        let Some(index) = number.checked_sub(1) else { return };
        self.all.interval_us = microseconds(interval_ms).max(1);
        let Some(stack) = self.all.stacks.get_mut(index) else {
            self.all.dropped += 1;
            return;
        };
        stack.count += 1;
        if self.slow_events.iter().any(|it| it.has(ms)) {
            stack.slow_count += 1;
        } else if self.samples.len() < SAMPLES_MAX {
            self.samples.push((ms, index));
        } else {
            self.samples[self.next] = (ms, index);
            self.next = (self.next + 1) % SAMPLES_MAX;
        }
    }

    /// Adds an event of an interaction, which counts when it is slow.
    pub fn add_event(&mut self, span: Span) {
        if !span.is_slow() {
            return;
        }
        for (ms, index) in &mut self.samples {
            if span.has(*ms) {
                self.all.stacks[*index].slow_count += 1;
                // It counts once.
                *ms = f64::NAN;
            }
        }
        if self.slow_events.len() == EVENTS_MAX {
            self.slow_events.remove(0);
        }
        self.slow_events.push(span);
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::Profile {
        super::tell::told(self, at_most)
    }

    fn function(&mut self, called: Called) -> Option<usize> {
        let Called { mut name, source, line, column } = called;
        name.retain(|it| !it.is_control());
        // Cut, it is another.
        if name.len() > limits::FUNCTION_BYTES_MAX {
            name.clear();
        }
        let sources = &mut self.all.sources;
        let source = if source.is_empty() {
            0
        } else {
            1 + place(sources, limits::PROFILE_SOURCES_MAX, |it| *it == source, || source.clone())?
        };
        let source = small(source).to_le_bytes()[0];
        let is_same = |it: &ProfiledFunction| {
            it.line == line && it.column == column && it.source == source && it.name == name
        };
        let make = || ProfiledFunction { name: name.clone(), source, line, column };
        place(&mut self.all.functions, limits::PROFILE_FUNCTIONS_MAX, is_same, make)
    }
}

const NO_STACK: ProfiledStack = ProfiledStack { parent: 0, function: 0, count: 0, slow_count: 0 };

/// Of what is limited to less.
#[expect(clippy::cast_possible_truncation)]
fn small(number: usize) -> u16 {
    number as u16
}
