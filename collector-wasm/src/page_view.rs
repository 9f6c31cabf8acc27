//! One page view: it owns the vitals and is the only place that knows the lifecycle. What hidden
//! means for each vital is decided here, once.

use crate::{
    entry::{Entry, Navigation},
    vitals::{Cls, Fcp, Inp, Lcp, Ttfb},
};
use beacon::{Metric, MetricName, limits};

/// The vitals of one navigation, from its start (or activation) on.
#[derive(Clone, Debug)]
pub struct PageView {
    activation_start_ms: f64,
    first_hidden_ms: f64,
    cls: Option<Cls>,
    fcp: Fcp,
    inp: Inp,
    lcp: Lcp,
    ttfb: Ttfb,
}

impl PageView {
    /// Begins a page view. `first_hidden_ms` is when the page was hidden for the first time, as far
    /// as the browser remembers: infinite if never, 0 if it was opened in the background.
    pub fn new(navigation: &Navigation, first_hidden_ms: f64) -> Self {
        Self {
            activation_start_ms: navigation.activation_start_ms,
            first_hidden_ms,
            cls: None,
            fcp: Fcp::default(),
            inp: Inp::default(),
            lcp: Lcp::default(),
            ttfb: Ttfb::new(navigation),
        }
    }

    /// The browser reports layout shifts, so that none is 0; without this call it is unknown.
    pub fn on_shifts_reported(&mut self) {
        self.cls = Some(Cls::default());
    }

    /// Hands an entry to the vital that it concerns.
    pub fn on_entry(&mut self, entry: &Entry) {
        match *entry {
            Entry::FirstContentfulPaint { start_ms } => {
                self.fcp.on_paint(start_ms, self.first_hidden_ms, self.activation_start_ms);
            }
            Entry::LargestContentfulPaint { start_ms } => {
                self.lcp.on_paint(start_ms, self.first_hidden_ms, self.activation_start_ms);
            }
            Entry::LayoutShift(ref shift) => {
                if let Some(cls) = &mut self.cls {
                    cls.on_shift(shift);
                }
            }
            Entry::Event(ref event) => self.inp.on_event(event),
        }
    }

    /// The page was hidden. It may become visible again; what is painted first then is no measure
    /// of its loading.
    pub fn on_hidden(&mut self, now_ms: f64) {
        self.first_hidden_ms = self.first_hidden_ms.min(now_ms);
        self.lcp.finalize();
    }

    /// What is known so far. CLS counts from the first paint on, so a page without one has none.
    pub fn metrics(&self, interaction_count: Option<u64>) -> Vec<Metric> {
        let fcp_ms = self.fcp.value_ms();
        let mut metrics = Vec::with_capacity(limits::METRICS_MAX);
        for (name, value) in [
            (MetricName::Cls, fcp_ms.and(self.cls.as_ref()).map(Cls::value)),
            (MetricName::Fcp, fcp_ms),
            (MetricName::Inp, self.inp.value_ms(interaction_count)),
            (MetricName::Lcp, self.lcp.value_ms()),
            (MetricName::Ttfb, self.ttfb.value_ms()),
        ] {
            if let Some(value) = value
                && is_within_limits(name, value)
            {
                metrics.push(Metric { name, value });
            }
        }
        metrics
    }
}

