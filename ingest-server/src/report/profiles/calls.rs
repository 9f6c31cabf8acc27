//! Samples of many page views, added up by what called what.

use super::{
    definitions::{FUNCTIONS_MAX, Originals, source},
    question::Interactions,
};
use crate::{report::told_apart::MINIFIED_MAX, store::sqlite::PagePlace};
use beacon::{Profile, ProfiledFunction, without_hashes};
use std::{
    collections::{HashMap, HashSet},
    iter::successors,
};

/// Stacks that are told apart; they take some 5 MB.
const STACKS_MAX: usize = 50_000;

/// What tells one function from another. Lines and columns of scripts change with every release.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Function {
    pub(super) name: String,
    /// Its file in the source where a map tells it; otherwise the address of its script, in which `*`
    /// stands for a hash of the content.
    pub(super) source: String,
    /// Its line in the source, where a map tells it but no name: lines change with every release.
    pub(super) line: Option<u32>,
}

/// All that is known of a function.
#[derive(Clone, Debug)]
pub(super) struct Called {
    pub(super) function: Function,
    /// Its line in the source, where a map told it the last time.
    pub(super) line: Option<u32>,
    pub(super) page_views: u64,
    /// Microseconds in which it was on top, and in which it was anywhere.
    pub(super) self_us: u64,
    pub(super) total_us: u64,
}

/// A function, and the stack that called it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stack {
    /// An earlier one.
    pub(super) parent: Option<usize>,
    pub(super) function: usize,
    /// Microseconds in which it was on top.
    pub(super) self_us: u64,
}

/// A stack of a page view.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Told {
    /// The place of the stack that called it among those of the page view.
    parent: Option<usize>,
    /// Its place among all.
    place: usize,
    function: usize,
    /// Microseconds in which it was on top, or what it called.
    within_us: u64,
}

/// What called what.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    interactions: Interactions,
    originals: Originals,
    pub(super) page_views: u64,
    pub(super) sampled_us: u64,
    /// Of stacks that were one too many, in a page view or here.
    pub(super) dropped_us: u64,
    numbers: HashMap<Function, usize>,
    pub(super) functions: Vec<Called>,
    places: HashMap<(Option<usize>, usize), usize>,
    pub(super) stacks: Vec<Stack>,
}

impl Calls {
    /// Of those samples, of functions as they were written.
    pub(crate) fn within(interactions: Interactions, originals: Originals) -> Self {
        Self { interactions, originals, ..Self::default() }
    }

    /// Adds what a page view tells.
    pub(crate) fn add(&mut self, profile: Profile, _place: PagePlace<'_>) {
        let Profile { interval_us, sources, functions, stacks, dropped } = profile;
        self.page_views += 1;
        let us = |count: u32| u64::from(count) * u64::from(interval_us);
        if self.interactions == Interactions::All {
            self.dropped_us = self.dropped_us.saturating_add(us(dropped));
        }
        let functions = functions.into_iter().map(|it| self.number(it, &sources));
        let functions = functions.collect::<Vec<_>>();
        let mut told = Vec::<Option<Told>>::with_capacity(stacks.len());
        for stack in stacks {
            let self_us = us(match self.interactions {
                Interactions::All => stack.count,
                Interactions::Slow => stack.slow_count,
            });
            let parent = usize::from(stack.parent).checked_sub(1);
            let caller = parent.map(|at| told.get(at).copied().flatten());
            let function = functions.get(usize::from(stack.function)).copied().flatten();
            let here = function.filter(|_| caller != Some(None)).and_then(|function| {
                let place = self.place(caller.flatten().map(|it| it.place), function)?;
                Some(Told { parent, place, function, within_us: self_us })
            });
            told.push(here);
            match here {
                Some(Told { place, function, .. }) => self.count(place, function, self_us),
                None => self.dropped_us = self.dropped_us.saturating_add(self_us),
            }
        }
        self.count_within(told);
    }

    /// What was on top.
    fn count(&mut self, place: usize, function: usize, self_us: u64) {
        self.sampled_us = self.sampled_us.saturating_add(self_us);
        for sum in [&mut self.stacks[place].self_us, &mut self.functions[function].self_us] {
            *sum = sum.saturating_add(self_us);
        }
    }

