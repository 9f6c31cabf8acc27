//! Largest Contentful Paint: <https://web.dev/articles/lcp>

/// The newest candidate for the largest paint, until the page is left. Browsers themselves report
/// none after the first input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lcp {
    value_ms: Option<f64>,
    finalized: bool,
}

impl Lcp {
    /// Takes a larger paint, unless the value is final or the page was hidden before it. Tells
    /// whether it was taken.
    pub fn on_paint(&mut self, start_ms: f64, first_hidden_ms: f64, origin_ms: f64) -> bool {
        let is_taken = !self.finalized && start_ms < first_hidden_ms;
        if is_taken {
            self.value_ms = Some((start_ms - origin_ms).max(0.0));
        }
        is_taken
    }

    /// The page was left: what is painted from now on is no measure of its loading.
    pub fn finalize(&mut self) {
        self.finalized = true;
    }

    /// Milliseconds from the start of the navigation (or its activation).
    pub fn value_ms(&self) -> Option<f64> {
        self.value_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_candidate_before_the_page_was_left_is_the_value() {
        let mut lcp = Lcp::default();
        lcp.on_paint(500.0, f64::INFINITY, 0.0);
        lcp.on_paint(2312.4, f64::INFINITY, 0.0);
        lcp.finalize();
        lcp.on_paint(9000.0, f64::INFINITY, 0.0);
        assert_eq!(lcp.value_ms(), Some(2312.4));
    }

    #[test]
    fn a_candidate_after_the_page_was_hidden_is_left_out() {
        let mut lcp = Lcp::default();
        lcp.on_paint(500.0, 1000.0, 0.0);
        lcp.on_paint(1500.0, 1000.0, 0.0);
        assert_eq!(lcp.value_ms(), Some(500.0));
    }

    #[test]
    fn a_page_that_was_never_visible_has_none() {
        let mut lcp = Lcp::default();
        lcp.on_paint(500.0, 0.0, 0.0);
        assert_eq!(lcp.value_ms(), None);
    }
}
