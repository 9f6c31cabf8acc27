//! The circumstances of a page view, as far as the browser tells them.

use super::globals::{self, Properties, Settings, properties};
use beacon::{Beacon, Connection, FormFactor, Id, NavigationType, limits};
use web_sys::{Document, Window};

/// From this width of the shorter side (CSS pixels) a touch screen is a tablet: Android's own line.
const TABLET_WIDTH_MIN: f64 = 600.0;

/// A beacon that says all but what is measured.
pub(super) fn beacon(
    window: &Window,
    settings: &Settings,
    navigation_type: NavigationType,
    address: &str,
) -> Beacon {
    let options = properties(settings);
    Beacon {
        site: options.text("site").unwrap_or_default(),
        page_view: random_id(),
        sequence: 0,
        session: options.text("session").and_then(|id| id.parse().ok()),
        age_ms: None,
        started_at: None,
        url: at_most(limits::URL_BYTES_MAX, settings.url(address)),
        route: at_most(limits::ROUTE_BYTES_MAX, settings.route(address)),
        release: at_most(limits::RELEASE_BYTES_MAX, options.text("release")),
        navigation_type: Some(navigation_type),
        form_factor: Some(form_factor(window)),
        connection: connection(window),
        // It is half as exact as in JavaScript, which nobody can see.
        #[expect(clippy::cast_possible_truncation)]
        sample_rate: options.number("sampleRate").unwrap_or(1.0) as f32,
        metrics: Vec::new(),
    }
}

/// A text that the server takes. A longer one is left out rather than cut: a cut address is another
/// page's.
pub(super) fn at_most(bytes_max: usize, text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty() && text.len() <= bytes_max)
}

/// Where the page is now.
pub(super) fn address(window: &Window) -> String {
    let href = || properties(window).object("location")?.text("href");
    href().unwrap_or_default()
}

/// Whether two addresses differ in their query strings or fragments at most.
pub(super) fn is_same_page(a: &str, b: &str) -> bool {
    let path = |address: &str| address.find(['?', '#']).unwrap_or(address.len());
    a[..path(a)] == b[..path(b)]
}

fn random_id() -> Id {
    let mut id = [0; 16];
    globals::fill_random(&mut id);
    Id(id)
}

/// How the document was loaded, told apart as web-vitals does.
pub(super) fn navigation_type(
    document: &Document,
    navigation: Option<&Properties>,
    activation_start_ms: f64,
) -> NavigationType {
    let Some(entry) = navigation else { return NavigationType::Navigate };
    if activation_start_ms > 0.0 {
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
