//! One page view in the browser: the observers that feed it, and the beacon that it becomes.

use super::{
    Identity,
    context::{Context, Settings},
    entries::PerformanceEntry,
    globals::Performance,
    observer::Observer,
};
use crate::{entry::Navigation, page_view::PageView, vitals::EVENT_DURATION_MIN_MS};
use beacon::{Beacon, Metric, limits};
use std::{cell::RefCell, rc::Rc};

/// A page view being measured; observes as long as it lives.
pub(super) struct Measuring {
    identity: Identity,
    context: Context,
    activation_start_ms: f64,
    page_view: Rc<RefCell<PageView>>,
    sent: Vec<Metric>,
    observer: Option<Observer>,
}

impl Measuring {
    /// Begins to observe; entries of the past arrive first.
    pub(super) fn begin(
        identity: Identity,
        context: Context,
        navigation: &Navigation,
        first_hidden_ms: f64,
        performance: &Performance,
    ) -> Self {
        let page_view = Rc::new(RefCell::new(PageView::new(navigation, first_hidden_ms)));
        let fed = page_view.clone();
        let feed = move |entry: PerformanceEntry| {
            if let (Some(entry), Ok(mut page_view)) = (entry.read(), fed.try_borrow_mut()) {
                page_view.on_entry(&entry);
            }
        };
        // Where the browser does not count interactions, every one is looked at for its id.
        let counted = performance.interaction_count().is_some();
        let event_duration_min_ms = if counted { EVENT_DURATION_MIN_MS } else { 0.0 };
        Self {
            identity,
            context,
            activation_start_ms: navigation.activation_start_ms,
            sent: Vec::new(),
            observer: Observer::new(event_duration_min_ms, Box::new(feed)),
            page_view,
        }
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// What happened before counts, even if the browser has not delivered it yet.
    pub(super) fn on_hidden(&self, now_ms: f64) {
        let Ok(mut page_view) = self.page_view.try_borrow_mut() else { return };
        page_view.on_hidden(now_ms);
        if let Some(observer) = &self.observer {
            observer.take_records(&mut |entry| {
                if let Some(entry) = entry.read() {
                    page_view.on_entry(&entry);
                }
            });
        }
    }

    /// What is known now; absent when it is no more than what was sent.
    pub(super) fn beacon(&self, settings: &Settings, performance: &Performance) -> Option<Beacon> {
        let metrics = self.page_view.try_borrow().ok()?.metrics(interaction_count(performance));
        if metrics.is_empty() || metrics == self.sent {
            return None;
        }
        Some(Beacon {
            site: settings.site.clone(),
            page_view: self.identity.page_view,
            sequence: self.identity.sequence,
            session: self.context.session,
            age_ms: age_ms(performance.now() - self.activation_start_ms),
            started_at: None,
            url: self.context.url.clone(),
            route: at_most(limits::ROUTE_BYTES_MAX, settings.route.as_ref()),
            release: at_most(limits::RELEASE_BYTES_MAX, settings.release.as_ref()),
            navigation_type: Some(self.context.navigation_type),
            form_factor: Some(self.context.form_factor),
            connection: self.context.connection,
            sample_rate: 1.0,
            metrics,
        })
    }

    /// The browser has taken the beacon with these metrics.
    pub(super) fn on_sent(&mut self, metrics: Vec<Metric>) {
        self.identity.sequence += 1;
        self.sent = metrics;
    }
}

/// A page open for longer than the limit is left without an age.
fn age_ms(age_ms: f64) -> Option<u32> {
    // `as` saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let age_ms = age_ms as u32;
    (age_ms <= limits::AGE_MS_MAX).then_some(age_ms)
}

/// A longer name is left out rather than cut: a cut name is another one.
fn at_most(bytes_max: usize, text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty() && text.len() <= bytes_max).cloned()
}

fn interaction_count(performance: &Performance) -> Option<u64> {
    // `as` saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    performance.interaction_count().map(|count| count as u64)
}
