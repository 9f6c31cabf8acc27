//! The page that shows the description of the API.

use super::{frame::Frame, print};
use askama::Template;

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage {
    frame: Frame,
}

/// The page; a script fills it with what `/openapi.json` says.
pub fn docs_page() -> String {
    print(&DocsPage { frame: Frame::default() })
}
