//! Metrics as questions and answers call them: in lower case.

use super::parameters::{Parameters, QuestionError};
use beacon::MetricName;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// In the order in which people are told of them: the core web vitals, what explains the first of
/// them, and what is retired.
pub(crate) const IN_ORDER: [MetricName; MetricName::ALL.len()] = [
    MetricName::Lcp,
    MetricName::Inp,
    MetricName::Cls,
    MetricName::Fcp,
    MetricName::Ttfb,
    MetricName::Fid,
];

/// A metric whose JSON is its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricWord(pub MetricName);

/// `lcp` for LCP.
pub(crate) const fn lower(name: MetricName) -> &'static str {
    match name {
        MetricName::Cls => "cls",
        MetricName::Fcp => "fcp",
        MetricName::Inp => "inp",
        MetricName::Lcp => "lcp",
        MetricName::Ttfb => "ttfb",
        MetricName::Fid => "fid",
    }
}

/// LCP for `lcp`.
pub(crate) fn from_word(word: &str) -> Option<MetricName> {
    MetricName::ALL.into_iter().find(|name| lower(*name) == word)
}

/// Every word.
pub(crate) fn words() -> String {
    MetricName::ALL.map(lower).join(", ")
}

/// Takes the metric that a question is about.
pub(super) fn take_metric(parameters: &mut Parameters) -> Result<MetricName, QuestionError> {
    parameters.require_one_of("metric", &IN_ORDER, lower)
}

/// In JSON an object of those there are; in the order of [`MetricName::ALL`].
pub(super) fn by_metric<S: Serializer, T: Serialize>(
    metrics: &[Option<T>; MetricName::ALL.len()],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (name, metric) in MetricName::ALL.into_iter().zip(metrics) {
        if let Some(metric) = metric {
            map.serialize_entry(&MetricWord(name), metric)?;
        }
    }
    map.end()
}

impl Serialize for MetricWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        lower(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MetricWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let unknown = || D::Error::custom(format!("{word:?} is no metric; there are {}", words()));
        from_word(&word).map(Self).ok_or_else(unknown)
    }
}

impl PartialSchema for MetricWord {
    fn schema() -> RefOr<Schema> {
        let words = MetricName::ALL.map(lower);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words))
            .description(Some("A metric, in lower case."))
            .into()
    }
}

impl ToSchema for MetricWord {}
