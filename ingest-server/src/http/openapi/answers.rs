//! Answers that many routes have in common.

use std::collections::BTreeMap;
use utoipa::{
    IntoResponses,
    openapi::{ContentBuilder, Header, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type},
};

/// Of those who may not read the reports.
pub(in crate::http) struct Gate;

/// Of every question about a site, but the one that was hoped for.
pub(in crate::http) struct OfQuestion;

/// Of questions that would have to look at page views which are deleted, or at too many values.
pub(in crate::http) struct TooMuch;

type Responses = BTreeMap<String, RefOr<Response>>;

impl IntoResponses for Gate {
    fn responses() -> Responses {
        let unknown = problem("`unauthorized`: there is no token, or one that nobody knows.");
        let unknown = unknown.header("WWW-Authenticate", text("How browsers ask for it."));
        let elsewhere = "`not_local`: there is no admin token, and who asks is not on this machine; \
             `operators_only`: the token reads the reports of a site alone.";
        of([(401, unknown), (403, problem(elsewhere))])
    }
}

impl IntoResponses for OfQuestion {
    fn responses() -> Responses {
        let unchanged = "Nothing is known that was not when the answer was given whose `ETag` is in \
                         `If-None-Match`.";
        let invalid = "`invalid_parameter`: `field` names it; `invalid_address`: it is no text.";
        let unavailable = "`unavailable`: the database cannot be read now; `too_long`: it would take \
                           more than 10 seconds.";
        let mut responses = Gate::responses();
        responses.extend(of([
            (304, ResponseBuilder::new().description(unchanged)),
            (400, problem(invalid)),
            (404, problem("`unknown_site`, or `unknown_page_view`.")),
            (503, problem(unavailable).header("Retry-After", text("Seconds."))),
        ]));
        responses
    }
}

impl IntoResponses for TooMuch {
    fn responses() -> Responses {
        let deleted = "`deleted`: of so long ago this is not known any more, and `detail` says from \
                       when on it is; `too_many_groups`: there are more values than are told apart.";
        of([(422, problem(deleted))])
    }
}

fn of<const N: usize>(responses: [(u16, ResponseBuilder); N]) -> Responses {
    let response = |(status, it): (u16, ResponseBuilder)| (status.to_string(), it.build().into());
    responses.into_iter().map(response).collect()
}

fn problem(description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content)
}

fn text(description: &str) -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
    header.description = Some(description.to_owned());
    header
}
