//! Why there is no record, in the description of the API.

use crate::report::crux::RefusalBody;
use std::collections::BTreeMap;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

/// The answers that are no records.
pub(super) struct Refused;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let refusals = [
            (400, "Something is not known or not taken, or the key is a wrong one."),
            (403, "There is no key; or no admin token, and who asks is not on this machine."),
            (404, "Nothing of what is asked was measured there in this time."),
            (503, "The database cannot be read now, or it would take more than 10 seconds."),
        ];
        let refusal = |(status, description): (u16, &str)| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(RefusalBody::name())))
                .build();
            let response = ResponseBuilder::new().description(description);
            (status.to_string(), response.content("application/json", content).build().into())
        };
        refusals.into_iter().map(refusal).collect()
    }
}
