//! Everything in a beacon has a maximum. The collector stays below them, the server refuses what
//! does not.

/// Bytes of one request body. Browsers let a page have 64 KiB of beacons in flight, all together.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Beacons in one JSON array.
pub const BEACONS_MAX: usize = 100;
/// Metrics in one beacon: each metric at most once.
pub const METRICS_MAX: usize = crate::MetricName::ALL.len();
/// Bytes of a site's name.
pub const SITE_BYTES_MAX: usize = 64;
/// Bytes of the id of a bare Metric object; those of web-vitals have 30.
pub const METRIC_ID_BYTES_MAX: usize = 128;
/// Bytes of a url (without query string and fragment, which are never kept).
pub const URL_BYTES_MAX: usize = 2048;
/// Bytes of a route.
pub const ROUTE_BYTES_MAX: usize = 256;
/// Bytes of a release.
pub const RELEASE_BYTES_MAX: usize = 64;
/// Bytes of the name of a time zone; the longest there is has 32.
pub const TIME_ZONE_BYTES_MAX: usize = 64;
/// Bytes of a text in an attribution, but for addresses, which have those of a url.
pub const ATTRIBUTION_TEXT_BYTES_MAX: usize = 1024;
/// Fields of one attribution: each at most once.
pub const ATTRIBUTION_NUMBERS_MAX: usize = crate::NumberField::ALL.len();
/// See [`ATTRIBUTION_NUMBERS_MAX`].
pub const ATTRIBUTION_TEXTS_MAX: usize = crate::TextField::ALL.len();
/// Milliseconds of a timing: ten minutes. What a page claims beyond that is a broken clock.
pub const TIMING_MS_MAX: f64 = 600_000.0;
/// Largest layout shift score. Real pages stay below 10 even when everything jumps all the time.
pub const SCORE_MAX: f64 = 100.0;
/// Components of a page view that are told apart, each phase counting anew.
pub const RENDERS_MAX: usize = 100;
/// Bytes of a component's id.
pub const RENDER_ID_BYTES_MAX: usize = 128;
/// Bins of one list of durations: [`DURATION_BINS`](crate::DURATION_BINS).
pub const DURATION_BINS_MAX: usize =
    (crate::DURATION_BINS.end - crate::DURATION_BINS.start) as usize;
/// Scripts of a page view that are told apart by what they did in long frames.
pub const FRAME_SCRIPTS_MAX: usize = 50;
/// Names that a page view times by and that are told apart, each kind counting anew.
pub const MEASURES_MAX: usize = 50;
/// Bytes of such a name.
pub const MEASURE_NAME_BYTES_MAX: usize = 128;
/// Resources of a page view that are told apart.
pub const RESOURCES_MAX: usize = 100;
/// Bytes of the protocol by which a resource came.
pub const PROTOCOL_BYTES_MAX: usize = 16;
/// Bytes of memory that a page may take: 1 TiB.
pub const MEMORY_BYTES_MAX: u64 = 1 << 40;
/// Ways in which something went wrong in a page view that are told apart.
pub const ERRORS_MAX: usize = 20;
/// Bytes of what an error says.
pub const ERROR_MESSAGE_BYTES_MAX: usize = 1024;
/// Calls of a stack that are told, from the innermost on.
pub const STACK_FRAMES_MAX: usize = 20;
/// Bytes of the name of a function in a stack.
pub const FUNCTION_BYTES_MAX: usize = 256;
/// Addresses of a page view's requests that are told apart.
pub const REQUESTS_MAX: usize = 50;
/// Names of what a server tells of the requests of an address.
pub const SERVER_TIMINGS_MAX: usize = 8;
/// Bytes of such a name.
pub const SERVER_TIMING_BYTES_MAX: usize = 64;
/// Hexadecimal digits of a trace's id.
pub const TRACE_ID_BYTES: usize = 32;
/// Chains of requests that are told.
pub const CHAINS_MAX: usize = 5;
/// Requests of a chain.
pub const CHAIN_MAX: usize = 10;
/// Scripts of a profile.
pub const PROFILE_SOURCES_MAX: usize = 50;
/// Functions of a profile.
pub const PROFILE_FUNCTIONS_MAX: usize = 300;
/// Stacks of a profile.
pub const PROFILE_STACKS_MAX: usize = 1000;
/// Functions of which each called the next; V8 tells 255.
pub const PROFILE_DEPTH_MAX: usize = 256;
/// What was loaded that a timeline tells of.
pub const TIMELINE_LOADS_MAX: usize = 30;
/// Long frames that a timeline tells of.
pub const TIMELINE_FRAMES_MAX: usize = 20;
/// Milliseconds that something on a timeline takes; what takes longer is told to take so long.
pub const TIMELINE_DURATION_MS_MAX: u32 = 600_000;
/// How long ago a page view may have begun, in milliseconds: 30 days.
pub const AGE_MS_MAX: u32 = 30 * 24 * 60 * 60 * 1000;
