//! Metrics as answers and questions call them: in lower case.

use super::parameters::{QuestionError, word};
use beacon::MetricName;
use serde::{Serialize, Serializer, ser::SerializeMap};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// `lcp` for LCP.
pub(super) fn lower(name: MetricName) -> &'static str {
    match name {
        MetricName::Cls => "cls",
        MetricName::Fcp => "fcp",
        MetricName::Inp => "inp",
        MetricName::Lcp => "lcp",
        MetricName::Ttfb => "ttfb",
        MetricName::Fid => "fid",
    }
}

/// What is known of these words in the description of the API.
pub(crate) struct MetricWord;

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

/// Reads the parameter of that name.
pub(super) fn parse(name: &str, value: &str) -> Result<MetricName, QuestionError> {
    let from_word = |value: &str| MetricName::ALL.into_iter().find(|name| lower(*name) == value);
    word(name, value, from_word, MetricName::ALL.into_iter().map(lower))
}

/// In JSON an object of those there are; in the order of [`MetricName::ALL`].
pub(super) fn by_metric<S: Serializer, T: Serialize>(
    metrics: &[Option<T>; MetricName::ALL.len()],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (name, metric) in MetricName::ALL.into_iter().zip(metrics) {
        if let Some(metric) = metric {
            map.serialize_entry(lower(name), metric)?;
        }
    }
    map.end()
}
