//! Something to fix, as pages tell it.

use super::{number, page_view, rated::Rated, scope::Scope};
use crate::report::{Culprit, Kind, Opportunity};
use askama::{Template, filters::HtmlSafe};
use beacon::NumberField;
use std::{
    cmp::Reverse,
    hash::{DefaultHasher, Hash, Hasher},
};

/// What page views to look at are called, the worst first.
const EVIDENCE: [&str; 3] = ["the worst page view", "the second", "the third"];

/// Something to fix; templates print it as it is.
#[derive(Debug, Template)]
#[template(path = "fix.html")]
pub(super) struct Fix {
    /// What people call the culprit; absent where it is only a part of the value.
    pub(super) name: Option<String>,
    /// Completes it to a sentence, without its full stop.
    pub(super) problem: &'static str,
    pub(super) metric: &'static str,
    pub(super) route: Option<String>,
    /// What kind of thing the culprit is, to be completed by `source`; absent where it is only a part of the value.
    pub(super) kind: Option<&'static str>,
    /// Where the culprit is from.
    pub(super) source: Option<String>,
    /// The element, where that is not what the culprit is called after.
    pub(super) target: Option<String>,
    pub(super) extent: String,
    /// The 75th percentile.
    pub(super) now: Rated,
    pub(super) without: Rated,
    /// What to do: text, and in turn with it what is code.
    pub(super) advice: Vec<String>,
    /// Page views to look at.
    pub(super) evidence: Vec<(&'static str, String)>,
    /// Tells it from others on a page, whatever comes first there.
    pub(super) key: String,
    /// What else is due to the same culprit, the greatest benefit first.
    pub(super) also: Vec<Also>,
}

/// Where else it is so.
#[derive(Debug)]
pub(super) struct Also {
    pub(super) metric: &'static str,
    pub(super) route: Option<String>,
    /// The element, where it has a name of its own.
    pub(super) target: Option<String>,
    pub(super) now: Rated,
    pub(super) without: Rated,
    pub(super) improved: String,
    /// To the worst page view.
    pub(super) evidence: Option<String>,
}

impl Also {
    fn of(found: &Opportunity, scope: &Scope) -> Self {
        let [now, without] = p75s(found);
        Self {
            metric: found.metric.0.as_str(),
            route: found.route.clone(),
            target: target(&found.culprit),
            evidence: found.evidence.first().map(|key| page_view::address(scope, *key)),
            now,
            without,
            improved: number::count(found.improved),
        }
    }
}

/// Its template escapes what it prints.
impl HtmlSafe for Fix {}

impl Fix {
    /// As in "2 opportunities".
    fn also_count(&self) -> String {
        number::opportunities(self.also.len() as u64)
    }

    /// What is due to the same culprit is one thing to fix. What improves most in all comes first.
    pub(super) fn all(found: &[Opportunity], scope: &Scope) -> Vec<Self> {
        let mut causes = Vec::<Vec<&Opportunity>>::new();
        for it in found {
            match causes.iter_mut().find(|due| Cause::of(due[0]) == Cause::of(it)) {
                Some(due) => due.push(it),
                None => causes.push(vec![it]),
            }
        }
        causes.sort_by_key(|due| Reverse(due.iter().map(|it| it.benefit).sum::<u64>()));
        let fix = |due: Vec<&Opportunity>| Self {
            also: due[1..].iter().map(|it| Also::of(it, scope)).collect(),
            ..Self::of(due[0], scope)
        };
        causes.into_iter().map(fix).collect()
    }

    fn of(found: &Opportunity, scope: &Scope) -> Self {
        let culprit = &found.culprit;
        let name = name(culprit).map(str::to_owned);
        let views = number::page_views(found.page_views);
        let share = number::share(found.share);
        let improved = number::count(found.improved);
        let [now, without] = p75s(found);
        let source = culprit.source.clone().filter(|it| *it != culprit.name);
        let evidence = EVIDENCE.into_iter().zip(&found.evidence);
        Self {
            problem: problem(found.part.name, name.is_some()),
            metric: found.metric.0.as_str(),
            route: found.route.clone(),
            kind: kind(culprit.kind, source.is_some()),
            source,
            target: target(culprit),
            extent: format!("{views}, {share} of those measured; {improved} would be rated better"),
            now,
            without,
            advice: found.advice.split('`').map(str::to_owned).collect(),
            evidence: evidence.map(|(word, key)| (word, page_view::address(scope, *key))).collect(),
            name,
            key: Cause::of(found).key(),
            also: Vec::new(),
        }
    }
}

/// Whoever mends one of what has the same cause mends the others.
#[derive(PartialEq, Hash)]
struct Cause<'a> {
    kind: Kind,
    name: Option<&'a str>,
    source: Option<&'a str>,
    problem: &'static str,
    /// What has a name is one thing everywhere, and so is the server; of anything else nobody knows.
    only_on: Option<(&'static str, Option<&'a str>)>,
}

