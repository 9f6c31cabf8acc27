//! One page view in the browser: the observer that feeds it, and the beacon that it becomes.

use super::observer::Observer;
use crate::{entry::Navigation, page_view::PageView, vitals::EVENT_DURATION_MIN_MS};
use beacon::{Beacon, limits};
use std::{cell::RefCell, rc::Rc};

/// A page view being measured; observes as long as it lives.
pub(super) struct Measuring {
    /// As it was sent last, or without metrics if it was not.
    beacon: Beacon,
    /// Whether something besides the metrics has changed since.
    is_renamed: bool,
    activation_start_ms: f64,
    page_view: Rc<RefCell<PageView>>,
    observer: Option<Observer>,
}

impl Measuring {
    /// Begins to observe; entries of the past arrive first.
    pub(super) fn begin(
        beacon: Beacon,
        navigation: &Navigation,
        first_hidden_ms: f64,
        interaction_count: Option<u64>,
    ) -> Self {
        let page_view = Rc::new(RefCell::new(PageView::new(navigation, first_hidden_ms)));
        // Where the browser does not count interactions, every one is looked at for its id.
        let event_duration_min_ms = interaction_count.map_or(0.0, |_| EVENT_DURATION_MIN_MS);
        let observer = Observer::new(event_duration_min_ms, &page_view);
        let activation_start_ms = navigation.activation_start_ms;
        Self { beacon, is_renamed: false, activation_start_ms, page_view, observer }
    }

    /// What the next collector needs to go on with this page view.
    pub(super) fn into_beacon(self) -> Beacon {
        self.beacon
    }

    /// Names the route. A name that is too long is left out rather than cut: cut, it is another.
    pub(super) fn set_route(&mut self, route: String) {
        self.beacon.route = at_most(limits::ROUTE_BYTES_MAX, Some(route));
        self.is_renamed = true;
    }

    /// As in web-vitals, a largest paint that was not delivered before is not waited for.
    pub(super) fn on_hidden(&self, now_ms: f64) {
        if let Ok(mut page_view) = self.page_view.try_borrow_mut() {
            page_view.on_hidden(now_ms);
        }
    }

    /// Hands over the beacon as bytes if it says more than the one before; `send` tells whether
    /// they left. What has happened counts even if the browser has not delivered it yet.
    pub(super) fn flush(
        &mut self,
        now_ms: f64,
        interaction_count: Option<u64>,
        send: impl FnOnce(Vec<u8>) -> bool,
    ) {
        let Ok(mut page_view) = self.page_view.try_borrow_mut() else { return };
        if let Some(observer) = &self.observer {
            observer.take_records(&mut page_view);
        }
        let metrics = page_view.metrics(interaction_count);
        drop(page_view);
        if metrics.is_empty() || (metrics == self.beacon.metrics && !self.is_renamed) {
            return;
        }
        let sent = std::mem::replace(&mut self.beacon.metrics, metrics);
        self.beacon.age_ms = age_ms(now_ms - self.activation_start_ms);
        if send(beacon::encode(&self.beacon)) {
            self.beacon.sequence += 1;
            self.is_renamed = false;
        } else {
            self.beacon.metrics = sent;
        }
    }
}

/// A page open for longer than the limit is left without an age.
fn age_ms(age_ms: f64) -> Option<u32> {
    // `as` saturates.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let age_ms = age_ms as u32;
    (age_ms <= limits::AGE_MS_MAX).then_some(age_ms)
}

/// A text that the server takes.
pub(super) fn at_most(bytes_max: usize, text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty() && text.len() <= bytes_max)
}
