//! What became of a beacon: exactly one of these, counted in one place.

use axum::http::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// The end of a beacon's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Committed.
    Accepted,
    /// Refused for what it says; sending it again is no use.
    Rejected(Reason),
    /// Refused for want of room or a working disk; sending it again later is.
    Shed,
    /// Refused because too many are sent; sending it again later is.
    Limited(Limit),
}

/// Too many of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// By one client.
    Client,
    /// For one site.
    Site,
}

impl Outcome {
    /// Every outcome.
    pub fn all() -> impl Iterator<Item = Self> {
        let rejected = Reason::ALL.iter().map(|reason| Self::Rejected(*reason));
        let limited = [Limit::Client, Limit::Site].map(Self::Limited);
        [Self::Accepted, Self::Shed].into_iter().chain(limited).chain(rejected)
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected(_) => "rejected",
            Self::Shed => "shed",
            Self::Limited(_) => "limited",
        }
    }

    /// The stable name of why, where there is more than one.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Rejected(reason) => reason.as_str(),
            Self::Limited(Limit::Client) => "client",
            Self::Limited(Limit::Site) => "site",
            Self::Accepted | Self::Shed => "",
        }
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident;)+) => {
        /// Why a beacon was refused. The names are stable: they are the problem types of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $variant,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The status that the sender gets.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }
        }
    };
}

reasons! {
    /// Not a beacon.
    Malformed = "malformed", BAD_REQUEST;
    /// The body did not arrive in time.
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT;
    /// More bytes than a body may have.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE;
    /// No such site.
    UnknownSite = "unknown_site", NOT_FOUND;
    /// The site lists its origins, and this is none of them.
    OriginNotAllowed = "origin_not_allowed", FORBIDDEN;
    /// A text is empty, too long, or has control characters.
    InvalidText = "invalid_text", UNPROCESSABLE_ENTITY;
    /// Not an http or https address.
    InvalidUrl = "invalid_url", UNPROCESSABLE_ENTITY;
    /// A time that is no time, or lies too far away.
    InvalidTime = "invalid_time", UNPROCESSABLE_ENTITY;
    /// A sample rate that is none.
    InvalidSampleRate = "invalid_sample_rate", UNPROCESSABLE_ENTITY;
    /// Nothing was measured.
    NoMetrics = "no_metrics", UNPROCESSABLE_ENTITY;
    /// A page view is said to be unmeasured, and has metrics.
    UnexpectedMetrics = "unexpected_metrics", UNPROCESSABLE_ENTITY;
    /// A metric is there twice.
    DuplicateMetric = "duplicate_metric", UNPROCESSABLE_ENTITY;
    /// An attribution has more fields than there are.
    DuplicateField = "duplicate_field", UNPROCESSABLE_ENTITY;
    /// What components did, in numbers that do not fit together, or are too many.
    InvalidRenders = "invalid_renders", UNPROCESSABLE_ENTITY;
    /// What kept the page from painting, in the same way.
    InvalidLongFrames = "invalid_long_frames", UNPROCESSABLE_ENTITY;
    /// What the page timed, in the same way.
    InvalidMeasures = "invalid_measures", UNPROCESSABLE_ENTITY;
    /// What the page loaded, in the same way.
    InvalidResources = "invalid_resources", UNPROCESSABLE_ENTITY;
    /// How much memory it took, in the same way.
    InvalidMemory = "invalid_memory", UNPROCESSABLE_ENTITY;
    /// What went wrong, in the same way.
    InvalidErrors = "invalid_errors", UNPROCESSABLE_ENTITY;
    /// What its scripts asked for, in the same way.
    InvalidRequests = "invalid_requests", UNPROCESSABLE_ENTITY;
    /// Where the time of its scripts went, in the same way.
    InvalidProfile = "invalid_profile", UNPROCESSABLE_ENTITY;
    /// When it loaded what it did, in the same way.
    InvalidTimeline = "invalid_timeline", UNPROCESSABLE_ENTITY;
    /// A value that no page can have.
    ValueOutOfRange = "value_out_of_range", UNPROCESSABLE_ENTITY;
}

/// A refusal, as the sender is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// Why.
    pub reason: Reason,
    /// The field at fault, such as `metrics[0].value`.
    pub field: Option<String>,
    /// The limit that was passed.
    pub limit: Option<u64>,
    /// A sentence that says what is wrong and what to do.
    pub detail: String,
}

impl Rejection {
    /// A refusal for one field.
    pub(super) fn of(reason: Reason, field: &str, detail: impl Into<String>) -> Self {
        Self { reason, field: Some(field.to_owned()), limit: None, detail: detail.into() }
    }

    /// Names the limit that was passed.
    pub(super) fn limit(self, limit: impl TryInto<u64>) -> Self {
        Self { limit: limit.try_into().ok(), ..self }
    }

    /// Names the element of an array that the beacon was.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        let field = match self.field {
            Some(field) => format!("[{index}].{field}"),
            None => format!("[{index}]"),
        };
        Self { field: Some(field), ..self }
    }
}

/// How many beacons had which outcome since the server was started.
#[derive(Debug)]
pub struct Outcomes {
    accepted: AtomicU64,
    shed: AtomicU64,
    limited: [AtomicU64; 2],
    rejected: [AtomicU64; Reason::ALL.len()],
}

impl Default for Outcomes {
    fn default() -> Self {
        Self {
            accepted: AtomicU64::new(0),
            shed: AtomicU64::new(0),
            limited: [const { AtomicU64::new(0) }; 2],
            rejected: [const { AtomicU64::new(0) }; Reason::ALL.len()],
        }
    }
}

impl Outcomes {
    /// Counts beacons of one request.
    pub fn count(&self, outcome: Outcome, beacons: usize) {
        self.counter(outcome).fetch_add(beacons as u64, Ordering::Relaxed);
    }

    /// How many had this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.counter(outcome).load(Ordering::Relaxed)
    }

    fn counter(&self, outcome: Outcome) -> &AtomicU64 {
        match outcome {
            Outcome::Accepted => &self.accepted,
            Outcome::Shed => &self.shed,
            Outcome::Limited(limit) => &self.limited[limit as usize],
            Outcome::Rejected(reason) => &self.rejected[reason as usize],
        }
    }
}
