//! How far the document was loaded at some time.

/// The steps of loading, as far as they have been reached.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadTimes {
    /// Whether the document is still being parsed.
    pub is_loading: bool,
    /// When it was parsed; 0 for unknown.
    pub dom_interactive_ms: f64,
    /// When `DOMContentLoaded` was fired; 0 for not yet.
    pub dom_content_loaded_ms: f64,
    /// When everything had been loaded; 0 for not yet.
    pub dom_complete_ms: f64,
}

impl LoadTimes {
    /// The state at a time, as web-vitals calls it.
    pub fn state_at(&self, time_ms: f64) -> &'static str {
        let was_before = |step_ms: f64| step_ms <= 0.0 || time_ms < step_ms;
        if self.is_loading || time_ms < self.dom_interactive_ms {
            "loading"
        } else if self.dom_interactive_ms <= 0.0 {
            // Without a navigation entry nobody knows, and most things happen later.
            "complete"
        } else if was_before(self.dom_content_loaded_ms) {
            "dom-interactive"
        } else if was_before(self.dom_complete_ms) {
            "dom-content-loaded"
        } else {
            "complete"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADED: LoadTimes = LoadTimes {
        is_loading: false,
        dom_interactive_ms: 100.0,
        dom_content_loaded_ms: 200.0,
        dom_complete_ms: 300.0,
    };

    #[test]
    fn a_time_falls_between_two_steps() {
        let states = [99.0, 100.0, 200.0, 300.0].map(|time_ms| LOADED.state_at(time_ms));
        assert_eq!(states, ["loading", "dom-interactive", "dom-content-loaded", "complete"]);
    }

    #[test]
    fn a_step_that_was_not_reached_lies_ahead() {
        let parsed = LoadTimes { dom_content_loaded_ms: 0.0, dom_complete_ms: 0.0, ..LOADED };
        assert_eq!(parsed.state_at(900.0), "dom-interactive");
        let parsing = LoadTimes { is_loading: true, ..LoadTimes::default() };
        assert_eq!(parsing.state_at(900.0), "loading");
        assert_eq!(LoadTimes::default().state_at(900.0), "complete");
    }
}
