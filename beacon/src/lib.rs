//! The vocabulary of rhumb: what the collector in the browser and the ingest server must agree on.
//!
//! A [`Beacon`] is one message from a page: the page view it is about and the [`Metric`]s measured
//! so far. [`encode`] turns it into bytes, [`decode`] reads bytes of every version ever released,
//! and JSON (with the feature `json`). Ratings are never sent: both ends derive them from
//! [`MetricName::rate`], so they cannot disagree.
//!
//! This crate knows no HTTP, SQL, JavaScript or clock, and depends on nothing of ours.
//! A decoded beacon is a *claim*: well-formed, but unchecked against [`limits`], which the server
//! does when it accepts it.

mod attribution;
#[cfg(feature = "json")]
mod bare;
mod context;
mod durations;
mod error;
mod explained_by;
mod file_name;
mod id;
#[cfg(feature = "json")]
mod json_only;
pub mod limits;
mod long_frame;
mod measure;
mod memory;
mod message;
mod metric;
mod profile;
mod rating;
mod render;
mod request;
mod resource;
#[cfg(feature = "schema")]
mod schema;
mod section;
mod timeline;
mod wire;
mod words;

pub use attribution::{Attribution, NumberField, TextField};
#[cfg(feature = "json")]
pub use bare::{BareMetric, decode_bare};
pub use context::{Connection, FormFactor, NavigationType};
pub use durations::{DURATION_BINS, DURATION_BINS_PER_DOUBLING, Durations, duration_bin};
pub use error::{ErrorKind, Errors, PageError, StackFrame};
pub use file_name::without_hashes;
pub use id::{Id, ParseIdError};
pub use long_frame::{FrameScript, InvokerType, LongFrames};
pub use measure::{Measure, MeasureKind, Measures};
pub use memory::{Memory, MemorySource};
pub use message::Beacon;
pub use metric::{Metric, MetricName};
pub use profile::{Profile, ProfiledFunction, ProfiledStack};
pub use rating::{Rating, Thresholds};
pub use render::{RENDER_FRAME_MS, RENDER_FULL_SHARE, Render, RenderPhase, Renders};
pub use request::{Chain, Request, Requests, ServerTiming};
pub use resource::{Resource, ResourceKind, Resources, ResourcesOfKind, Weight};
pub use section::Section;
pub use timeline::{Load, TimeSpan, Timeline};
pub use wire::{DecodeError, VERSION, decode, encode};
use words::words;
