//! What holds for every profile.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Names of functions from the outermost on.
type Path = Vec<String>;

fn called(name: &str) -> Called {
    let source = "https://a.example/app.js".to_owned();
    Called { name: name.to_owned(), source, line: 1, column: 7 }
}

fn stack(profile: &mut Profile, path: &[impl AsRef<str>]) -> Number {
    path.iter().fold(0, |parent, name| profile.stack(parent, called(name.as_ref())))
}

fn sampled(profile: &mut Profile, path: &[impl AsRef<str>], ms: f64) {
    let number = stack(profile, path);
    profile.add(number, ms, 10.0);
}

fn slow(start_ms: f64) -> Span {
    Span { start_ms, duration_ms: 300.0 }
}

/// All samples of each path.
fn by_path(told: &beacon::Profile) -> BTreeMap<Path, (u32, u32)> {
    let mut paths: Vec<Path> = vec![Path::new()];
    for stack in &told.stacks {
        let mut path = paths[usize::from(stack.parent)].clone();
        path.push(told.functions[usize::from(stack.function)].name.clone());
        paths.push(path);
    }
    let counts = told.stacks.iter().map(|it| (it.count, it.slow_count));
    paths.into_iter().skip(1).zip(counts).filter(|(_, (count, _))| *count > 0).collect()
}

fn counted(told: &beacon::Profile) -> u32 {
    told.stacks.iter().map(|it| it.count).sum()
}

#[test]
fn of_nothing_nothing_is_told() {
    let mut profile = Profile::default();
    profile.add(0, 1.0, 10.0);
    profile.add_event(slow(0.0));
    assert_eq!(profile.told(1000), beacon::Profile::default());
}

#[test]
fn a_stack_is_told_once_with_what_it_stands_on() {
    let mut profile = Profile::default();
    for path in [&["run", "filter"][..], &["run", "filter"], &["run"], &["filter"]] {
        sampled(&mut profile, path, 1.0);
    }
    let told = profile.told(1000);
    assert_eq!(told.interval_us, 10_000);
    assert_eq!(told.sources, ["https://a.example/app.js"]);
    let functions: Vec<_> = told.functions.iter().map(|it| (&*it.name, it.source)).collect();
    assert_eq!(functions, [("run", 1), ("filter", 1)]);
    let stacks: Vec<_> = told.stacks.iter().map(|it| (it.parent, it.function, it.count)).collect();
    assert_eq!(stacks, [(0, 0, 1), (1, 1, 2), (0, 1, 1)]);
}

#[test]
fn what_the_browser_does_itself_has_no_source() {
    let mut profile = Profile::default();
    let number = profile.stack(0, Called { name: "map".to_owned(), ..Called::default() });
    profile.add(number, 1.0, 10.0);
    let told = profile.told(1000);
    assert_eq!((told.sources.len(), told.functions[0].source), (0, 0));
}

#[test]
fn names_are_on_one_line_and_none_is_cut() {
    for (name, expected) in [("a\n\u{85}b", "ab".to_owned()), (&"é".repeat(129), String::new())] {
        let mut profile = Profile::default();
        sampled(&mut profile, &[name], 1.0);
        assert_eq!(profile.told(1000).functions[0].name, expected);
    }
}

#[test]
fn a_sample_within_a_slow_interaction_counts_whichever_is_told_first() {
    for is_event_first in [false, true] {
        let mut profile = Profile::default();
        let add = |profile: &mut Profile| {
            profile.add_event(slow(100.0));
            profile.add_event(slow(150.0));
            profile.add_event(Span { start_ms: 0.0, duration_ms: 200.0 });
            profile.add_event(Span { start_ms: 0.0, duration_ms: f64::NAN });
        };
        if is_event_first {
            add(&mut profile);
        }
        for ms in [99.0, 100.0, 250.0, 450.0, 451.0] {
            sampled(&mut profile, &["filter"], ms);
        }
        if !is_event_first {
            add(&mut profile);
        }
        let stack = profile.told(1000).stacks[0];
        assert_eq!((stack.count, stack.slow_count), (5, 3), "{is_event_first}");
    }
}

#[test]
fn so_many_samples_and_events_are_remembered() {
    let mut profile = Profile::default();
    for number in 0..10_000_u32 {
        sampled(&mut profile, &["filter"], f64::from(number));
    }
    profile.add_event(Span { start_ms: 0.0, duration_ms: 20_000.0 });
    assert_eq!(profile.samples.len(), SAMPLES_MAX);
    assert_eq!(profile.told(1).stacks[0].slow_count, 3000);
    (0..500).for_each(|_| profile.add_event(slow(0.0)));
    assert_eq!(profile.slow_events.len(), EVENTS_MAX);
}

