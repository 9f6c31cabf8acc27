//! The question what pages load.

use crate::report::{
    Question, RANKED_DEFAULT, RANKED_MAX,
    parameters::{Parameters, QuestionError, number},
};
use beacon::ResourceKind;
use jiff::Timestamp;

/// What do pages load?
#[derive(Clone, Debug, PartialEq)]
pub struct ResourcesQuestion {
    /// On which page views.
    pub question: Question,
    /// Of which kind files are told; all, unless it is said.
    pub kind: Option<ResourceKind>,
    /// How many files are told.
    pub limit: usize,
}

impl ResourcesQuestion {
    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is unknown or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let limit = parameters.take_as("limit", number(1..=RANKED_MAX))?;
        let kind = parameters.one_of("kind", ResourceKind::ALL, ResourceKind::as_str)?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["limit", "kind"])?;
        Ok(Self { question, kind, limit: limit.unwrap_or(RANKED_DEFAULT) })
    }
}
