//! What was measured, as histograms for Prometheus: one a metric, by site and route.

use crate::ingest::{BOUNDS, BOUNDS_COUNT, Counts, Series};
use beacon::MetricName;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet},
    metrics::{MetricType, counter::ConstCounter},
    registry::Unit,
};
use std::{array, fmt};

/// The counts of each site and route.
#[derive(Debug)]
pub(super) struct VitalHistograms(pub(super) Vec<Labelled>);

/// Counts and what they are of.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) labels: [(&'static str, String); 2],
    pub(super) series: Series,
}

impl Collector for VitalHistograms {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        self.page_views(&mut encoder)?;
        MetricName::ALL.into_iter().try_for_each(|name| self.histogram(&mut encoder, name))
    }
}

impl VitalHistograms {
    fn page_views(&self, encoder: &mut DescriptorEncoder) -> fmt::Result {
        let help = "Page views, those included that could not be measured.";
        let kind = MetricType::Counter;
        let mut family = encoder.encode_descriptor("page_views", help, None, kind)?;
        for Labelled { labels, series } in &self.0 {
            ConstCounter::new(series.page_views).encode(family.encode_family(labels)?)?;
        }
        Ok(())
    }

    /// What was never measured has none.
    fn histogram(&self, encoder: &mut DescriptorEncoder, name: MetricName) -> fmt::Result {
        let counts = |series: &Series| series.metrics[name as usize].count();
        if self.0.iter().all(|labelled| counts(&labelled.series) == 0) {
            return Ok(());
        }
        let (full_name, help, unit) = words(name);
        let kind = MetricType::Histogram;
        let mut family = encoder.encode_descriptor(full_name, help, unit.as_ref(), kind)?;
        for Labelled { labels, series } in &self.0 {
            let counts = &series.metrics[name as usize];
            family.encode_family(labels)?.encode_histogram::<NoLabelSet>(
                in_units(counts.sum),
                counts.count(),
                &buckets(name, counts),
                None,
            )?;
        }
        Ok(())
    }
}

fn words(name: MetricName) -> (&'static str, &'static str, Option<Unit>) {
    let (full_name, help) = match name {
        MetricName::Cls => ("web_vitals_cls", "Cumulative Layout Shift."),
        MetricName::Fcp => ("web_vitals_fcp", "First Contentful Paint."),
        MetricName::Inp => ("web_vitals_inp", "Interaction to Next Paint."),
        MetricName::Lcp => ("web_vitals_lcp", "Largest Contentful Paint."),
        MetricName::Ttfb => ("web_vitals_ttfb", "Time to First Byte."),
        MetricName::Fid => ("web_vitals_fid", "First Input Delay."),
    };
    let unit = if name == MetricName::Cls { None } else { Some(Unit::Seconds) };
    (full_name, help, unit)
}

/// The upper bound of each bucket, and how many values are in it.
fn buckets(name: MetricName, counts: &Counts) -> [(f64, u64); BOUNDS_COUNT + 1] {
    let bounds = BOUNDS[name as usize];
    array::from_fn(|index| {
        let bound = bounds.get(index).map_or(f64::INFINITY, |steps| in_units((*steps).into()));
        (bound, counts.buckets[index])
    })
}

/// Microseconds as seconds, millionths of a score as a score.
// Exact up to 2^53 steps, which are 285 years.
#[expect(clippy::cast_precision_loss)]
fn in_units(steps: u64) -> f64 {
    steps as f64 / 1e6
}
