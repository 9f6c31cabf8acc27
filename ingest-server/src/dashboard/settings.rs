//! How a site is set up, and where that is changed.

use super::{
    PageContext,
    first_minute::FirstMinute,
    frame::{Frame, Link, Place},
    moment::Moment,
    number, print,
    scope::Scope,
};
use crate::store::sqlite::{Retention, TokenFacts};
use askama::Template;
use jiff::tz::{self, TimeZone};

/// What is set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The origins that may post; all may, when there is none.
    pub origins: Vec<String>,
    /// How long what is kept.
    pub retention: Retention,
    /// Whether others than this machine may read, with a token.
    pub has_token: bool,
    /// The tokens that read this site and no other; for operators.
    pub tokens: Option<Vec<TokenFacts>>,
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
    tokens: Option<Vec<KnownToken>>,
    alerts: Link,
    /// Every name of a time zone, and whether it is the one that is shown.
    zones: Vec<(String, bool)>,
    /// What the form of time zones says besides.
    hidden: Vec<(&'static str, String)>,
}

/// A token in the list.
#[derive(Debug)]
struct KnownToken {
    id: i64,
    name: String,
    created: Moment,
}

impl KnownToken {
    fn new(token: &TokenFacts, scope: &Scope) -> Self {
        Self {
            id: token.id,
            name: token.name.clone().unwrap_or_else(|| "no name".to_owned()),
            created: Moment::of(token.created_at, &scope.zone),
        }
    }
}

/// The page.
pub fn settings_page(it: &Settings, context: &PageContext) -> String {
    let scope = &context.scope;
    print(&SettingsPage {
        frame: Frame::around(context, Place::Settings),
        site: &scope.site,
        first: FirstMinute::new(context),
        origins: &it.origins,
        page_views_kept: number::days(it.retention.page_view_days.into()),
        histograms_kept: number::days(it.retention.histogram_days.into()),
        has_token: it.has_token,
        tokens: it
            .tokens
            .as_ref()
            .map(|all| all.iter().map(|token| KnownToken::new(token, scope)).collect()),
        alerts: Link {
            text: "Alerts".to_owned(),
            href: Place::Alerts.address(scope),
            is_current: false,
        },
        zones: zones(&scope.zone),
        // The form chooses the time zone.
        hidden: Scope { zone: TimeZone::UTC, ..scope.clone() }.fields(),
    })
}

/// Those of places, and UTC.
fn zones(shown: &TimeZone) -> Vec<(String, bool)> {
    let shown = shown.iana_name().unwrap_or("UTC");
    let names = tz::db().available().map(|name| name.to_string());
    let of_places = names.filter(|name| name.contains('/') && !name.starts_with("Etc/"));
    let mut names = of_places.collect::<Vec<_>>();
    names.sort_unstable();
    let all = std::iter::once("UTC".to_owned()).chain(names);
    all.map(|name| (name.clone(), name == shown)).collect()
}