    /// Every function of a stack was there, however often it is in it. Callers stand before what they called.
    fn count_within(&mut self, mut told: Vec<Option<Told>>) {
        for at in (0..told.len()).rev() {
            if let Some(Told { parent: Some(parent), within_us, .. }) = told[at]
                && let Some(caller) = &mut told[parent]
            {
                caller.within_us = caller.within_us.saturating_add(within_us);
            }
        }
        let mut seen = HashSet::new();
        for it in told.iter().flatten().filter(|it| it.within_us > 0) {
            let parent = |at: usize| told[at].and_then(|it| it.parent);
            let mut callers = successors(it.parent, |at| parent(*at)).filter_map(|at| told[at]);
            let called = &mut self.functions[it.function];
            if !callers.any(|caller| caller.function == it.function) {
                called.total_us = called.total_us.saturating_add(it.within_us);
            }
            if seen.insert(it.function) {
                called.page_views += 1;
            }
        }
    }

    /// The number of a function; nothing, if it is one too many.
    fn number(&mut self, function: ProfiledFunction, sources: &[String]) -> Option<usize> {
        let original = self.originals.get(&function, sources);
        let line = original.map(|it| it.line);
        let function = if let Some(original) = original {
            let is_named = original.name.is_some() || function.name.len() > MINIFIED_MAX;
            Function {
                name: original.name.clone().unwrap_or(function.name),
                source: original.source.clone(),
                line: line.filter(|_| !is_named),
            }
        } else {
            let source = source(&function, sources).map(without_hashes).unwrap_or_default();
            Function { name: function.name, source, line: None }
        };
        if let Some(number) = self.numbers.get(&function) {
            self.functions[*number].line = line;
            return Some(*number);
        }
        if self.functions.len() >= FUNCTIONS_MAX {
            return None;
        }
        let number = self.functions.len();
        let function_of = function.clone();
        let called = Called { function: function_of, line, page_views: 0, self_us: 0, total_us: 0 };
        self.functions.push(called);
        self.numbers.insert(function, number);
        Some(number)
    }

