//! Errors as RFC 9457 problem details: <https://www.rfc-editor.org/rfc/rfc9457>

use crate::{
    ingest::{Refusal, Rejection},
    report::QuestionError,
    store::sqlite::{GROUPS_MAX, ReadError},
};
use axum::{
    Json,
    extract::rejection::{PathRejection, QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tracing::{debug, error};
use utoipa::ToSchema;

/// After how many seconds a refusal for want of room is worth another try.
pub(super) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// An error as the caller is told. It never names an internal cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Of the answer.
    pub status: StatusCode,
    /// Stable and `snake_case`; the last part of the problem's type.
    pub reason: &'static str,
    /// A sentence that says what is wrong and what to do.
    pub detail: String,
    /// The field or parameter at fault.
    pub field: Option<String>,
    /// The limit that was passed.
    pub limit: Option<u64>,
    /// After how many seconds it is worth another try.
    pub retry_after_seconds: Option<u64>,
}

/// What went wrong, as RFC 9457 says it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body<'a> {
    /// `urn:rhumb:problem:` and a word for it, which does not change.
    r#type: String,
    /// The status in words.
    title: &'a str,
    /// The status of the answer.
    status: u16,
    /// What is wrong, and what to do.
    detail: &'a str,
    /// The field or parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<&'a str>,
    /// The limit that was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    limit: Option<u64>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, reason: &'static str, detail: impl Into<String>) -> Self {
        // For want of room, or of something that is mended by itself.
        let retry_after_seconds = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(1);
        let detail = detail.into();
        Self { status, reason, detail, field: None, limit: None, retry_after_seconds }
    }

    /// The same, with the field or parameter at fault.
    pub(super) fn about(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// The status in words.
    pub(super) fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        debug!(
            problem.status = self.status.as_u16(),
            problem.reason = self.reason,
            problem.field = self.field,
            "refused"
        );
        let body = Body {
            r#type: format!("urn:rhumb:problem:{}", self.reason),
            title: self.title(),
            status: self.status.as_u16(),
            detail: &self.detail,
            field: self.field.as_deref(),
            limit: self.limit,
        };
        let json = HeaderValue::from_static("application/problem+json");
        let mut response =
            (self.status, [(header::CONTENT_TYPE, json)], Json(body)).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        // For a page that says it to a person.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let Rejection { reason, field, limit, detail } = rejection;
        let problem = Self::new(reason.status(), reason.as_str(), detail);
        Self { field, limit, ..problem }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (reason, detail) = match refusal {
            Refusal::QueueFull => {
                ("busy", "more beacons arrive than can be written; send it again in a second")
            }
            Refusal::Unavailable => {
                ("unavailable", "the beacon cannot be stored now; send it again in a second")
            }
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason, detail)
    }
}

impl From<QuestionError> for Problem {
    fn from(QuestionError { parameter, detail }: QuestionError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail).about(parameter)
    }
}

impl From<ReadError> for Problem {
    fn from(cause: ReadError) -> Self {
        let (reason, detail) = match &cause {
            ReadError::TooLong => ("too_long", format!("{cause}; ask for a shorter period")),
            ReadError::Unavailable(_) => {
                ("unavailable", "the database cannot be read now; ask again in a second".to_owned())
            }
            ReadError::Deleted { .. } => {
                let detail = format!(
                    "{cause}, and this is told from nothing else: ask for a later from, or with at \
                     most one filter and without tz"
                );
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "deleted", detail)
                    .about("from");
            }
            ReadError::TooManyGroups => {
                let detail = format!("{cause}; ask for a shorter period, or with another filter");
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let problem = Self::new(status, "too_many_groups", detail);
                return Self { limit: u64::try_from(GROUPS_MAX).ok(), ..problem };
            }
        };
        error!(error = format!("{:#}", anyhow::Error::from(cause)), "cannot answer");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason, detail)
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), "invalid_address", rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), "invalid_parameter", rejection.body_text())
    }
}

pub(super) async fn no_such_route() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no_such_route", "there is nothing at this address")
}

pub(super) async fn no_such_method() -> Problem {
    let detail = "this address does not take this method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "no_such_method", detail)
}
