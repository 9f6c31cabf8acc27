//! The message itself.

use crate::{Connection, FormFactor, Id, Metric, NavigationType, Renders};
#[cfg(feature = "json")]
use crate::{Errors, LongFrames, Measures, Memory, Profile, Requests, Resources, Timeline};
use serde::{Deserialize, Serialize};

/// What a page says about one page view. A later beacon (higher `sequence`) of the same page view
/// supersedes the values of an earlier one; a repeated one changes nothing.
///
/// In JSON only `site`, `page_view` and `metrics` are required and unknown fields are ignored.
// The order of the fields is the binary format and never changes. Versions differ in `M`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Beacon<M = Metric> {
    /// The site's name, at most 64 bytes.
    #[cfg_attr(feature = "schema", schema(max_length = 64))]
    pub site: String,
    /// Random, chosen by the sender once for each page view.
    pub page_view: Id,
    /// 0 for the first beacon of a page view, then rising.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(format = Int64))]
    pub sequence: u32,
    /// Random, shared by the page views of one visit; absent when the page switched sessions off.
    #[serde(default)]
    pub session: Option<Id>,
    /// How long before it was sent the page view began, in milliseconds. Preferred to `started_at`,
    /// because it needs no clock that is right.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 2_592_000_000u32))]
    pub age_ms: Option<u32>,
    /// When the page view began, RFC 3339, for senders that do not know the age.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(format = DateTime))]
    pub started_at: Option<String>,
    /// The page's address; query string and fragment are dropped on arrival.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2048))]
    pub url: Option<String>,
    /// Low-cardinality template of the address, such as `/product/:id`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 256))]
    pub route: Option<String>,
    /// The version of the page's own code.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 64))]
    pub release: Option<String>,
    /// How the page view came about.
    #[serde(default)]
    pub navigation_type: Option<NavigationType>,
    /// The kind of device.
    #[serde(default)]
    pub form_factor: Option<FormFactor>,
    /// Effective connection type.
    #[serde(default)]
    pub connection: Option<Connection>,
    /// The share of page views that the page sends beacons for, over 0 and at most 1.
    #[serde(default = "all")]
    #[cfg_attr(feature = "schema", schema(exclusive_minimum = 0, maximum = 1))]
    pub sample_rate: f32,
    /// What was measured so far, each metric at most once; absent means not measured, never zero.
    #[cfg_attr(feature = "schema", schema(max_items = 6))]
    pub metrics: Vec<M>,
    /// What components did so far; nothing where the page does not tell.
    // Since version 3 of the binary format it follows the beacon of version 2, if there is any.
    #[cfg_attr(feature = "json", serde(default, with = "crate::json_only"))]
    #[cfg_attr(not(feature = "json"), serde(skip))]
    pub renders: Renders,
    /// What kept the page from painting.
    // From here on, what has a tag of its own in the binary format since version 4: see `Section`. The
    // collector adds it to what is already bytes, and is built without: it has not even the bytes for an
    // empty field to spare.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub long_frames: LongFrames,
    /// What the page timed itself.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub measures: Measures,
    /// What the page loaded.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub resources: Resources,
    /// How much memory it took.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub memory: Memory,
    /// What went wrong.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub errors: Errors,
    /// What its scripts asked servers for.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub requests: Requests,
    /// Where the time of its scripts went.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub profile: Profile,
    /// When it loaded what it did, and was kept from painting.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    pub timeline: Timeline,
    /// The IANA name of the browser's time zone, such as `Europe/Berlin`, at most 64 bytes.
    // No version of the binary format has it yet.
    #[cfg(feature = "json")]
    #[serde(default, with = "crate::json_only")]
    #[cfg_attr(feature = "schema", schema(max_length = 64))]
    pub time_zone: Option<String>,
}

fn all() -> f32 {
    1.0
}

#[cfg(feature = "json")]
impl Beacon {
    /// A first beacon of a page view, which says nothing of it yet.
    pub fn blank(site: String, page_view: Id) -> Self {
        Self {
            site,
            page_view,
            sequence: 0,
            session: None,
            age_ms: None,
            started_at: None,
            url: None,
            route: None,
            release: None,
            navigation_type: None,
            form_factor: None,
            connection: None,
            sample_rate: all(),
            metrics: Vec::new(),
            renders: Renders::default(),
            long_frames: LongFrames::default(),
            measures: Measures::default(),
            resources: Resources::default(),
            memory: Memory::default(),
            errors: Errors::default(),
            requests: Requests::default(),
            profile: Profile::default(),
            timeline: Timeline::default(),
            time_zone: None,
        }
    }
}

impl<M> Beacon<M> {
    /// The same in the newest version.
    pub(crate) fn into_newest(self) -> Beacon
    where
        Metric: From<M>,
    {
        Beacon {
            site: self.site,
            page_view: self.page_view,
            sequence: self.sequence,
            session: self.session,
            age_ms: self.age_ms,
            started_at: self.started_at,
            url: self.url,
            route: self.route,
            release: self.release,
            navigation_type: self.navigation_type,
            form_factor: self.form_factor,
            connection: self.connection,
            sample_rate: self.sample_rate,
            metrics: self.metrics.into_iter().map(Metric::from).collect(),
            renders: self.renders,
            #[cfg(feature = "json")]
            long_frames: self.long_frames,
            #[cfg(feature = "json")]
            measures: self.measures,
            #[cfg(feature = "json")]
            resources: self.resources,
            #[cfg(feature = "json")]
            memory: self.memory,
            #[cfg(feature = "json")]
            errors: self.errors,
            #[cfg(feature = "json")]
            requests: self.requests,
            #[cfg(feature = "json")]
            profile: self.profile,
            #[cfg(feature = "json")]
            timeline: self.timeline,
            #[cfg(feature = "json")]
            time_zone: self.time_zone,
        }
    }
}
