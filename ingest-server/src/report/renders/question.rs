//! The question which components render.

use crate::report::{
    Question,
    parameters::{Parameters, QuestionError, number},
};
use jiff::Timestamp;

/// Components of an answer, unless it is asked for more or fewer.
pub const COMPONENTS_DEFAULT: usize = 20;
/// The most that one answer has.
pub const COMPONENTS_MAX: usize = 200;

/// Which components render?
#[derive(Clone, Debug, PartialEq)]
pub struct RendersQuestion {
    /// On which page views.
    pub question: Question,
    /// How many components are told.
    pub limit: usize,
}

impl RendersQuestion {
    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is unknown or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let limit = parameters.take_as("limit", number(1..=COMPONENTS_MAX))?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["limit"])?;
        Ok(Self { question, limit: limit.unwrap_or(COMPONENTS_DEFAULT) })
    }
}
