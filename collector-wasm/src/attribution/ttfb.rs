//! Where the time until the first byte went: <https://web.dev/articles/ttfb>

use beacon::{Attribution, NumberField};

/// The steps of the request of the document, from its navigation entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RequestTimes {
    /// When the service worker was asked, if there is one, else when the fetch began.
    pub fetch_start_ms: f64,
    /// When the look-up of the host's address began.
    pub dns_start_ms: f64,
    /// When the connection was begun.
    pub connect_start_ms: f64,
    /// When it stood.
    pub connect_end_ms: f64,
}

impl RequestTimes {
    /// Adds the parts of a TTFB, which add up to it. As in web-vitals each ends where the next begins.
    pub fn explain(&self, ttfb_ms: f64, activation_start_ms: f64, attribution: &mut Attribution) {
        let mut last_ms = 0.0;
        for (field, end_ms) in [
            (NumberField::WaitingDuration, self.fetch_start_ms),
            (NumberField::CacheDuration, self.dns_start_ms),
            (NumberField::DnsDuration, self.connect_start_ms),
            (NumberField::ConnectionDuration, self.connect_end_ms),
            (NumberField::RequestDuration, ttfb_ms + activation_start_ms),
        ] {
            let end_ms = (end_ms - activation_start_ms).max(0.0);
            attribution.number(field, end_ms - last_ms);
            last_ms = end_ms;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: RequestTimes = RequestTimes {
        fetch_start_ms: 5.0,
        dns_start_ms: 12.0,
        connect_start_ms: 40.0,
        connect_end_ms: 90.0,
    };

    fn parts(ttfb_ms: f64, activation_start_ms: f64) -> Vec<f64> {
        let mut attribution = Attribution::default();
        TIMES.explain(ttfb_ms, activation_start_ms, &mut attribution);
        attribution.numbers.into_iter().map(|(_, part_ms)| part_ms).collect()
    }

    #[test]
    fn the_parts_add_up() {
        assert_eq!(parts(300.0, 0.0), [5.0, 7.0, 28.0, 50.0, 210.0]);
    }

    #[test]
    fn a_prerendered_page_waited_for_nothing_before_its_activation() {
        assert_eq!(parts(0.0, 1000.0), [0.0; 5]);
        assert_eq!(parts(250.0, 50.0), [0.0, 0.0, 0.0, 40.0, 210.0]);
    }
}
