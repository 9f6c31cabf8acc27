//! The circumstances of a page view, as far as the browser tells them.

use super::{
    globals::{self, Properties, properties},
    measuring::at_most,
};
use beacon::{Beacon, Connection, FormFactor, Id, NavigationType, limits};
use web_sys::{Document, Window};

/// Key of the session's id in `sessionStorage`, which ends with the tab.
const SESSION_KEY: &str = "rhumb.session";
/// From this width of the shorter side (CSS pixels) a touch screen is a tablet: Android's own line.
const TABLET_WIDTH_MIN: f64 = 600.0;

/// What the page asked for.
pub(super) struct Settings {
    pub(super) ingest_url: String,
    pub(super) site: String,
    pub(super) release: Option<String>,
    pub(super) route: Option<String>,
    pub(super) session: bool,
}

/// A beacon that says all but what is measured.
pub(super) fn beacon(
    window: &Window,
    document: &Document,
    navigation: Option<&Properties>,
    activated: bool,
    settings: &mut Settings,
) -> Beacon {
    Beacon {
        site: std::mem::take(&mut settings.site),
        page_view: random_id(),
        sequence: 0,
        session: if settings.session { session(window) } else { None },
        age_ms: None,
        started_at: None,
        url: url(window),
        route: at_most(limits::ROUTE_BYTES_MAX, settings.route.take()),
        release: at_most(limits::RELEASE_BYTES_MAX, settings.release.take()),
        navigation_type: Some(navigation_type(document, navigation, activated)),
        form_factor: Some(form_factor(window)),
        connection: connection(window),
        sample_rate: 1.0,
        metrics: Vec::new(),
    }
}

fn random_id() -> Id {
    let mut id = [0; 16];
    globals::fill_random(&mut id);
    Id(id)
}

/// The id that the tab's earlier page views left, or a new one. A page that may not use storage
/// has no session.
fn session(window: &Window) -> Option<Id> {
    let storage = window.session_storage().ok()??;
    if let Some(id) = storage.get_item(SESSION_KEY).ok()?.and_then(|text| text.parse().ok()) {
        return Some(id);
    }
    let id = random_id();
    let hex = id.hex().into_iter().map(char::from).collect::<String>();
    storage.set_item(SESSION_KEY, &hex).ok()?;
    Some(id)
}

/// The address without query string and fragment, where people's secrets are. A longer one than
/// the server takes is left out rather than cut: a cut address is another page's.
fn url(window: &Window) -> Option<String> {
    let location = properties(window).object("location")?;
    let url = location.text("origin")? + &location.text("pathname")?;
    at_most(limits::URL_BYTES_MAX, Some(url)).filter(|url| url.starts_with("http"))
}

/// As web-vitals tells them apart.
fn navigation_type(
    document: &Document,
    navigation: Option<&Properties>,
    activated: bool,
) -> NavigationType {
    let Some(entry) = navigation else { return NavigationType::Navigate };
    if activated {
        return NavigationType::Prerender;
    }
    if properties(document).flag("wasDiscarded").unwrap_or(false) {
        return NavigationType::Restore;
    }
    match entry.text("type").as_deref() {
        Some("reload") => NavigationType::Reload,
        Some("back_forward") => NavigationType::BackForward,
        Some("prerender") => NavigationType::Prerender,
        _ => NavigationType::Navigate,
    }
}

/// By touch and size: the server, which sees the client hints, may know better.
fn form_factor(window: &Window) -> FormFactor {
    if globals::match_media("(pointer: coarse)").flag("matches") != Some(true) {
        return FormFactor::Desktop;
    }
    let side = |name| properties(window).object("screen")?.number(name);
    match (side("width"), side("height")) {
        (Some(width), Some(height)) if width.min(height) < TABLET_WIDTH_MIN => FormFactor::Phone,
        _ => FormFactor::Tablet,
    }
}

fn connection(window: &Window) -> Option<Connection> {
    let connection = properties(&window.navigator()).object("connection")?;
    Connection::from_word(&connection.text("effectiveType")?)
}
