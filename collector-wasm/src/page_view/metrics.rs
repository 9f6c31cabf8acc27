//! What is told of a page view: each metric's value, and what explains it.

use super::{Beginning, DocumentState, PageView};
use crate::{
    attribution::{LoadTimes, explain_lcp},
    vitals::{Cls, Interaction},
};
use beacon::{Attribution, Metric, MetricName, NumberField, TextField, limits};

/// INP of a page view that had interactions, all of them too short to be reported: browsers round
/// durations to 8 ms. A loaded page needs no such guess, because its first input is always reported.
pub const SHORT_INTERACTION_MS: f64 = 8.0;

impl PageView {
    /// What is known so far.
    pub fn metrics(&self, document: &DocumentState) -> Vec<Metric> {
        let mut metrics = Vec::with_capacity(limits::METRICS_MAX);
        for name in MetricName::ALL {
            if let Some(value) = self.value(name, document)
                && is_within_limits(name, value)
            {
                metrics.push(Metric {
                    attribution: self.explain(name, value, document),
                    name,
                    value,
                });
            }
        }
        metrics
    }

    fn value(&self, name: MetricName, document: &DocumentState) -> Option<f64> {
        match name {
            MetricName::Cls => self.cls.as_ref().filter(|_| self.is_painted()).map(Cls::value),
            MetricName::Fcp => self.fcp.value_ms(),
            MetricName::Inp => self.inp_ms(document),
            MetricName::Lcp => self.lcp.value_ms(),
            MetricName::Ttfb => self.ttfb.value_ms(),
            MetricName::Fid => self.fid.value_ms(),
        }
    }

    /// Layout shifts count from the first paint on. Who has changed the route has seen the page, however it was loaded.
    fn is_painted(&self) -> bool {
        self.fcp.value_ms().is_some() || matches!(self.beginning, Beginning::RouteChange)
    }

    fn inp_ms(&self, document: &DocumentState) -> Option<f64> {
        match self.p98(document) {
            Some(interaction) => Some(interaction.latency_ms),
            None => {
                (self.interactions(document) > 0 && !self.is_load()).then_some(SHORT_INTERACTION_MS)
            }
        }
    }

    fn p98(&self, document: &DocumentState) -> Option<Interaction> {
        self.inp.p98(self.interactions(document))
    }

    fn interactions(&self, document: &DocumentState) -> u64 {
        self.interaction_count.get(document.interaction_count)
    }

    fn explain(&self, name: MetricName, value: f64, document: &DocumentState) -> Attribution {
        let mut attribution = Attribution::default();
        let load_times = &document.load_times;
        let ttfb_ms = self.ttfb.value_ms().unwrap_or(0.0);
        match name {
            MetricName::Cls => self.shifts.explain(load_times, &mut attribution),
            MetricName::Fcp => {
                attribution.number(NumberField::TimeToFirstByte, ttfb_ms);
                attribution.number(NumberField::FirstByteToFcp, value - ttfb_ms);
                attribution
                    .text(TextField::LoadState, self.state_at_first_paint(value, load_times));
            }
            MetricName::Inp => {
                if let Some(interaction) = self.p98(document) {
                    self.interactions.explain(interaction.id, load_times, &mut attribution);
                }
            }
            MetricName::Lcp => {
                let (element, origin_ms) = (&self.largest_element, self.origin_ms);
                explain_lcp(element, value, ttfb_ms, origin_ms, &mut attribution);
            }
            MetricName::Ttfb if self.is_load() => {
                self.request.explain(value, self.origin_ms, &mut attribution);
            }
            MetricName::Ttfb | MetricName::Fid => {}
        }
        attribution
    }

    fn state_at_first_paint(&self, fcp_ms: f64, load_times: &LoadTimes) -> &'static str {
        match self.beginning {
            Beginning::Load => load_times.state_at(fcp_ms + self.origin_ms),
            Beginning::Restore => load_times.state_at(self.origin_ms),
            Beginning::SoftNavigation { .. } | Beginning::RouteChange => "complete",
        }
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
