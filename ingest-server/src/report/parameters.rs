//! The parameters of a query string, taken one by one; what is left over is an error.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};
use url::form_urlencoded;

/// What every question may have, for the error about one that none has.
const COMMON: [&str; 12] = [
    "from",
    "to",
    "tz",
    "route",
    "form_factor",
    "browser",
    "os",
    "country",
    "connection",
    "release",
    "navigation_type",
    "host",
];
/// What is left of a parameter's name in an error.
const NAME_SHOWN_MAX: usize = 40;

/// The parameters of a query string, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, String>);

/// What is wrong with a query string.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct QuestionError {
    /// The parameter at fault.
    pub parameter: String,
    /// What is wrong with it, and what is taken.
    pub detail: String,
}

impl Parameters {
    /// Reads a query string.
    ///
    /// # Errors
    /// A parameter is there twice.
    pub fn parse(query: &str) -> Result<Self, QuestionError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if parameters.contains_key(&*name) {
                return Err(error(&name, "is there twice"));
            }
            parameters.insert(name.into_owned(), value.into_owned());
        }
        Ok(Self(parameters))
    }

    /// Takes a parameter out and reads it, if it is there.
    ///
    /// # Errors
    /// Those of `read`, which is given its name and its value.
    pub fn take_as<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str, &str) -> Result<T, QuestionError>,
    ) -> Result<Option<T>, QuestionError> {
        self.0.remove(name).map(|value| read(name, &value)).transpose()
    }

    /// Takes a parameter that has to be there.
    ///
    /// # Errors
    /// Those of `read`; or it is missing, and `choices` says what may be written.
    pub(super) fn require_as<T>(
        &mut self,
        name: &str,
        choices: &str,
        read: impl FnOnce(&str, &str) -> Result<T, QuestionError>,
    ) -> Result<T, QuestionError> {
        let value = self.take_as(name, read)?;
        value.ok_or_else(|| error(name, &format!("is missing; write {choices}")))
    }

    /// A number that is the same for the same parameters about the same site, but for those that are
    /// excepted.
    pub(super) fn fingerprint(&self, site: &str, except: &[&str]) -> u64 {
        let mut hasher = DefaultHasher::new();
        site.hash(&mut hasher);
        let counted = self.0.iter().filter(|(name, _)| !except.contains(&name.as_str()));
        counted.for_each(|parameter| parameter.hash(&mut hasher));
        hasher.finish()
    }

    /// Ends the reading of a question that has no parameters.
    ///
    /// # Errors
    /// Names the first that is there.
    pub fn finish_none(self) -> Result<(), QuestionError> {
        match self.0.into_keys().next() {
            Some(name) => Err(error(&name, "is no parameter here; there are none")),
            None => Ok(()),
        }
    }

    /// Ends the reading; `own` are those that this question has besides what every question may
    /// have.
    ///
    /// # Errors
    /// Names the first that nobody took.
    pub fn finish(self, own: &[&str]) -> Result<(), QuestionError> {
        let Some(name) = self.0.into_keys().next() else { return Ok(()) };
        let [known @ .., last] = &[own, &COMMON].concat()[..] else { return Ok(()) };
        let problem = format!("is no parameter here; there are {} and {last}", known.join(", "));
        Err(error(&name, &problem))
    }
}

/// What is wrong with that parameter.
pub(super) fn error(parameter: &str, problem: &str) -> QuestionError {
    let parameter = parameter.chars().take(NAME_SHOWN_MAX).collect::<String>();
    let detail = format!("{parameter} {problem}");
    QuestionError { parameter, detail }
}

/// A text that is not empty.
pub(super) fn text<const BYTES_MAX: usize>(
    name: &str,
    value: &str,
) -> Result<String, QuestionError> {
    if (1..=BYTES_MAX).contains(&value.len()) {
        Ok(value.to_owned())
    } else {
        Err(error(name, &format!("has {} bytes, 1 to {BYTES_MAX} are taken", value.len())))
    }
}

/// A whole number.
pub(super) fn number<const MIN: u64, const MAX: u64>(
    name: &str,
    value: &str,
) -> Result<u64, QuestionError> {
    let number = value.parse().ok().filter(|number| (MIN..=MAX).contains(number));
    number.ok_or_else(|| error(name, &format!("is no whole number from {MIN} to {MAX}")))
}

/// One of a few words.
pub(super) fn word<T>(
    name: &str,
    value: &str,
    from_word: impl FnOnce(&str) -> Option<T>,
    all: impl Iterator<Item = &'static str>,
) -> Result<T, QuestionError> {
    from_word(value)
        .ok_or_else(|| error(name, &format!("is none of {}", all.collect::<Vec<_>>().join(", "))))
}

/// How many: from 1 to a maximum.
pub(super) fn count(name: &str, value: &str, max: usize) -> Result<usize, QuestionError> {
    let count = value.parse().ok().filter(|count| (1..=max).contains(count));
    count.ok_or_else(|| error(name, &format!("is no number from 1 to {max}")))
}
