//! First Contentful Paint: <https://web.dev/articles/fcp>

/// The first paint with content, if the page had been visible until then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fcp {
    value_ms: Option<f64>,
}

impl Fcp {
    /// Takes the paint, unless the page was hidden before it: then nobody was waiting.
    pub fn on_paint(&mut self, start_ms: f64, first_hidden_ms: f64, activation_start_ms: f64) {
        if self.value_ms.is_none() && start_ms < first_hidden_ms {
            self.value_ms = Some((start_ms - activation_start_ms).max(0.0));
        }
    }

    /// Milliseconds from the start of the navigation (or its activation).
    pub fn value_ms(&self) -> Option<f64> {
        self.value_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(start_ms: f64, first_hidden_ms: f64, activation_start_ms: f64) -> Option<f64> {
        let mut fcp = Fcp::default();
        fcp.on_paint(start_ms, first_hidden_ms, activation_start_ms);
        fcp.value_ms()
    }

    #[test]
    fn a_paint_counts_when_the_page_is_visible() {
        assert_eq!(painted(812.3, f64::INFINITY, 0.0), Some(812.3));
    }

    #[test]
    fn a_paint_after_the_page_was_hidden_is_not_measured() {
        assert_eq!(painted(812.3, 812.3, 0.0), None);
    }

    #[test]
    fn a_prerendered_page_counts_from_its_activation() {
        assert_eq!(painted(812.0, f64::INFINITY, 800.0), Some(12.0));
        assert_eq!(painted(812.0, f64::INFINITY, 900.0), Some(0.0));
    }
}