#[test]
fn what_is_too_much_is_dropped_with_all_that_stands_on_it() {
    let mut profile = Profile::default();
    for name in 0..301 {
        sampled(&mut profile, &[name.to_string(), "leaf".to_owned()], 1.0);
    }
    let told = profile.told(1000);
    assert_eq!((told.functions.len(), told.stacks.len()), (300, 598));
    assert_eq!((counted(&told), told.dropped), (299, 2));

    let mut profile = Profile::default();
    for number in 0..60 {
        let source = format!("https://a.example/{number}.js");
        let stack = profile.stack(0, Called { source, ..Called::default() });
        profile.add(stack, 1.0, 10.0);
    }
    let told = profile.told(1000);
    assert_eq!((told.sources.len(), told.dropped), (50, 10));
}

#[test]
fn what_is_left_of_functions_and_sources_is_what_stacks_have() {
    let mut profile = Profile::default();
    let light = profile.stack(0, Called { line: 9, ..called("light") });
    let source = "https://a.example/heavy.js".to_owned();
    let heavy = profile.stack(0, Called { source: source.clone(), ..called("heavy") });
    for number in [light, heavy, heavy] {
        profile.add(number, 1.0, 10.0);
    }
    let told = profile.told(1);
    assert_eq!((told.sources, told.dropped), (vec![source], 1));
    assert_eq!((&*told.functions[0].name, told.stacks[0].function), ("heavy", 0));
    let none = profile.told(0);
    assert_eq!((none.stacks.len(), none.functions.len(), none.dropped), (0, 0, 3));
}

/// Few functions, so that many stacks are the same.
fn paths() -> impl Strategy<Value = Vec<(Path, f64)>> {
    let path = prop::collection::vec(0..5_u32, 0..6)
        .prop_map(|names| names.iter().map(u32::to_string).collect());
    prop::collection::vec((path, 0.0..5000.0), 0..300)
}

fn with(paths: &[(Path, f64)]) -> Profile {
    let mut profile = Profile::default();
    for (path, ms) in paths {
        sampled(&mut profile, path, *ms);
    }
    profile
}

proptest! {
    #[test]
    fn counts_are_those_of_each_path(paths in paths(), starts in prop::collection::vec(0.0..5000.0, 0..5)) {
        let mut profile = with(&paths);
        for start in &starts {
            profile.add_event(slow(*start));
        }
        let mut expected: BTreeMap<Path, (u32, u32)> = BTreeMap::new();
        for (path, ms) in paths.iter().filter(|(path, _)| !path.is_empty()) {
            let counts = expected.entry(path.clone()).or_default();
            counts.0 += 1;
            counts.1 += u32::from(starts.iter().any(|it| (*it..=it + 300.0).contains(ms)));
        }
        let told = profile.told(limits::PROFILE_STACKS_MAX);
        let all = expected.values().map(|(count, _)| count).sum::<u32>();
        prop_assert_eq!(counted(&told) + told.dropped, all);
        for (path, counts) in by_path(&told) {
            prop_assert_eq!(counts, expected[&path]);
        }
        if told.dropped == 0 {
            prop_assert_eq!(by_path(&told), expected);
        }
    }

    #[test]
    fn pruning_keeps_the_sum_and_what_is_heaviest(paths in paths(), at_most in 0..400_usize) {
        let profile = with(&paths);
        let (all, told) = (profile.told(limits::PROFILE_STACKS_MAX), profile.told(at_most));
        prop_assert_eq!(told.stacks.len(), all.stacks.len().min(at_most));
        prop_assert_eq!(counted(&told) + told.dropped, counted(&all) + all.dropped);
        for (index, stack) in told.stacks.iter().enumerate() {
            prop_assert!(usize::from(stack.parent) <= index);
            prop_assert!(stack.slow_count <= stack.count);
        }
        let all = by_path(&all);
        for (path, counts) in by_path(&told) {
            prop_assert_eq!(all[&path], counts);
        }
        let used: Vec<_> = told.stacks.iter().map(|it| usize::from(it.function)).collect();
        prop_assert!((0..told.functions.len()).all(|it| used.contains(&it)));
    }

    #[test]
    fn it_is_told_the_same_twice_and_within_its_limits(
        calls in prop::collection::vec((0..2000_usize, 0..400_u32), 0..3000),
    ) {
        let mut profile = Profile::default();
        for (parent, name) in &calls {
            let number = profile.stack(*parent, called(&name.to_string()));
            profile.add(number, 1.0, 10.0);
        }
        let told = profile.told(limits::PROFILE_STACKS_MAX);
        prop_assert!(told.stacks.len() <= limits::PROFILE_STACKS_MAX);
        prop_assert!(told.functions.len() <= limits::PROFILE_FUNCTIONS_MAX);
        prop_assert_eq!((counted(&told) + told.dropped) as usize, calls.len());
        prop_assert_eq!(profile.told(limits::PROFILE_STACKS_MAX), told);
    }
}
