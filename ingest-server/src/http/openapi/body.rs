//! What pages may send as JSON.

use beacon::{BareMetric, Beacon, Metric, limits::BEACONS_MAX};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, Ref, RefOr, Schema, schema::AnyOfBuilder},
};

/// A beacon or a Metric object of web-vitals, or several.
pub(in crate::http) struct IngestBody;

impl PartialSchema for IngestBody {
    fn schema() -> RefOr<Schema> {
        let one = |name: &str| Ref::from_schema_name(name);
        let several = |name| {
            ArrayBuilder::new().items(one(name)).min_items(Some(1)).max_items(Some(BEACONS_MAX))
        };
        AnyOfBuilder::new()
            .description(Some(
                "A beacon or, with `site` in the address, a Metric object; or several.",
            ))
            .item(one("Beacon"))
            .item(several("Beacon"))
            .item(one("BareMetric"))
            .item(several("BareMetric"))
            .into()
    }
}

impl ToSchema for IngestBody {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("Beacon".to_owned(), <Beacon>::schema()));
        schemas.push(("BareMetric".to_owned(), BareMetric::schema()));
        schemas.push(("Metric".to_owned(), Metric::schema()));
        <Beacon>::schemas(schemas);
        Metric::schemas(schemas);
        BareMetric::schemas(schemas);
    }
}
