//! A metric's name and value.

use crate::Attribution;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The metrics a page view can report. The order is the binary format's: new ones are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum MetricName {
    /// Cumulative Layout Shift, unitless: <https://web.dev/articles/cls>
    Cls,
    /// First Contentful Paint: <https://web.dev/articles/fcp>
    Fcp,
    /// Interaction to Next Paint: <https://web.dev/articles/inp>
    Inp,
    /// Largest Contentful Paint: <https://web.dev/articles/lcp>
    Lcp,
    /// Time to First Byte: <https://web.dev/articles/ttfb>
    Ttfb,
    /// First Input Delay, retired in favour of INP; accepted from those who still send it.
    Fid,
}

impl MetricName {
    /// Every metric, in the order of the enum.
    pub const ALL: [Self; 6] = [Self::Cls, Self::Fcp, Self::Inp, Self::Lcp, Self::Ttfb, Self::Fid];

    /// The name in beacons and in web-vitals: `LCP`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cls => "CLS",
            Self::Fcp => "FCP",
            Self::Inp => "INP",
            Self::Lcp => "LCP",
            Self::Ttfb => "TTFB",
            Self::Fid => "FID",
        }
    }

    /// Integer steps of the binary format in one unit of the value: microseconds in a millisecond,
    /// millionths of a layout shift score. Both are finer than any browser's own resolution
    /// (5 µs at best), so the rounding cannot be seen.
    pub const fn steps_per_unit(self) -> f64 {
        match self {
            Self::Cls => 1e6,
            _ => 1e3,
        }
    }
}

/// One measured value.
///
/// In JSON `{"name":"LCP","value":2312.4,"attribution":{…}}`, where unknown fields are ignored so that
/// whole web-vitals `Metric` objects can be sent; in binary the name, an integer number of
/// [steps](MetricName::steps_per_unit) and the attribution.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Metric {
    /// Which metric.
    pub name: MetricName,
    /// Milliseconds, but for CLS, which has no unit.
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 600_000))]
    pub value: f64,
    /// Why it is so.
    #[cfg_attr(feature = "schema", schema(required = false))]
    pub attribution: Attribution,
}

/// A metric of version 1 of the binary format.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Metric1(MetricName, u32);

#[derive(Serialize, Deserialize)]
struct Readable<A> {
    name: MetricName,
    value: f64,
    #[serde(default)]
    attribution: A,
}

#[derive(Serialize, Deserialize)]
struct Compact<A>(MetricName, u32, A);

impl Metric {
    /// Without attribution.
    pub fn new(name: MetricName, value: f64) -> Self {
        Self { name, value, attribution: Attribution::default() }
    }

    fn from_steps(name: MetricName, steps: u32, attribution: Attribution) -> Self {
        Self { name, value: f64::from(steps) / name.steps_per_unit(), attribution }
    }
}

impl From<Metric1> for Metric {
    fn from(Metric1(name, steps): Metric1) -> Self {
        Self::from_steps(name, steps, Attribution::default())
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { name, value, ref attribution } = *self;
        if serializer.is_human_readable() {
            Readable { name, value, attribution }.serialize(serializer)
        } else {
            // `as` saturates: what exceeds u32 exceeds the limits too and is refused by the server.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let steps = (value * name.steps_per_unit() + 0.5) as u32;
            Compact(name, steps, attribution).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let Readable { name, value, attribution } = Readable::deserialize(deserializer)?;
            Ok(Self { name, value, attribution })
        } else {
            let Compact(name, steps, attribution) = Compact::deserialize(deserializer)?;
            Ok(Self::from_steps(name, steps, attribution))
        }
    }
}
