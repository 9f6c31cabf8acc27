//! What to fix first, all of it.

use super::{
    PageContext,
    first_fixes::FirstFixes,
    fix::Fix,
    frame::{Frame, Place},
    number, print,
};
use crate::report::{OPPORTUNITIES_MAX, Opportunities};
use askama::Template;

#[derive(Template)]
#[template(path = "opportunities.html")]
struct OpportunitiesPage {
    frame: Frame,
    site: String,
    period: &'static str,
    /// As in "12 opportunities".
    count: String,
    fixes: Vec<Fix>,
    /// What it was counted on, or why there is nothing.
    note: String,
    /// Whether it is known in a moment, so that the page asks again.
    is_counting: bool,
    /// Those that are not told, if any.
    omitted: Option<String>,
    /// Where the same is, as JSON.
    all: String,
}

/// The page.
pub fn opportunities_page(fixes: &FirstFixes, context: &PageContext) -> String {
    let (scope, found) = (&context.scope, fixes.found());
    let opportunities = found.map_or(&[][..], |found| &found.opportunities);
    let question = |found: &Opportunities| {
        format!("{}&limit={OPPORTUNITIES_MAX}", scope.question("opportunities", found.period))
    };
    print(&OpportunitiesPage {
        frame: Frame::of(context, Place::Opportunities),
        site: scope.site.clone(),
        period: scope.period.length(),
        count: match (found, opportunities.len()) {
            (None, _) => "Opportunities".to_owned(),
            (Some(_), 0) => "No opportunities".to_owned(),
            (Some(_), count) => number::opportunities(count as u64),
        },
        fixes: Fix::all(opportunities, scope),
        note: fixes.note(scope),
        is_counting: matches!(fixes, FirstFixes::Counting),
        omitted: (opportunities.len() == OPPORTUNITIES_MAX)
            .then(|| format!("No more than {OPPORTUNITIES_MAX} are told.")),
        all: found.map(question).unwrap_or_default(),
    })
}
