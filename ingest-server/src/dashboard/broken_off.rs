//! The end of a page of which the rest could not be made.

use super::{
    PageContext,
    frame::{Frame, Place},
    print,
};
use askama::Template;

#[derive(Template)]
#[template(path = "broken_off.html")]
struct BrokenOff<'a> {
    frame: Frame,
    problem: &'a str,
}

/// Says why there is no more, below a first part that has been sent.
pub(crate) fn broken_off(problem: &str, context: &PageContext) -> String {
    // Only the clock of the frame is below the content, and that is the same in every place.
    print(&BrokenOff { frame: Frame::around(context, Place::Overview), problem })
}
