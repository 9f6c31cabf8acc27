//! Where the time until the largest paint went: <https://web.dev/articles/optimize-lcp>

use crate::lines;
use beacon::{Attribution, NumberField, TextField};

/// What was painted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaintedElement {
    /// Selector of the element and, in another line, the address of its resource; empty for unknown.
    pub about: String,
    /// How the resource was loaded; absent for text, and when the browser does not remember.
    pub resource: Option<Resource>,
}

/// When a resource was loaded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resource {
    /// When it was asked for.
    pub request_start_ms: f64,
    /// When it was there.
    pub response_end_ms: f64,
}

/// Adds the parts of an LCP, which add up to it.
pub(crate) fn explain(
    element: &PaintedElement,
    lcp_ms: f64,
    ttfb_ms: f64,
    origin_ms: f64,
    attribution: &mut Attribution,
) {
    let (request_ms, response_ms) = element.resource.as_ref().map_or((0.0, 0.0), |resource| {
        (resource.request_start_ms - origin_ms, resource.response_end_ms - origin_ms)
    });
    let requested_ms = ttfb_ms.max(request_ms);
    let loaded_ms = lcp_ms.min(requested_ms.max(response_ms));
    attribution.number(NumberField::TimeToFirstByte, ttfb_ms);
    // How the rest is divided nobody knows of an address whose resource is not: the first frame of a video
    // is painted while it loads. What is part of the page itself has none.
    if element.resource.is_some() || !element.about.bytes().any(|it| it == b'\n') {
        attribution.number(NumberField::ResourceLoadDelay, requested_ms - ttfb_ms);
        attribution.number(NumberField::ResourceLoadDuration, loaded_ms - requested_ms);
        attribution.number(NumberField::ElementRenderDelay, lcp_ms - loaded_ms);
    }
    lines::explain(&[TextField::Target, TextField::Url], &element.about, attribution);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(resource: Option<(f64, f64)>, ttfb_ms: f64, origin_ms: f64) -> Vec<f64> {
        parts_of("h1", resource, ttfb_ms, origin_ms)
    }

    fn parts_of(
        about: &str,
        resource: Option<(f64, f64)>,
        ttfb_ms: f64,
        origin_ms: f64,
    ) -> Vec<f64> {
        let resource = resource.map(|(request_start_ms, response_end_ms)| Resource {
            request_start_ms,
            response_end_ms,
        });
        let element = PaintedElement { resource, about: about.to_owned() };
        let mut attribution = Attribution::default();
        explain(&element, 2000.0, ttfb_ms, origin_ms, &mut attribution);
        attribution.numbers.into_iter().map(|(_, part_ms)| part_ms).collect()
    }

    #[test]
    fn an_image_is_waited_for_loaded_and_rendered() {
        assert_eq!(parts(Some((500.0, 1400.0)), 300.0, 0.0), [300.0, 200.0, 900.0, 600.0]);
    }

    #[test]
    fn a_text_is_rendered_only() {
        assert_eq!(parts(None, 300.0, 0.0), [300.0, 0.0, 0.0, 1700.0]);
    }

    #[test]
    fn a_resource_that_the_browser_does_not_tell_of_has_no_parts() {
        let video = "video\nhttps://shop.example/hero.mp4";
        assert_eq!(parts_of(video, None, 300.0, 0.0), [300.0]);
        assert_eq!(parts_of(video, Some((500.0, 1400.0)), 300.0, 0.0).len(), 4);
        assert_eq!(parts_of("img", None, 300.0, 0.0), [300.0, 0.0, 0.0, 1700.0]);
    }

    #[test]
    fn an_image_that_was_loaded_before_the_first_byte_or_after_the_paint_leaves_no_negative_part() {
        assert_eq!(parts(Some((100.0, 200.0)), 300.0, 0.0), [300.0, 0.0, 0.0, 1700.0]);
        assert_eq!(parts(Some((500.0, 9000.0)), 300.0, 0.0), [300.0, 200.0, 1500.0, 0.0]);
    }

    #[test]
    fn a_later_page_view_counts_from_its_own_beginning() {
        assert_eq!(parts(Some((10_500.0, 11_400.0)), 0.0, 10_000.0), [0.0, 500.0, 900.0, 600.0]);
    }
}
