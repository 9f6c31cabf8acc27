//! The parameters of a query string, taken one by one; what is left over is an error.

use crate::roll_up::Facet;
use std::{
    collections::BTreeMap,
    fmt::Display,
    hash::{DefaultHasher, Hash, Hasher},
    ops::RangeInclusive,
    str::FromStr,
};
use url::form_urlencoded;

/// What every question may have besides filters, for the error about one that none has.
const OF_TIME: [&str; 3] = ["from", "to", "tz"];
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
    /// Those of a table.
    pub(crate) fn of(table: &BTreeMap<String, String>) -> Self {
        Self(table.clone())
    }

    /// Reads a query string.
    ///
    /// # Errors
    /// A parameter is there twice.
    pub fn parse(query: &str) -> Result<Self, QuestionError> {
        Self::parse_known(query, |_| true)
    }

    /// Reads those of a query string that are known, and passes the others over.
    ///
    /// # Errors
    /// A known parameter is there twice.
    pub(crate) fn parse_known(
        query: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, QuestionError> {
        let mut parameters = BTreeMap::new();
        let pairs = form_urlencoded::parse(query.as_bytes());
        for (name, value) in pairs.filter(|(name, _)| is_known(name)) {
            if parameters.contains_key(&*name) {
                return Err(error(&name, "is there twice"));
            }
            parameters.insert(name.into_owned(), value.into_owned());
        }
        Ok(Self(parameters))
    }

    /// Takes a parameter out as it is, if it is there.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
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

    /// Whether it is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Takes one of a few words, if it is there.
    ///
    /// # Errors
    /// It is none of them.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Result<Option<T>, QuestionError> {
        self.take_as(name, |name, value| {
            let found = all.iter().copied().find(|it| as_str(*it) == value);
            found.ok_or_else(|| error(name, &format!("is none of {}", words(all, as_str))))
        })
    }

    /// Takes one of a few words that has to be there.
    pub(super) fn require_one_of<T: Copy>(
        &mut self,
        name: &str,
        all: &[T],
        as_str: fn(T) -> &'static str,
    ) -> Result<T, QuestionError> {
        let missing = || error(name, &format!("is missing; write one of {}", words(all, as_str)));
        self.one_of(name, all, as_str)?.ok_or_else(missing)
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

    /// Ends the reading of a question that has these parameters and no others.
    ///
    /// # Errors
    /// Names the first that is none of them.
    pub fn finish_known(self, known: &[&str]) -> Result<(), QuestionError> {
        let Some(name) = self.0.into_keys().next() else { return Ok(()) };
        let are = if known.len() == 1 { "is" } else { "are" };
        Err(error(&name, &format!("is no parameter here; there {are} {}", known.join(" and "))))
    }

    /// Ends the reading; `own` are those that this question has besides what every question may
    /// have.
    ///
    /// # Errors
    /// Names the first that nobody took.
    pub fn finish(self, own: &[&str]) -> Result<(), QuestionError> {
        self.finish_filters(&[own, &OF_TIME].concat())
    }

    /// Ends the reading of filters, and of `others`.
    ///
    /// # Errors
    /// Names the first that nobody took.
    pub(super) fn finish_filters(self, others: &[&str]) -> Result<(), QuestionError> {
        let Some(name) = self.0.into_keys().next() else { return Ok(()) };
        let [filters @ .., last] = Facet::ALL.map(Facet::as_str);
        let known = [others, &filters].concat().join(", ");
        Err(error(&name, &format!("is no parameter here; there are {known} and {last}")))
    }
}

fn words<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> String {
    all.iter().map(|it| as_str(*it)).collect::<Vec<_>>().join(", ")
}

/// What is wrong with that parameter.
pub(super) fn error(parameter: &str, problem: &str) -> QuestionError {
    let parameter = parameter.chars().take(NAME_SHOWN_MAX).collect::<String>();
    let detail = format!("{parameter} {problem}");
    QuestionError { parameter, detail }
}

/// A text that is not empty.
pub(crate) fn text<const BYTES_MAX: usize>(
    name: &str,
    value: &str,
) -> Result<String, QuestionError> {
    if (1..=BYTES_MAX).contains(&value.len()) {
        Ok(value.to_owned())
    } else {
        Err(error(name, &format!("has {} bytes, 1 to {BYTES_MAX} are taken", value.len())))
    }
}

/// A whole number of these.
pub(crate) fn number<T: Display + FromStr + PartialOrd>(
    taken: RangeInclusive<T>,
) -> impl FnOnce(&str, &str) -> Result<T, QuestionError> {
    move |name, value| {
        let number = value.parse().ok().filter(|number| taken.contains(number));
        let (min, max) = (taken.start(), taken.end());
        number.ok_or_else(|| error(name, &format!("is no whole number from {min} to {max}")))
    }
}
