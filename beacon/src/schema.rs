//! What JSON looks like of types whose own shape is another, for the description of the API.

use crate::{Attribution, BareMetric, NumberField, TextField, bare};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

impl PartialSchema for Attribution {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .description(Some("Why a value is so: numbers and texts, as web-vitals calls them."));
        let number = ObjectBuilder::new().schema_type(Type::Number).build();
        let object = NumberField::ALL
            .iter()
            .fold(object, |object, field| object.property(field.as_str(), number.clone()));
        let text = |field: TextField| {
            ObjectBuilder::new().schema_type(Type::String).max_length(Some(field.bytes_max()))
        };
        let object = TextField::ALL
            .iter()
            .fold(object, |object, field| object.property(field.as_str(), text(*field)));
        object.into()
    }
}

impl ToSchema for Attribution {}

impl PartialSchema for BareMetric {
    fn schema() -> RefOr<Schema> {
        bare::Object::schema()
    }
}

impl ToSchema for BareMetric {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        bare::Object::schemas(schemas);
    }
}
