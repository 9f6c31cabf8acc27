//! The question where the time of scripts goes.

use crate::report::{
    Question, RANKED_DEFAULT, RANKED_MAX,
    parameters::{Parameters, QuestionError, number},
};
use jiff::Timestamp;

/// Which samples are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interactions {
    /// All.
    #[default]
    All,
    /// Those within interactions of over 200 ms.
    Slow,
}

impl Interactions {
    const ALL: [Self; 2] = [Self::All, Self::Slow];

    const fn as_str(self) -> &'static str {
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
    /// Within what.
    pub interactions: Interactions,
    /// How many functions are told.
    pub limit: usize,
}

impl ProfilesQuestion {
    /// Takes from the parameters what this question may have.
    ///
    /// # Errors
    /// Names the parameter that is unknown or cannot be read.
    pub fn take(mut parameters: Parameters, now: Timestamp) -> Result<Self, QuestionError> {
        let limit = parameters.take_as("limit", number(1..=RANKED_MAX))?;
        let interactions =
            parameters.one_of("interactions", &Interactions::ALL, Interactions::as_str)?;
        let question = Question::take(&mut parameters, now)?;
        parameters.finish(&["limit", "interactions"])?;
        Ok(Self {
            question,
            interactions: interactions.unwrap_or_default(),
            limit: limit.unwrap_or(RANKED_DEFAULT),
        })
    }
}
