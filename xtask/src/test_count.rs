//! Adds up what test programs say.

use std::fmt;

/// Tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct TestCount {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl TestCount {
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured`, as libtest ends; `None` for any
    /// other line.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |outcome| {
            let mut parts = counts.split(';').map(str::trim);
            parts.find_map(|part| part.strip_suffix(outcome)?.trim_end().parse().ok())
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored")?,
        })
    }

    /// Counts one check.
    pub(crate) fn check(&mut self, passed: bool) {
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
    }
}

impl std::ops::AddAssign for TestCount {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for TestCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TestCount;

    #[test]
    fn the_last_line_of_a_test_program_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; \
                    0 filtered out; finished in 0.42s";
        let count = TestCount { passed: 12, failed: 3, skipped: 1 };
        assert_eq!(TestCount::parse(line), Some(count));
        for line in
            ["", "running 3 tests", "test result: ok", "test result: ok. x passed; 0 failed"]
        {
            assert_eq!(TestCount::parse(line), None, "{line}");
        }
    }

    #[test]
    fn the_sum_names_skipped_tests_only_when_there_are_some() {
        let mut count = TestCount { passed: 1, failed: 0, skipped: 0 };
        count.check(true);
        count.check(false);
        assert_eq!(count.to_string(), "2 passed, 1 failed");
        count += TestCount { passed: 1, failed: 0, skipped: 2 };
        assert_eq!(count.to_string(), "3 passed, 1 failed, 2 skipped");
    }
}
