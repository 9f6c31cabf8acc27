//! What is watched, and who is told.

use super::{percentile::Percentile, signature::Secret};
use crate::store::sqlite::{Filters, SiteName};
use beacon::MetricName;
use jiff::SignedDuration;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::{borrow::Cow, fmt};
use url::Url;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// One `[[alert]]` of `rhumb.toml`.
#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[serde(try_from = "super::table::Table")]
pub struct Rule {
    /// No two have the same.
    pub name: String,
    /// Whose page views.
    pub site: SiteName,
    /// What is measured on them.
    pub metric: MetricName,
    /// What they are alike in.
    pub filters: Filters,
    /// Over so many full hours, and the one that has begun.
    pub hours: i64,
    /// What must not be.
    pub condition: Condition,
    /// On how many page views the metric must have been measured before anything is said.
    pub page_views_min: u64,
    /// For so long after it has fired it does not fire again.
    pub cool_down: SignedDuration,
    /// Who is told; nobody but the dashboard without one.
    pub webhook: Option<Webhook>,
}

impl Rule {
    /// How far it looks back, in hours.
    pub(super) fn hours_back(&self) -> i64 {
        match self.condition {
            Condition::Above(..) => self.hours,
            Condition::Regression => 2 * self.hours,
        }
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Condition {
    /// A percentile is larger than that, in the metric's unit.
    Above(Percentile, f64),
    /// The 75th percentile has become worse than in the period before.
    Regression,
}

/// Who is told.
#[derive(Clone, PartialEq)]
pub struct Webhook {
    /// What is posted to; what comes after the host may be a secret.
    pub url: Url,
    /// What notices are signed with.
    pub secret: SecretSource,
}

/// Where the secret is.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// In the file.
    File(Secret),
    /// In the environment, under that name.
    Environment(String),
}

impl Webhook {
    /// As much of the address as everybody may know.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("host", &self.host()).finish_non_exhaustive()
    }
}

/// As in the file: `{"p75_above": 2500}` or `{"regression": true}`.
impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Above(percentile, threshold) => {
                map.serialize_entry(&format!("{}_above", percentile.as_str()), threshold)?;
            }
            Self::Regression => map.serialize_entry("regression", &true)?,
        }
        map.end()
    }
}

impl PartialSchema for Condition {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .description(Some("What must not be: one of these, as in the file."))
            .property("regression", ObjectBuilder::new().schema_type(Type::Boolean));
        let object = Percentile::ALL.iter().fold(object, |object, percentile| {
            let above = ObjectBuilder::new().schema_type(Type::Number);
            object.property(format!("{}_above", percentile.as_str()), above)
        });
        object.into()
    }
}

impl ToSchema for Condition {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("AlertCondition")
    }
}
