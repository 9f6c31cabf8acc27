//! axum's extractor, but what it refuses is a [`Problem`].

use super::problem::Problem;
use axum::extract::FromRequestParts;

/// The variable parts of an address.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(super) struct Path<T>(pub(super) T);
