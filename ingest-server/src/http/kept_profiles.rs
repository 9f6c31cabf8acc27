//! The latest answers about profiles, for the pictures on their pages: what a page shows and what its flame
//! graph is drawn from are one answer, which takes long to read.

use crate::report::ProfilesReport;
use quick_cache::sync::Cache;
use std::sync::Arc;

/// Answers that are kept; of the longest names one takes a few megabytes.
const KEPT_MAX: usize = 8;

/// By the tag of the page.
#[derive(Debug)]
pub(super) struct KeptProfiles(Cache<String, Arc<ProfilesReport>>);

impl KeptProfiles {
    pub(super) fn new() -> Self {
        Self(Cache::new(KEPT_MAX))
    }

    /// Keeps the answer with that tag; what it is asked for by.
    pub(super) fn keep<'a>(&self, tag: &'a str, report: &Arc<ProfilesReport>) -> &'a str {
        self.0.insert(tag.to_owned(), report.clone());
        tag.trim_matches('"')
    }

    /// The answer with that tag, if it is still there.
    pub(super) fn last(&self, tag: &str) -> Option<Arc<ProfilesReport>> {
        self.0.get(tag)
    }

    /// The answer that is asked for, if it is still there, and its tag.
    pub(super) fn get(&self, asked: &str) -> Option<(String, Arc<ProfilesReport>)> {
        let tag = format!("\"{asked}\"");
        self.0.get(&tag).map(|report| (tag, report))
    }
}
