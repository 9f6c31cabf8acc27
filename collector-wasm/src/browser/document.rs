//! The document and its circumstances → plain values. `npm/start/read.js` reads them.

use super::page::{self, Text};
use crate::{
    attribution::{LoadTimes, RequestTimes},
    entry::Navigation,
    page_view::DocumentState,
    told::count,
};
use beacon::{Beacon, Connection, FormFactor, Id, NavigationType, Renders};

/// What there is to know of the document when a page view begins.
pub(super) struct Document {
    pub(super) navigation: Navigation,
    pub(super) navigation_type: NavigationType,
    /// Infinite for not yet.
    pub(super) first_hidden_ms: f64,
    pub(super) is_hidden: bool,
    form_factor: Option<FormFactor>,
    connection: Option<Connection>,
}

impl Document {
    pub(super) fn enter() -> Self {
        let mut told = [f64::NAN; 11];
        page::enter(&mut told);
        let [response_start_ms, activation_start_ms, request @ ..] = told;
        let [fetch_start_ms, dns_start_ms, connect_start_ms, connect_end_ms, words @ ..] = request;
        let [first_hidden_ms, is_hidden, navigation_type, form_factor, connection] = words;
        Self {
            navigation: Navigation {
                response_start_ms: (!response_start_ms.is_nan()).then_some(response_start_ms),
                activation_start_ms,
                request: RequestTimes {
                    fetch_start_ms,
                    dns_start_ms,
                    connect_start_ms,
                    connect_end_ms,
                },
            },
            navigation_type: word(NavigationType::ALL, navigation_type)
                .unwrap_or(NavigationType::Navigate),
            first_hidden_ms,
            is_hidden: is_hidden > 0.0,
            form_factor: word(FormFactor::ALL, form_factor),
            connection: word(Connection::ALL, connection),
        }
    }

    /// A beacon of the page view that begins: it says all but its session and what is measured.
    pub(super) fn beacon(&self, navigation_type: NavigationType, sample_rate: f32) -> Box<Beacon> {
        Box::new(Beacon {
            site: page::text(Text::Site).unwrap_or_default(),
            page_view: random_id(),
            sequence: 0,
            session: None,
            age_ms: None,
            started_at: None,
            release: page::text(Text::Release),
            url: page::text(Text::Url),
            route: page::text(Text::Route),
            navigation_type: Some(navigation_type),
            form_factor: self.form_factor,
            connection: self.connection,
            sample_rate,
            metrics: Vec::new(),
            renders: Renders::default(),
        })
    }
}

/// Asked for when a beacon is made: the page waits for its storage when that is first looked into.
pub(super) fn session() -> Option<Id> {
    page::text(Text::Session).and_then(|id| id.parse().ok())
}

/// Absent for -1.
fn word<T: Copy>(words: &[T], index: f64) -> Option<T> {
    if index < 0.0 {
        return None;
    }
    // `as` saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    words.get(index as usize).copied()
}

fn random_id() -> Id {
    let mut id = [0; 16];
    page::fill_random(&mut id);
    Id(id)
}

/// The time, and how far the document is by now.
pub(super) fn progress() -> (f64, DocumentState) {
    let mut told = [f64::NAN; 6];
    page::read_progress(&mut told);
    let [now_ms, interaction_count, is_loading, interactive_ms, content_loaded_ms, complete_ms] =
        told;
    let load_times = LoadTimes {
        is_loading: is_loading > 0.0,
        dom_interactive_ms: interactive_ms,
        dom_content_loaded_ms: content_loaded_ms,
        dom_complete_ms: complete_ms,
    };
    (now_ms, DocumentState { interaction_count: count(interaction_count), load_times })
}
