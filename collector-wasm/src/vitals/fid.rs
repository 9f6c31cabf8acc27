//! First Input Delay, retired in favour of INP: <https://web.dev/articles/fid>

use crate::entry::Event;

/// How long the page let its first input wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fid {
    value_ms: Option<f64>,
}

impl Fid {
    /// Takes the `first-input` entry, of which a document has one, unless the page was hidden before it.
    pub fn on_event(&mut self, event: &Event, first_hidden_ms: f64) {
        if event.is_first_input && event.start_ms < first_hidden_ms {
            self.value_ms = Some(event.processing_start_ms - event.start_ms);
        }
    }

    /// Milliseconds from the input to the page's first handler.
    pub fn value_ms(&self) -> Option<f64> {
        self.value_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(is_first_input: bool, first_hidden_ms: f64) -> Option<f64> {
        let event = Event {
            interaction_id: 7,
            start_ms: 900.0,
            duration_ms: 64.0,
            processing_start_ms: 912.5,
            processing_end_ms: 930.0,
            is_keyboard: false,
            target: String::new(),
            is_first_input,
        };
        let mut fid = Fid::default();
        fid.on_event(&event, first_hidden_ms);
        fid.value_ms()
    }

    #[test]
    fn it_is_the_wait_of_the_first_input() {
        assert_eq!(after(true, f64::INFINITY), Some(12.5));
        assert_eq!(after(false, f64::INFINITY), None);
    }

    #[test]
    fn an_input_after_the_page_was_hidden_is_not_its_first() {
        assert_eq!(after(true, 900.0), None);
    }
}
