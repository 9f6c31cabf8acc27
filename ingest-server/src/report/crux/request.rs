//! Requests, in the description of the API. They are read by hand, so that errors are those of the
//! public API.

use super::{
    metric::Metric,
    query::{ALL_FORM_FACTORS, PERIODS_DEFAULT, PERIODS_MAX, form_factor_word},
};
use beacon::{FormFactor, limits::URL_BYTES_MAX};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, RefOr, Schema, Type,
        schema::{AdditionalProperties, SchemaType},
    },
};

/// The body of `records:queryRecord`.
pub(crate) struct RecordRequest;

/// The body of `records:queryHistoryRecord`.
pub(crate) struct HistoryRequest;

impl PartialSchema for RecordRequest {
    fn schema() -> RefOr<Schema> {
        fields().into()
    }
}

impl ToSchema for RecordRequest {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("crux.RecordRequest")
    }
}

impl PartialSchema for HistoryRequest {
    fn schema() -> RefOr<Schema> {
        let count = ObjectBuilder::new()
            .schema_type(or_null(Type::Integer))
            .minimum(Some(1))
            .maximum(Some(PERIODS_MAX))
            .description(Some(format!("How many periods; {PERIODS_DEFAULT}, unless it is said.")));
        fields().property("collectionPeriodCount", count).into()
    }
}

impl ToSchema for HistoryRequest {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("crux.HistoryRequest")
    }
}

fn fields() -> ObjectBuilder {
    let address = |description| {
        let text = ObjectBuilder::new().schema_type(or_null(Type::String));
        text.max_length(Some(URL_BYTES_MAX)).description(Some(description))
    };
    let form_factors = FormFactor::ALL.iter().map(|it| form_factor_word(*it));
    let form_factors = form_factors.chain([ALL_FORM_FACTORS]).map(Value::from);
    let form_factor = ObjectBuilder::new()
        .schema_type(or_null(Type::String))
        .enum_values(Some(form_factors.chain([Value::Null])))
        .description(Some("On what devices; on all, unless it is said."));
    let metric = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Metric::ALL.map(|(name, _)| name)));
    let metrics = ArrayBuilder::new()
        .schema_type(or_null(Type::Array))
        .items(metric)
        .description(Some("What is asked for; all, unless one is named."));
    ObjectBuilder::new()
        .property("origin", address("This, or a `url`."))
        .property("url", address("Its query string and fragment say nothing."))
        .property("formFactor", form_factor)
        .property("metrics", metrics)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// What is null is as good as absent.
fn or_null(of: Type) -> SchemaType {
    SchemaType::from_iter([of, Type::Null])
}
