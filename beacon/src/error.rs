//! What goes wrong on a page.

use crate::words;
use serde::{Deserialize, Serialize};

words! {
    /// How it came to light.
    ErrorKind {
        /// Nobody caught it: the event `error` of the window.
        Error = "error",
        /// A promise was broken, and nobody cared: the event `unhandledrejection`.
        UnhandledRejection = "unhandled-rejection",
        /// The page itself told of it, by `rhumb.error`.
        Reported = "reported",
        /// Something that the content security policy does not allow.
        CspViolation = "csp-violation",
        /// Something that browsers will no longer have: <https://wicg.github.io/deprecation-reporting/>.
        Deprecation = "deprecation",
        /// Something that the browser did not do as it was told:
        /// <https://wicg.github.io/intervention-reporting/>.
        Intervention = "intervention",
    }
}

/// What went wrong in a page view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Errors {
    /// Each kind, message and stack once, at most 20.
    #[cfg_attr(feature = "schema", schema(max_items = 20))]
    pub errors: Vec<PageError>,
    /// How often something went wrong that was one too many to be told apart.
    #[serde(default)]
    pub dropped: u32,
}

/// All that went wrong in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PageError {
    /// How it came to light.
    pub kind: ErrorKind,
    /// What it says, such as `TypeError: a is undefined`; addresses in it have no query strings. At most
    /// 1024 bytes.
    #[cfg_attr(feature = "schema", schema(min_length = 1, max_length = 1024))]
    pub message: String,
    /// Where it happened, the innermost function first; nothing, where nobody knows. At most 20.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 20))]
    pub stack: Vec<StackFrame>,
    /// How often.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub count: u32,
    /// When it happened first, in milliseconds since the page view began.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(format = Int64, maximum = 2_592_000_000u32))]
    pub first_ms: u32,
}

/// A call that had not returned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StackFrame {
    /// The function; empty for none, or not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 256))]
    pub function: String,
    /// The address of its script without query string; empty for not known.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2048))]
    pub source: String,
    /// The line, from 1 on; 0 for not known.
    #[serde(default)]
    pub line: u32,
    /// The column, from 1 on; 0 for not known.
    #[serde(default)]
    pub column: u32,
}
