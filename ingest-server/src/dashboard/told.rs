//! What pages say of answers that were read from page views themselves.

use super::{moment::day, number, scope::Scope};
use crate::report::{Period, RANKED_MAX, Sampled};
use jiff::Timestamp;

/// From which page views an answer was read.
pub(super) struct Source<'a> {
    pub(super) page_views: u64,
    /// What they did, as in "On 12 page views that tell of their components".
    pub(super) tell: &'a str,
    pub(super) period: Period,
    pub(super) kept_from: Timestamp,
    pub(super) sampled: Option<Sampled>,
}

/// The same as a sentence.
pub(super) fn source(source: &Source<'_>) -> String {
    let kept = (source.kept_from > source.period.from)
        .then(|| format!(", kept since {}", day(source.kept_from)));
    let sampled =
        source.sampled.map(|Sampled { one_in }| format!(": a sample, of one in {one_in}"));
    format!(
        "On {} that {}{}{}.",
        number::page_views(source.page_views),
        source.tell,
        kept.unwrap_or_default(),
        sampled.unwrap_or_default()
    )
}

/// Page views of a period, as far as they are kept.
pub(super) fn kept(page_views: u64, period: Period, kept_from: Timestamp) -> String {
    let page_views = number::page_views(page_views);
    if kept_from > period.from {
        format!("{page_views} that began after {}; older ones are deleted", day(kept_from))
    } else {
        page_views
    }
}

/// What was counted on those, and whether they are all that there are.
pub(super) fn counted(kept: &str, sampled: Option<Sampled>) -> String {
    match sampled {
        None => format!("Counted, not estimated, on {kept}."),
        Some(Sampled { one_in }) => format!("Counted on {kept}: a sample, of one in {one_in}."),
    }
}

/// Sentences of what is left out; nothing without any.
pub(super) fn omitted<const N: usize>(sentences: [Option<String>; N]) -> Option<String> {
    let sentences = sentences.into_iter().flatten().collect::<Vec<_>>();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Where there is more of a question's answer, as JSON.
pub(super) fn all(scope: &Scope, period: Period, question: &str) -> String {
    format!("{}&limit={RANKED_MAX}", scope.question(question, period))
}
