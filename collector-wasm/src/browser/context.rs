//! The circumstances of a page view, as far as the browser tells them.

use super::{
    entries::PerformanceEntry,
    globals::{self, Document, Navigator},
};
use beacon::{Connection, FormFactor, Id, NavigationType, limits};
use wasm_bindgen::JsCast;
use web_sys::Window;

/// Key of the session's id in `sessionStorage`, which ends with the tab.
const SESSION_KEY: &str = "rhumb.session";
/// From this width of the shorter side (CSS pixels) a touch screen is a tablet: Android's own line.
const TABLET_WIDTH_MIN: i32 = 600;

/// What the page asked for.
pub(super) struct Settings {
    pub(super) ingest_url: String,
    pub(super) site: String,
    pub(super) release: Option<String>,
    pub(super) route: Option<String>,
    pub(super) session: bool,
}

/// What stays the same for a whole page view.
pub(super) struct Context {
    pub(super) session: Option<Id>,
    pub(super) url: Option<String>,
    pub(super) navigation_type: NavigationType,
    pub(super) form_factor: FormFactor,
    pub(super) connection: Option<Connection>,
}

impl Context {
    /// Reads the browser.
    pub(super) fn read(
        window: &Window,
        document: &Document,
        navigation: Option<&PerformanceEntry>,
        activation_start_ms: f64,
        with_session: bool,
    ) -> Self {
        let navigator = window.navigator().unchecked_into::<Navigator>();
        Self {
            session: if with_session { session(window) } else { None },
            url: url(window),
            navigation_type: navigation_type(document, navigation, activation_start_ms),
            form_factor: form_factor(window),
            connection: connection(&navigator),
        }
    }
}

/// Absent only where the browser has no random numbers to make an id from.
pub(super) fn random_id() -> Option<Id> {
    let mut id = [0; 16];
    globals::fill_random(&mut id).ok()?;
    Some(Id(id))
}

/// The id that the tab's earlier page views left, or a new one. A page that may not use storage
/// has no session.
fn session(window: &Window) -> Option<Id> {
    let storage = window.session_storage().ok()??;
    if let Some(id) = storage.get_item(SESSION_KEY).ok()?.and_then(|text| text.parse().ok()) {
        return Some(id);
    }
    let id = random_id()?;
    let hex = id.hex().into_iter().map(char::from).collect::<String>();
    storage.set_item(SESSION_KEY, &hex).ok()?;
    Some(id)
}

/// The address without query string and fragment, where people's secrets are. A longer one than
/// the server takes is left out rather than cut: a cut address is another page's.
fn url(window: &Window) -> Option<String> {
    let location = window.location();
    let url = location.origin().ok()? + &location.pathname().ok()?;
    (url.len() <= limits::URL_BYTES_MAX && url.starts_with("http")).then_some(url)
}

/// As web-vitals tells them apart.
fn navigation_type(
    document: &Document,
    navigation: Option<&PerformanceEntry>,
    activation_start_ms: f64,
) -> NavigationType {
    let Some(entry) = navigation else { return NavigationType::Navigate };
    if activation_start_ms > 0.0 {
        return NavigationType::Prerender;
    }
    if document.was_discarded().unwrap_or(false) {
        return NavigationType::Restore;
    }
    match entry.navigation_type().as_str() {
        "reload" => NavigationType::Reload,
        "back_forward" => NavigationType::BackForward,
        "prerender" => NavigationType::Prerender,
        _ => NavigationType::Navigate,
    }
}

/// By touch and size: the server, which sees the client hints, may know better.
fn form_factor(window: &Window) -> FormFactor {
    let coarse = window.match_media("(pointer: coarse)");
    if !coarse.ok().flatten().is_some_and(|query| query.matches()) {
        return FormFactor::Desktop;
    }
    let shorter_side = window.screen().and_then(|screen| Ok(screen.width()?.min(screen.height()?)));
    match shorter_side {
        Ok(width) if width < TABLET_WIDTH_MIN => FormFactor::Phone,
        _ => FormFactor::Tablet,
    }
}

fn connection(navigator: &Navigator) -> Option<Connection> {
    Connection::from_word(&navigator.connection()?.effective_type()?)
}