/// A value beyond the limits comes from a broken clock; absent beats wrong.
fn is_within_limits(name: MetricName, value: f64) -> bool {
    let max = match name {
        MetricName::Cls => limits::SCORE_MAX,
        _ => limits::TIMING_MS_MAX,
    };
    (0.0..=max).contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{Event, LayoutShift};

    const LOADED: Navigation =
        Navigation { response_start_ms: Some(120.0), activation_start_ms: 0.0 };

    fn page_view(first_hidden_ms: f64) -> PageView {
        let mut page_view = PageView::new(&LOADED, first_hidden_ms);
        page_view.on_shifts_reported();
        page_view
    }

    fn visible() -> PageView {
        page_view(f64::INFINITY)
    }

    fn value(page_view: &PageView, name: MetricName) -> Option<f64> {
        let metrics = page_view.metrics(None);
        metrics.iter().find(|metric| metric.name == name).map(|metric| metric.value)
    }

    fn shift(start_ms: f64) -> Entry {
        Entry::LayoutShift(LayoutShift { start_ms, score: 0.2, had_recent_input: false })
    }

    #[test]
    fn a_visible_page_reports_all_five() {
        let mut page_view = visible();
        for entry in [
            Entry::FirstContentfulPaint { start_ms: 800.0 },
            Entry::LargestContentfulPaint { start_ms: 2300.0 },
            shift(900.0),
            Entry::Event(Event { interaction_id: 7, duration_ms: 312.0, is_first_input: false }),
        ] {
            page_view.on_entry(&entry);
        }
        let values =
            page_view.metrics(Some(1)).iter().map(|metric| metric.value).collect::<Vec<_>>();
        assert_eq!(values, [0.2, 800.0, 312.0, 2300.0, 120.0]);
    }

    #[test]
    fn a_page_opened_in_the_background_reports_its_first_byte_only() {
        let mut page_view = page_view(0.0);
        page_view.on_entry(&Entry::FirstContentfulPaint { start_ms: 800.0 });
        page_view.on_entry(&Entry::LargestContentfulPaint { start_ms: 800.0 });
        page_view.on_entry(&shift(900.0));
        assert_eq!(page_view.metrics(None), [Metric { name: MetricName::Ttfb, value: 120.0 }]);
    }

    #[test]
    fn a_browser_that_reports_no_shifts_has_no_cls_rather_than_0() {
        let mut page_view = PageView::new(&LOADED, f64::INFINITY);
        page_view.on_entry(&Entry::FirstContentfulPaint { start_ms: 800.0 });
        assert_eq!(value(&page_view, MetricName::Cls), None);
    }

    #[test]
    fn shifts_before_the_first_paint_count_once_it_came() {
        let mut page_view = visible();
        page_view.on_entry(&shift(700.0));
        assert_eq!(value(&page_view, MetricName::Cls), None);
        page_view.on_entry(&Entry::FirstContentfulPaint { start_ms: 800.0 });
        assert_eq!(value(&page_view, MetricName::Cls), Some(0.2));
    }

    #[test]
    fn what_is_painted_after_the_page_was_hidden_is_not_measured() {
        let mut page_view = visible();
        page_view.on_hidden(500.0);
        page_view.on_hidden(5000.0);
        page_view.on_entry(&Entry::FirstContentfulPaint { start_ms: 800.0 });
        assert_eq!(value(&page_view, MetricName::Fcp), None);
    }

    #[test]
    fn shifts_and_interactions_go_on_after_the_page_was_hidden_and_shown_again() {
        let mut page_view = visible();
        page_view.on_entry(&Entry::FirstContentfulPaint { start_ms: 800.0 });
        page_view.on_hidden(2000.0);
        page_view.on_entry(&shift(9000.0));
        assert_eq!(value(&page_view, MetricName::Cls), Some(0.2));
    }

    #[test]
    fn leaving_ends_the_search_for_the_largest_paint() {
        let mut page_view = visible();
        page_view.on_entry(&Entry::LargestContentfulPaint { start_ms: 2300.0 });
        page_view.on_hidden(5000.0);
        page_view.on_entry(&Entry::LargestContentfulPaint { start_ms: 4000.0 });
        assert_eq!(value(&page_view, MetricName::Lcp), Some(2300.0));
    }

    #[test]
    fn a_value_that_only_a_broken_clock_can_give_is_absent() {
        let mut page_view = visible();
        page_view.on_entry(&Entry::FirstContentfulPaint { start_ms: 1e12 });
        page_view.on_entry(&Entry::LargestContentfulPaint { start_ms: f64::NAN });
        assert_eq!(value(&page_view, MetricName::Fcp), None);
        assert_eq!(value(&page_view, MetricName::Lcp), None);
    }
}