impl<'a> Cause<'a> {
    fn of(found: &'a Opportunity) -> Self {
        let name = name(&found.culprit);
        let is_everywhere = name.is_some() || is_of_server(found.part.name);
        let here = || (found.metric.0.as_str(), found.route.as_deref());
        Self {
            kind: found.culprit.kind,
            name,
            source: found.culprit.source.as_deref(),
            problem: problem(found.part.name, name.is_some()),
            only_on: (!is_everywhere).then(here),
        }
    }

    /// Tells it from others on a page.
    fn key(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// Whether a part of a value passes before the page has anything to do with it.
const fn is_of_server(part: NumberField) -> bool {
    use NumberField as F;
    matches!(
        part,
        F::WaitingDuration
            | F::CacheDuration
            | F::DnsDuration
            | F::ConnectionDuration
            | F::RequestDuration
            | F::TimeToFirstByte
    )
}

/// The element, where that is not what the culprit is called after.
fn target(culprit: &Culprit) -> Option<String> {
    culprit.target.clone().filter(|it| Some(&**it) != name(culprit))
}

/// What people call a culprit; nothing where it is only a part of the value.
fn name(culprit: &Culprit) -> Option<&str> {
    match culprit.kind {
        Kind::Subpart => culprit.target.as_deref(),
        _ => Some(&culprit.name),
    }
}

/// The 75th percentile now, and without the culprit.
fn p75s(found: &Opportunity) -> [Rated; 2] {
    let rated = |p75, rating| Rated::of_many(found.metric.0, p75, rating, found.measured);
    [rated(found.p75, found.rating), rated(found.p75_without, found.rating_without)]
}

/// What a culprit is, before where it is from if that is known.
const fn kind(kind: Kind, has_source: bool) -> Option<&'static str> {
    match (kind, has_source) {
        (Kind::Element, true) => Some("an element from"),
        (Kind::Element, false) => Some("an element"),
        (Kind::Script, true) => Some("a script from"),
        (Kind::Script, false) => Some("a script"),
        (Kind::Resource, true) => Some("the file"),
        (Kind::Resource, false) => Some("a file"),
        (Kind::Origin, _) => Some("another host"),
        (Kind::Subpart, _) => None,
    }
}

/// What is wrong with a culprit, after its name; without one it stands alone.
fn problem(part: NumberField, is_named: bool) -> &'static str {
    use NumberField as F;
    match (part, is_named) {
        (F::LongestScriptDuration, _) => "runs while visitors wait for an answer",
        (F::ResourceLoadDelay, true) => "is asked for late",
        (F::ResourceLoadDelay, false) => "The image is asked for late",
        (F::ResourceLoadDuration, true) => "takes long to load",
        (F::ResourceLoadDuration, false) => "The image takes long to load",
        (F::ElementRenderDelay, true) => "is there, and is painted late",
        (F::ElementRenderDelay, false) => "What is there is painted late",
        (F::LargestShiftValue, _) => "is moved by what appears before it",
        (F::InputDelay, true) => "waits for the main thread when it is used",
        (F::InputDelay, false) => "Visitors wait for the main thread",
        (F::ProcessingDuration, true) => "has event handlers that take long",
        (F::ProcessingDuration, false) => "Event handlers take long",
        (F::PresentationDelay, true) => "is followed by a long time of layout and paint",
        (F::PresentationDelay, false) => "Layout and paint take long",
        (F::FirstByteToFcp, _) => "The first paint comes long after the first byte",
        (F::WaitingDuration, _) => "Redirects, or a service worker, take long",
        (F::CacheDuration, _) => "The browser's cache takes long",
        (F::DnsDuration, _) => "Finding the host's name takes long",
        (F::ConnectionDuration, _) => "Connecting to the server takes long",
        (_, true) => "takes the most time",
        (_, false) => "The server takes long to answer",
    }
}
