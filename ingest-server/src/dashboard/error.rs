//! A page for what went wrong.

use super::{frame::Frame, print};
use askama::Template;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    status: u16,
    title: &'a str,
    detail: &'a str,
}

/// Says what is wrong and what to do, in the same frame as every page.
pub fn error_page(status: u16, title: &str, detail: &str) -> String {
    print(&ErrorPage { frame: Frame::default(), status, title, detail })
}
