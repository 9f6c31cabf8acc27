//! The question where the time of scripts goes.

use crate::report::{
    Question, RANKED_DEFAULT, RANKED_MAX,
    parameters::{Parameters, QuestionError, number, text},
};
use beacon::limits;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Which samples are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interactions {
    /// All.
    #[default]
    All,
    /// Those within interactions of over 200 ms.
    Slow,
}

impl Interactions {
    /// Every one of them.
    pub const EVERY: [Self; 2] = [Self::All, Self::Slow];

    /// The word for it in questions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Slow => "slow",
        }
    }
}

/// Where does the time of scripts go?
#[derive(Clone, Debug, PartialEq)]
pub struct ProfilesQuestion {
    /// On which page views.
    pub question: Question,
    /// The selector of an element: on those whose INP is of it.
    pub target: Option<String>,
    /// Within what.
    pub interactions: Interactions,
    /// How many functions are told.
    pub limit: usize,
}

impl ProfilesQuestion {
    /// With as many functions as are told when nothing else is said.
    pub fn of(question: Question, interactions: Interactions, target: Option<String>) -> Self {
        Self { question, target, interactions, limit: RANKED_DEFAULT }
    }

    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is unknown or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let limit = parameters.take_as("limit", number(1..=RANKED_MAX))?;
        let (interactions, target) = Self::take_samples(&mut parameters)?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["limit", "interactions", "target"])?;
        Ok(Self { question, target, interactions, limit: limit.unwrap_or(RANKED_DEFAULT) })
    }

    /// Takes which samples are counted.
    ///
    /// # Errors
    /// Names the parameter that cannot be read.
    pub(crate) fn take_samples(
        parameters: &mut Parameters,
    ) -> Result<(Interactions, Option<String>), QuestionError> {
        let interactions =
            parameters.one_of("interactions", &Interactions::EVERY, Interactions::as_str)?;
        let target =
            parameters.take_as("target", text::<{ limits::ATTRIBUTION_TEXT_BYTES_MAX }>)?;
        Ok((interactions.unwrap_or_default(), target))
    }
}
