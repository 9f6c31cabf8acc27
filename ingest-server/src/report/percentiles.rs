//! Where the values of a metric lie.

use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

/// Nearest-rank percentiles, in the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Percentiles {
    /// The median.
    pub p50: f64,
    /// The one that is rated.
    pub p75: f64,
    /// One visitor in ten waits longer.
    pub p90: f64,
    /// One in twenty.
    pub p95: f64,
    /// One in a hundred.
    pub p99: f64,
}

impl Percentiles {
    /// All of them, or none: what is flattened and optional.
    pub(super) fn optional() -> RefOr<Schema> {
        let mut schema = Self::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
        }
        schema
    }
}