    /// The place of a stack; nothing, if it is one too many.
    fn place(&mut self, parent: Option<usize>, function: usize) -> Option<usize> {
        if let Some(place) = self.places.get(&(parent, function)) {
            return Some(*place);
        }
        if self.stacks.len() >= STACKS_MAX {
            return None;
        }
        let place = self.stacks.len();
        self.stacks.push(Stack { parent, function, self_us: 0 });
        self.places.insert((parent, function), place);
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::profiles::Definitions;
    use beacon::ProfiledStack;
    use proptest::prelude::*;

    /// `main` calls `filter`, which calls itself; and `main` alone.
    fn profile(release: &str) -> Profile {
        let function =
            |name: &str| ProfiledFunction { name: name.to_owned(), source: 1, line: 1, column: 2 };
        let stack = |parent, function, count, slow_count| ProfiledStack {
            parent,
            function,
            count,
            slow_count,
        };
        Profile {
            interval_us: 10_000,
            sources: vec![format!("https://shop.example/app-{release}.js")],
            functions: vec![function("main"), function("filter")],
            stacks: vec![stack(0, 0, 1, 0), stack(1, 1, 5, 4), stack(2, 1, 3, 3)],
            dropped: 2,
        }
    }

    fn all() -> Calls {
        Calls::within(Interactions::All, Originals::default())
    }

    fn told(calls: &Calls) -> Vec<(&str, u64, u64, u64)> {
        let functions = calls.functions.iter();
        functions.map(|it| (&*it.function.name, it.page_views, it.self_us, it.total_us)).collect()
    }

    #[test]
    fn a_function_that_calls_itself_has_its_time_once() {
        let mut calls = all();
        for release in ["BkZ3a9xQ", "Dq1w2e3R"] {
            calls.add(profile(release), PagePlace::on(""));
        }
        assert_eq!(told(&calls), [("main", 2, 20_000, 180_000), ("filter", 2, 160_000, 160_000)]);
        assert_eq!((calls.sampled_us, calls.dropped_us, calls.stacks.len()), (180_000, 40_000, 3));
        assert_eq!(calls.functions[0].function.source, "https://shop.example/app-*.js");
    }

    proptest! {
        #[test]
        fn what_is_counted_is_what_walking_every_stack_counts(
            stacks in prop::collection::vec((any::<u16>(), 0..4_u16, 0..3_u32), 1..60)
        ) {
            let function = |n: u16| ProfiledFunction { name: format!("f{n}"), source: 1, line: 1, column: 2 };
            let stacks = stacks.into_iter().enumerate().map(|(index, (parent, function, count))| {
                let parent = parent % (u16::try_from(index).unwrap() + 1);
                ProfiledStack { parent, function, count, slow_count: 0 }
            });
            let profile = Profile {
                functions: (0..4).map(function).collect(),
                stacks: stacks.collect(),
                ..profile("BkZ3a9xQ")
            };
            let mut naive = [(0, 0); 4];
            for stack in &profile.stacks {
                let callers = successors(Some(*stack), |it| {
                    Some(profile.stacks[usize::from(it.parent).checked_sub(1)?])
                });
                for function in callers.map(|it| it.function).collect::<HashSet<_>>() {
                    naive[usize::from(function)].1 += u64::from(stack.count) * 10_000;
                }
                naive[usize::from(stack.function)].0 += u64::from(stack.count) * 10_000;
            }
            let mut calls = all();
            calls.add(profile, PagePlace::on(""));
            let counted = told(&calls).into_iter().map(|(_, _, own, total)| (own, total));
            prop_assert_eq!(counted.collect::<Vec<_>>(), naive);
            let ran = calls.functions.iter().filter(|it| it.total_us > 0);
            prop_assert!(ran.into_iter().all(|it| it.page_views == 1));
        }
    }

    #[test]
    fn samples_within_slow_interactions_can_be_looked_at_alone() {
        let mut calls = Calls::within(Interactions::Slow, Originals::default());
        calls.add(profile("BkZ3a9xQ"), PagePlace::on(""));
        assert_eq!(told(&calls), [("main", 1, 0, 70_000), ("filter", 1, 70_000, 70_000)]);
        assert_eq!((calls.sampled_us, calls.dropped_us), (70_000, 0));
    }

    #[test]
    fn functions_of_two_releases_are_one_where_maps_tell_that_they_are() {
        let mut definitions = Definitions::default();
        let mut originals = Originals::default();
        let renamed = |release: &str, name: &str, column| {
            let mut profile = profile(release);
            profile.functions[1].name = name.to_owned();
            profile.functions[1].column = column;
            profile
        };
        let releases = [renamed("BkZ3a9xQ", "a", 11), renamed("Dq1w2e3R", "b", 21)];
        for profile in &releases {
            definitions.add(profile.clone(), PagePlace::on(""));
        }
        for (source, functions) in definitions.by_samples() {
            // In the second release it stands two lines below.
            let (column, line) = if source.contains("BkZ3a9xQ") { (9, 11) } else { (19, 13) };
            originals.add(&source, functions, &map(column, line));
        }
        let mut calls = Calls::within(Interactions::All, originals);
        for profile in releases {
            calls.add(profile, PagePlace::on(""));
        }
        assert_eq!(told(&calls), [("main", 2, 20_000, 180_000), ("filter", 2, 160_000, 160_000)]);
        let functions = calls.functions.iter().map(|it| (&*it.function.source, it.line));
        let written = [("https://shop.example/app-*.js", None), ("src/search.ts", Some(14))];
        assert_eq!(functions.collect::<Vec<_>>(), written);
    }

    /// Of a function in that line, whose name stands in that column of the first line.
    fn map(column: u32, line: u32) -> Vec<u8> {
        let mut map = sourcemap::SourceMapBuilder::new(None);
        map.add(0, column, line, 4, Some("src/search.ts"), Some("filter"), false);
        let mut written = Vec::new();
        map.into_sourcemap().to_writer(&mut written).unwrap();
        written
    }
}
