//! When page views begin, are hidden, follow each other, and send their beacons.

use super::{
    document::Document,
    entries,
    measuring::{Measuring, Report},
    page::{self, Text},
};
use crate::{page_view::PageView, vitals::EVENT_DURATION_MIN_MS};
use beacon::{Beacon, NavigationType};

/// Measures as long as it lives.
pub(super) struct Collector {
    sample_rate: f32,
    past: Past,
    /// Absent while the page is prerendered: nobody sees it yet.
    measuring: Option<Measuring>,
}

/// What an earlier collector of this document has left.
#[derive(Default)]
pub(super) enum Past {
    /// There was none.
    #[default]
    None,
    /// The last beacon of the page view that the document was loaded for, to go on with: it would
    /// otherwise be counted twice.
    Stopped(Box<Beacon>),
    /// The document's first page view is over, and the one that followed it was stopped.
    Over,
}

impl Collector {
    pub(super) fn new(sample_rate: f32, past: Past) -> Self {
        Self { sample_rate, past, measuring: None }
    }

    /// Ends measuring; what is left is for the next collector of this document.
    pub(super) fn stop(self) -> Past {
        match self.measuring {
            Some(measuring) => measuring.into_beacon().map_or(Past::Over, Past::Stopped),
            None => self.past,
        }
    }

    /// Begins the page view that the document was loaded for: from here on entries arrive, those of
    /// the past first.
    pub(super) fn begin(&mut self) {
        let document = Document::enter();
        let mut page_view = PageView::new(&document.navigation, document.first_hidden_ms);
        let mut beacon = document.beacon(document.navigation_type, self.sample_rate);
        let past = std::mem::take(&mut self.past);
        let is_over = matches!(past, Past::Over);
        if let Past::Stopped(last) = past
            && last.site == beacon.site
        {
            beacon.page_view = last.page_view;
            beacon.sequence = last.sequence;
            beacon.metrics = last.metrics;
            beacon.renders = last.renders;
        }
        if page::observe(!is_over, EVENT_DURATION_MIN_MS) {
            page_view.on_shifts_reported();
        }
        let report = Report::new((!is_over).then_some(beacon));
        self.measuring = Some(Measuring { page_view, report });
        if document.is_hidden && document.first_hidden_ms > 0.0 {
            // It was left while the collector was loading, and may never be seen again.
            self.flush();
        }
    }

    /// Takes all that the browser has told so far.
    pub(super) fn on_entries(&mut self) {
        while let Some(entry) = entries::next() {
            let Some(entry) = entry else { continue };
            let begins = entry.begins_page_view();
            if let Some(begin_ms) = begins {
                self.send(begin_ms);
            }
            self.with_page_view(|page_view| page_view.on_entry(entry));
            if begins.is_some() {
                self.enter(NavigationType::SoftNavigation);
            }
        }
        self.with_page_view(PageView::forget);
    }

    /// As in web-vitals, a largest paint that was not delivered before is not waited for.
    pub(super) fn on_hidden(&mut self, now_ms: f64) {
        self.with_page_view(|page_view| page_view.on_hidden(now_ms));
        self.on_entries();
        // There may be another one by now.
        self.with_page_view(|page_view| page_view.on_hidden(now_ms));
        self.send(f64::INFINITY);
    }

    /// The document has come back from the back/forward cache.
    pub(super) fn on_restored(&mut self, now_ms: f64, interaction_count: Option<u64>) {
        self.with_page_view(|page_view| page_view.on_restored(now_ms, interaction_count));
        self.enter(NavigationType::BackForwardCache);
    }

    pub(super) fn on_restored_paint(&mut self, now_ms: f64) {
        self.with_page_view(|page_view| page_view.on_restored_paint(now_ms));
    }

    /// The page is at another address, in a browser that does not notice soft navigations.
    pub(super) fn on_route_change(&mut self, now_ms: f64, interaction_count: Option<u64>) {
        self.flush();
        self.with_page_view(|page_view| page_view.on_route_change(now_ms, interaction_count));
        self.enter(NavigationType::SoftNavigation);
    }

    pub(super) fn on_news(&mut self) {
        if let Some(Measuring { report, .. }) = &mut self.measuring {
            report.set_route(page::text(Text::Route));
        }
    }

    pub(super) fn flush(&mut self) {
        self.on_entries();
        self.send(f64::INFINITY);
    }

    /// Leaves with the browser what would be sent now.
    pub(super) fn send_later(&mut self) {
        if let Some(Measuring { page_view, report }) = &mut self.measuring
            && let Some(beacon) = report.next(page_view, f64::INFINITY)
        {
            page::send_later(&beacon::encode(beacon));
        }
    }

    /// Sends what the page view has become until then, if that is more than was sent before.
    fn send(&mut self, until_ms: f64) {
        if let Some(Measuring { page_view, report }) = &mut self.measuring
            && let Some(beacon) = report.next(page_view, until_ms)
        {
            page::send(&beacon::encode(beacon), beacon.sequence);
            report.on_sent();
        }
    }

    /// Another page view of the same document has begun.
    fn enter(&mut self, navigation_type: NavigationType) {
        if let Some(Measuring { report, .. }) = &mut self.measuring {
            let beacon = Document::enter().beacon(navigation_type, self.sample_rate);
            *report = Report::new(Some(beacon));
        }
    }

    fn with_page_view(&mut self, act: impl FnOnce(&mut PageView)) {
        if let Some(measuring) = &mut self.measuring {
            act(&mut measuring.page_view);
        }
    }
}
