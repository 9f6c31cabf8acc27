//! Errors as Google's APIs answer them: <https://google.aip.dev/193>

use serde::Serialize;
use utoipa::ToSchema;

/// Why there is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The status of the answer.
    pub(crate) code: u16,
    /// The word for it.
    status: &'static str,
    message: String,
    fault: Fault,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The request says something that is not known.
    Request,
    /// This field has a value that is not taken.
    Field(&'static str),
    /// Nothing that could be named.
    Other,
}

impl Refusal {
    /// Something about the request cannot be read.
    pub(super) fn of_request(message: String) -> Self {
        Self { code: 400, status: "INVALID_ARGUMENT", message, fault: Fault::Request }
    }

    /// A field cannot be read.
    pub(super) fn of_field(field: &'static str, message: String) -> Self {
        Self { fault: Fault::Field(field), ..Self::of_request(message) }
    }

    /// The body is none that can be read at all.
    pub(crate) fn of_body(message: String) -> Self {
        Self { fault: Fault::Other, ..Self::of_request(message) }
    }

    /// Nothing was measured there.
    pub(crate) fn not_found() -> Self {
        let message = "chrome ux report data not found".to_owned();
        Self { code: 404, status: "NOT_FOUND", message, fault: Fault::Other }
    }

    /// The key is a wrong one.
    pub(crate) fn wrong_key() -> Self {
        let message = "API key not valid. Please pass a valid API key. It is the admin token of \
                       this rhumb server.";
        Self::of_body(message.to_owned())
    }

    /// There is no key, or who asks may not.
    pub(crate) fn denied(message: &str) -> Self {
        let message = message.to_owned();
        Self { code: 403, status: "PERMISSION_DENIED", message, fault: Fault::Other }
    }

    /// It cannot be answered now.
    pub(crate) fn unavailable(message: String) -> Self {
        Self { code: 503, status: "UNAVAILABLE", message, fault: Fault::Other }
    }

    /// What is sent.
    pub(crate) fn body(&self) -> impl Serialize {
        let Self { code, status, message, fault } = self;
        let violation = |field| {
            let violation = FieldViolation { field, description: message };
            [BadRequest { r#type: BAD_REQUEST, field_violations: [violation] }]
        };
        let details = match *fault {
            Fault::Request => Some(violation(None)),
            Fault::Field(field) => Some(violation(Some(field))),
            Fault::Other => None,
        };
        Body { error: Error { code: *code, message, status, details } }
    }
}

const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";

#[derive(Serialize, ToSchema)]
#[schema(as = crux::Error)]
pub(crate) struct Body<'a> {
    error: Error<'a>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = crux::Status)]
struct Error<'a> {
    code: u16,
    message: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    details: Option<[BadRequest<'a>; 1]>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = crux::BadRequest)]
struct BadRequest<'a> {
    #[serde(rename = "@type")]
    r#type: &'a str,
    field_violations: [FieldViolation<'a>; 1],
}

#[derive(Serialize, ToSchema)]
#[schema(as = crux::FieldViolation)]
struct FieldViolation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    field: Option<&'a str>,
    description: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_are_those_of_the_public_api() {
        let message = "Invalid value at 'form_factor' \
                       (type.googleapis.com/google.chrome.uxreport.v1.FormFactor), \"mobile\"";
        let refusal = Refusal::of_field("form_factor", message.to_owned());
        let expected = json!({ "error": {
            "code": 400,
            "message": message,
            "status": "INVALID_ARGUMENT",
            "details": [{
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{ "field": "form_factor", "description": message }],
            }],
        } });
        assert_eq!(serde_json::to_value(refusal.body()).unwrap(), expected);
        let expected = json!({ "error": {
            "code": 404,
            "message": "chrome ux report data not found",
            "status": "NOT_FOUND",
        } });
        assert_eq!(serde_json::to_value(Refusal::not_found().body()).unwrap(), expected);
    }
}
