//! Where a page claims the time of its scripts went → what is true enough to be stored.

use super::{Section, at_most, fit_or_empty, without_query, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Profile, ProfiledFunction, limits};

const REASON: Reason = Reason::InvalidProfile;
/// Samples that are a second apart say nothing.
const INTERVAL_US_MAX: u32 = 1_000_000;

impl Section for Profile {
    const NAME: &'static str = "profile";

    fn check(mut self) -> Result<Self, Rejection> {
        if self == Self::default() {
            return Ok(self);
        }
        for source in &mut self.sources {
            *source = without_query(std::mem::take(source));
        }
        let Self { interval_us, sources, functions, stacks, .. } = &self;
        if !(1..=INTERVAL_US_MAX).contains(interval_us) {
            let detail = format!("is not 1 to {INTERVAL_US_MAX}");
            return wrong(REASON, "profile.interval_us", &detail);
        }
        let left_out = "profile.dropped";
        at_most(REASON, "profile.sources", sources, limits::PROFILE_SOURCES_MAX, left_out)?;
        at_most(REASON, "profile.functions", functions, limits::PROFILE_FUNCTIONS_MAX, left_out)?;
        at_most(REASON, "profile.stacks", stacks, limits::PROFILE_STACKS_MAX, left_out)?;
        for (index, source) in sources.iter().enumerate() {
            fit_or_empty(source, limits::URL_BYTES_MAX, || format!("profile.sources[{index}]"))?;
        }
        for (index, ProfiledFunction { name, source, .. }) in functions.iter().enumerate() {
            let field = |part: &str| format!("profile.functions[{index}].{part}");
            fit_or_empty(name, limits::FUNCTION_BYTES_MAX, || field("name"))?;
            if usize::from(*source) > sources.len() {
                return wrong(REASON, &field("source"), "is no number of profile.sources");
            }
        }
        let mut depths = Vec::<usize>::with_capacity(stacks.len());
        for (index, stack) in stacks.iter().enumerate() {
            let field = |part: &str| format!("profile.stacks[{index}].{part}");
            if usize::from(stack.parent) > index {
                return wrong(REASON, &field("parent"), "is no number of an earlier stack");
            }
            let depth = usize::from(stack.parent).checked_sub(1).map_or(1, |at| depths[at] + 1);
            if depth > limits::PROFILE_DEPTH_MAX {
                let detail =
                    format!("makes a stack of over {} functions", limits::PROFILE_DEPTH_MAX);
                return wrong(REASON, &field("parent"), &detail);
            }
            depths.push(depth);
            if usize::from(stack.function) >= functions.len() {
                return wrong(REASON, &field("function"), "is no number of profile.functions");
            }
            if stack.slow_count > stack.count {
                return wrong(REASON, &field("slow_count"), "is more than count");
            }
        }
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let function = |it: &ProfiledFunction| size_of_val(it) + it.name.len();
        self.sources.iter().map(|it| size_of_val(it) + it.len()).sum::<usize>()
            + self.functions.iter().map(function).sum::<usize>()
            + size_of_val(self.stacks.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::ProfiledStack;

    fn profile() -> Profile {
        let function =
            ProfiledFunction { name: "slowFilter".to_owned(), source: 1, line: 1, column: 90 };
        let stack = ProfiledStack { parent: 0, function: 0, count: 3, slow_count: 1 };
        Profile {
            interval_us: 10_000,
            sources: vec!["https://shop.example/a.js?token=secret".to_owned()],
            functions: vec![function],
            stacks: vec![stack, ProfiledStack { parent: 1, ..stack }],
            dropped: 2,
        }
    }

    #[test]
    fn what_fits_together_is_taken_without_query_strings() {
        let taken = profile().check().unwrap();
        assert_eq!(taken.sources, ["https://shop.example/a.js"]);
        assert_eq!(taken.clone().check(), Ok(taken), "what is exported can be imported");
        let inline =
            Profile { sources: vec!["data:text/javascript,work()".to_owned()], ..profile() };
        assert_eq!(inline.check().unwrap().sources, [""]);
        assert_eq!(Profile::default().check(), Ok(Profile::default()));
    }

    #[test]
    fn every_error_names_its_field() {
        let stack = profile().stacks[0];
        let with = |stack: ProfiledStack| Profile { stacks: vec![stack], ..profile() };
        let unknown = ProfiledFunction { source: 2, ..profile().functions[0].clone() };
        for (profile, field) in [
            (Profile { interval_us: 0, ..profile() }, "profile.interval_us"),
            (Profile { sources: vec![" ".repeat(2049)], ..profile() }, "profile.sources[0]"),
            (
                Profile {
                    stacks: (0..=256).map(|parent| ProfiledStack { parent, ..stack }).collect(),
                    ..profile()
                },
                "profile.stacks[256].parent",
            ),
            (Profile { functions: vec![unknown], ..profile() }, "profile.functions[0].source"),
            (
                Profile { stacks: vec![stack; limits::PROFILE_STACKS_MAX + 1], ..profile() },
                "profile.stacks",
            ),
            (with(ProfiledStack { parent: 1, ..stack }), "profile.stacks[0].parent"),
            (with(ProfiledStack { function: 1, ..stack }), "profile.stacks[0].function"),
            (with(ProfiledStack { slow_count: 4, ..stack }), "profile.stacks[0].slow_count"),
        ] {
            let refused = profile.check().map_err(|rejection| rejection.field);
            assert_eq!(refused, Err(Some(field.to_owned())));
        }
    }
}
