//! What an answer says that was not given for all page views.

use crate::store::sqlite::Sample;
use serde::Serialize;
use std::num::NonZeroU32;
use utoipa::ToSchema;

/// That only some page views were looked at. An answer counts these; there are about so many times as
/// many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sampled {
    /// Of how many page views one was looked at.
    #[schema(value_type = u32, minimum = 2)]
    pub one_in: NonZeroU32,
}

impl Sampled {
    /// Nothing, if all were looked at.
    pub(super) fn of(sample: Sample) -> Option<Self> {
        let one_in = sample.one_in();
        (one_in > NonZeroU32::MIN).then_some(Self { one_in })
    }
}
