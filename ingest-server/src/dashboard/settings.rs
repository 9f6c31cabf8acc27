//! How a site is set up, and where that is changed.

use super::{
    PageContext,
    first_minute::FirstMinute,
    frame::{Frame, Link, Place},
    number, print,
};
use crate::store::sqlite::Retention;
use askama::Template;

/// What is set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The origins that may post; all may, when there is none.
    pub origins: Vec<String>,
    /// How long what is kept.
    pub retention: Retention,
    /// Whether others than this machine may read, with a token.
    pub has_token: bool,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage<'a> {
    frame: Frame,
    site: &'a str,
    first: FirstMinute,
    origins: &'a [String],
    page_views_kept: String,
    histograms_kept: String,
    has_token: bool,
    alerts: Link,
}

/// The page.
pub fn settings_page(it: &Settings, context: &PageContext) -> String {
    let scope = &context.scope;
    print(&SettingsPage {
        frame: Frame::around(context, Place::Settings),
        site: &scope.site,
        first: FirstMinute::new(&scope.site, &context.origin),
        origins: &it.origins,
        page_views_kept: number::days(it.retention.page_view_days.into()),
        histograms_kept: number::days(it.retention.histogram_days.into()),
        has_token: it.has_token,
        alerts: Link {
            text: "Alerts".to_owned(),
            href: Place::Alerts.address(scope),
            is_current: false,
        },
    })
}
