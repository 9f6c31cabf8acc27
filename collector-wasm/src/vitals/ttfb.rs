//! Time to First Byte: <https://web.dev/articles/ttfb>

use crate::entry::Navigation;

/// The first byte of the document, known from the start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ttfb {
    value_ms: Option<f64>,
}

impl Ttfb {
    /// Counts from the start of the navigation, or from the activation of a prerendered page.
    pub fn new(navigation: &Navigation) -> Self {
        let since_activation = |start: f64| (start - navigation.activation_start_ms).max(0.0);
        Self { value_ms: navigation.response_start_ms.map(since_activation) }
    }

    /// A later page view of the same document, which needed no request: 0, as in web-vitals.
    #[must_use]
    pub fn without_request(&self) -> Self {
        Self { value_ms: self.value_ms.map(|_| 0.0) }
    }

    /// Milliseconds; absent when the browser gave no believable first byte.
    pub fn value_ms(&self) -> Option<f64> {
        self.value_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ttfb(response_start_ms: Option<f64>, activation_start_ms: f64) -> Option<f64> {
        let navigation =
            Navigation { response_start_ms, activation_start_ms, ..Navigation::default() };
        Ttfb::new(&navigation).value_ms()
    }

    #[test]
    fn it_is_the_start_of_the_response() {
        assert_eq!(ttfb(Some(120.1), 0.0), Some(120.1));
    }

    #[test]
    fn a_prerendered_page_had_its_first_byte_before_anyone_waited() {
        assert_eq!(ttfb(Some(120.1), 900.0), Some(0.0));
    }

    #[test]
    fn without_a_believable_first_byte_there_is_none() {
        assert_eq!(ttfb(None, 0.0), None);
    }
}
