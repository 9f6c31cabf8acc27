//! Page views that are alike in something, counted.

use super::Tally;
use crate::varint::{self, Malformed};
use beacon::MetricName;

/// Page views that began in the same hour or day and are alike in something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many there are.
    pub page_views: i64,
    /// Of how many of them nothing could be measured.
    pub unmeasured: i64,
    /// What was measured on the others, in the order of [`MetricName::ALL`].
    pub metrics: [Tally; MetricName::ALL.len()],
}

impl Cell {
    /// Adds all of another one.
    pub fn merge(&mut self, other: &Self) {
        self.page_views += other.page_views;
        self.unmeasured += other.unmeasured;
        for (tally, more) in self.metrics.iter_mut().zip(&other.metrics) {
            tally.merge(more);
        }
    }

    /// What was measured, as it is stored: which metrics there are as a bit mask, and those.
    pub fn encode_metrics(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let present = (0..).zip(&self.metrics).filter(|(_, tally)| !tally.is_empty());
        varint::put(&mut bytes, &present.clone().map(|(index, _)| 1_u32 << index).sum::<u32>());
        present.for_each(|(_, tally)| tally.encode(&mut bytes));
        bytes
    }

    /// What was stored of what was measured.
    ///
    /// # Errors
    /// The bytes are none that [`encode_metrics`](Self::encode_metrics) makes.
    pub fn decode_metrics(mut bytes: &[u8]) -> Result<[Tally; MetricName::ALL.len()], Malformed> {
        let present: u32 = varint::take(&mut bytes)?;
        let mut metrics: [Tally; MetricName::ALL.len()] = Default::default();
        for (index, tally) in metrics.iter_mut().enumerate() {
            if present >> index & 1 == 1 {
                *tally = Tally::decode(&mut bytes)?;
            }
        }
        Ok(metrics)
    }

    /// Whether nothing is left in it.
    pub fn is_empty(&self) -> bool {
        self.page_views == 0 && self.unmeasured == 0 && self.metrics.iter().all(Tally::is_empty)
    }

    /// Whether more was taken out of it somewhere than put in.
    pub fn is_overdrawn(&self) -> bool {
        self.page_views < 0 || self.unmeasured < 0 || self.metrics.iter().any(Tally::is_overdrawn)
    }
}
