//! What to fix first.
//!
//! Every value is blamed on what most of it is due to: its [`Culprit`]. What would be gained if a
//! culprit's part shrank to nothing is not estimated but counted, page view by page view. Page views are
//! looked at twice: to find the culprits that matter, and to count what they cost.

mod advice;
mod blame;
mod candidates;
mod culprit;
mod recount;
mod table;
#[cfg(test)]
mod tests;

pub(super) use candidates::OpportunityCandidates;
pub use culprit::{Culprit, Kind};
pub(super) use recount::Recount;
pub use recount::{OPPORTUNITIES_DEFAULT, OPPORTUNITIES_MAX, Opportunity};

use super::{
    Period, Question, Sampled,
    parameters::{Parameters, QuestionError, number},
};
use crate::store::sqlite::Filters;
use beacon::{MetricName, Rating};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What to fix first?
#[derive(Clone, Debug, PartialEq)]
pub struct OpportunitiesQuestion {
    /// For which page views.
    pub question: Question,
    /// How many things to name.
    pub limit: usize,
}

/// The answer of `GET /v1/sites/{site}/opportunities`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opportunities {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What they are alike in.
    pub filters: Filters,
    /// From when on every page view of the period is still there. Those before are not counted here.
    pub kept_from: Timestamp,
    /// Whether only some page views were looked at; every count is of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<Sampled>,
    /// How many page views were looked at.
    pub page_views: u64,
    /// What to fix, the greatest benefit first.
    pub opportunities: Vec<Opportunity>,
}

impl OpportunitiesQuestion {
    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is unknown, or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let limit = parameters.take_as("limit", number(1..=OPPORTUNITIES_MAX))?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["limit"])?;
        Ok(Self { question, limit: limit.unwrap_or(OPPORTUNITIES_DEFAULT) })
    }
}

/// Answers with what was counted.
pub(super) fn opportunities(
    site: &str,
    asked: OpportunitiesQuestion,
    recount: Recount,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> Opportunities {
    let Question { period, filters } = asked.question;
    let page_views = recount.page_views();
    let opportunities = recount.into_ranking();
    Opportunities {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        opportunities,
    }
}

/// What it is worth that a value becomes another one. A page view that is poor no longer but needs
/// improvement is worth as much as one that needs none any more; one that was poor and is good, both.
/// The three core web vitals count twice as much as FCP and TTFB, which only explain LCP.
fn benefit(name: MetricName, before: u32, after: u32) -> u64 {
    let better = (name.rate_steps(before) as u64).saturating_sub(name.rate_steps(after) as u64);
    let weight = match name {
        MetricName::Lcp | MetricName::Inp | MetricName::Cls => 2,
        MetricName::Fcp | MetricName::Ttfb | MetricName::Fid => 1,
    };
    better * weight
}

/// Whether there is nothing to gain.
fn is_good(name: MetricName, steps: u32) -> bool {
    name.rate_steps(steps) == Rating::Good
}
