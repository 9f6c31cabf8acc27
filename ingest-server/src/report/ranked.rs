//! The question what matters most, of which the first so many are told.

use super::{
    Question,
    parameters::{Parameters, QuestionError, number},
};
use jiff::Timestamp;

/// Rows of an answer, unless it is asked for more or fewer.
pub const RANKED_DEFAULT: usize = 20;
/// The most that one answer has.
pub const RANKED_MAX: usize = 200;

/// Which components render most, which scripts block most, and the like.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedQuestion {
    /// On which page views.
    pub question: Question,
    /// How many are told.
    pub limit: usize,
}

impl RankedQuestion {
    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is unknown or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let limit = parameters.take_as("limit", number(1..=RANKED_MAX))?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["limit"])?;
        Ok(Self { question, limit: limit.unwrap_or(RANKED_DEFAULT) })
    }
}
