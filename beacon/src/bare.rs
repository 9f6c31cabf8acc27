//! Metric objects of web-vitals, as pages post them that measure with it and have no beacon around
//! them: `navigator.sendBeacon(url, JSON.stringify(metric))`, or an array of them.

use crate::{
    Attribution, DecodeError, Metric, MetricName, NavigationType,
    wire::{bounded, from_json},
};
use serde::{Deserialize, Deserializer, de::Error};

/// What one object says. What else stands in it (`rating`, `entries`, …) is ignored.
#[derive(Clone, Debug, PartialEq)]
pub struct BareMetric {
    /// Its name, value and attribution.
    pub metric: Metric,
    /// Chosen by web-vitals for each metric of each page view: `v6-1764079200000-1234567890123`.
    pub id: Option<String>,
    /// By how much the value differs from the one that was reported before.
    pub delta: Option<f64>,
    /// How the page view came about.
    pub navigation_type: Option<NavigationType>,
    /// Milliseconds from the load of the document to this page view of it: those of a soft navigation
    /// or of a restore from the back/forward cache. Of the first, 0.
    pub navigation_start_time: Option<f64>,
    /// The address of the page view.
    pub navigation_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = BareMetric))]
pub(crate) struct Object {
    name: MetricName,
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 600_000))]
    value: f64,
    #[serde(default)]
    attribution: Attribution,
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 128))]
    id: Option<String>,
    #[serde(default)]
    delta: Option<f64>,
    #[serde(default, deserialize_with = "navigation_type")]
    navigation_type: Option<NavigationType>,
    #[serde(default)]
    navigation_start_time: Option<f64>,
    #[serde(default, rename = "navigationURL")]
    navigation_url: Option<String>,
}

/// Reads one Metric object, or an array of 1 to [`BEACONS_MAX`](crate::limits::BEACONS_MAX). Total and
/// bounded, as [`decode`](crate::decode).
///
/// # Errors
/// Says what is wrong with the bytes; see [`DecodeError`].
pub fn decode_bare(bytes: &[u8]) -> Result<Vec<BareMetric>, DecodeError> {
    let bytes = crate::wire::sized(bytes)?;
    let objects = match bytes.trim_ascii_start() {
        [] => return Err(DecodeError::Empty),
        array @ [b'[', ..] => bounded(from_json::<Vec<Object>>(array)?)?,
        object => vec![from_json(object)?],
    };
    Ok(objects.into_iter().map(BareMetric::from).collect())
}

/// Releases of web-vitals before 3.1 wrote `back_forward_cache`.
fn navigation_type<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NavigationType>, D::Error> {
    let Some(word) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let known = NavigationType::from_word(&word.replace('_', "-"));
    let unknown = || {
        let words = NavigationType::ALL.iter().map(|it| it.as_str()).collect::<Vec<_>>();
        let shown = word.chars().take(32).collect::<String>();
        D::Error::custom(format_args!("{shown:?} is none of {}", words.join(", ")))
    };
    known.map(Some).ok_or_else(unknown)
}

impl From<Object> for BareMetric {
    fn from(object: Object) -> Self {
        let Object { name, value, attribution, .. } = object;
        Self {
            metric: Metric { name, value, attribution },
            id: object.id,
            delta: object.delta,
            navigation_type: object.navigation_type,
            navigation_start_time: object.navigation_start_time,
            navigation_url: object.navigation_url,
        }
    }
}
