//! Where functions were written, for those that source maps know.

use crate::{
    report::original::{OriginalFunction, original_functions},
    store::sqlite::PagePlace,
};
use beacon::{Profile, ProfiledFunction};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// Functions that are told apart; of the longest names and addresses they take 25 MB.
pub(super) const FUNCTIONS_MAX: usize = 10_000;

/// A function as a script has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Definition {
    name: String,
    line: u32,
    column: u32,
}

/// What is defined in scripts.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    functions: usize,
    scripts: HashMap<String, Script>,
}

#[derive(Debug, Default)]
struct Script {
    samples: u64,
    functions: HashSet<Definition>,
}

/// Where functions of scripts were written.
#[derive(Debug, Default)]
pub(crate) struct Originals(HashMap<String, HashMap<Definition, OriginalFunction>>);

impl Definition {
    fn of(ProfiledFunction { name, line, column, .. }: &ProfiledFunction) -> Self {
        Self { name: name.clone(), line: *line, column: *column }
    }
}

impl Definitions {
    /// Adds what a page view tells.
    pub(crate) fn add(&mut self, profile: Profile, _place: PagePlace<'_>) {
        let Profile { sources, functions, stacks, .. } = profile;
        let mut samples = vec![0_u64; functions.len()];
        for stack in stacks {
            if let Some(sum) = samples.get_mut(usize::from(stack.function)) {
                *sum += u64::from(stack.count);
            }
        }
        for (function, samples) in functions.iter().zip(samples) {
            let Some(source) = source(function, &sources) else { continue };
            let has_room = self.functions < FUNCTIONS_MAX;
            if !has_room && !self.scripts.contains_key(source) {
                continue;
            }
            let script = self.scripts.entry(source.to_owned()).or_default();
            script.samples += samples;
            if has_room {
                self.functions += usize::from(script.functions.insert(Definition::of(function)));
            }
        }
    }

    /// By script, with its address; those that are sampled most come first.
    pub(crate) fn by_samples(self) -> Vec<(String, Vec<Definition>)> {
        let mut scripts = self.scripts.into_iter().collect::<Vec<_>>();
        scripts.sort_by(|a, b| (Reverse(a.1.samples), &a.0).cmp(&(Reverse(b.1.samples), &b.0)));
        let functions =
            |(source, script): (String, Script)| (source, script.functions.into_iter().collect());
        scripts.into_iter().map(functions).collect()
    }
}

impl Originals {
    /// Takes in what a script's map says of its functions.
    pub(crate) fn add(&mut self, source: &str, functions: Vec<Definition>, map: &[u8]) {
        let asked = functions.iter().map(|it| (it.name.as_str(), it.line, it.column));
        let known = original_functions(map, &asked.collect::<Vec<_>>());
        let known = functions.into_iter().zip(known);
        let known = known.filter_map(|(definition, original)| Some((definition, original?)));
        self.0.insert(source.to_owned(), known.collect());
    }

    /// Where a function was written.
    pub(super) fn get(
        &self,
        function: &ProfiledFunction,
        sources: &[String],
    ) -> Option<&OriginalFunction> {
        self.0.get(source(function, sources)?)?.get(&Definition::of(function))
    }
}

/// The address of its script; nothing for what is the browser's own.
pub(super) fn source<'a>(function: &ProfiledFunction, sources: &'a [String]) -> Option<&'a str> {
    let at = usize::from(function.source).checked_sub(1)?;
    sources.get(at).map(String::as_str)
}
