//! Route templates that a user wrote, such as `/shop/:category/:item`.

use beacon::limits;
use std::str::FromStr;
use url::Url;

/// What addresses of one route look like. A segment is itself, any (`:name`), or, at the end, all
/// that follow (`*`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutePattern {
    route: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// As it is in addresses: percent-encoded.
    Literal(String),
    Any,
    /// At least one.
    Rest,
}

impl RoutePattern {
    /// The template, which names the route.
    pub(super) fn route(&self) -> &str {
        &self.route
    }

    /// Whether it is the route of a path.
    pub(super) fn fits(&self, path: &str) -> bool {
        let mut path = segments(path);
        for segment in &self.segments {
            let fits = match (segment, path.next()) {
                (Segment::Literal(literal), Some(given)) => literal == given,
                (Segment::Any, Some(given)) => !given.is_empty(),
                (Segment::Rest, Some(_)) => return true,
                (_, None) => false,
            };
            if !fits {
                return false;
            }
        }
        path.next().is_none()
    }
}

/// The segments of a path, without the parameters that may stand behind each (`;jsessionid=…`). A
/// slash at the end makes no difference.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let segments = path.trim_end_matches('/').split('/').skip(1);
    segments.map(|segment| segment.split(';').next().unwrap_or_default())
}

impl FromStr for RoutePattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') || text.contains(['?', '#', ';']) {
            return Err("expected a path such as `/shop/:category/:item`".to_owned());
        }
        let path = encode(text)?;
        let path = path.trim_end_matches('/');
        let segments: Vec<_> = segments(path).map(segment).collect::<Result<_, _>>()?;
        if segments.iter().rev().skip(1).any(|segment| *segment == Segment::Rest) {
            return Err("`*` stands for all that follows, so it is the last segment".to_owned());
        }
        let route = if path.is_empty() { "/" } else { path };
        if route.len() > limits::ROUTE_BYTES_MAX {
            return Err(format!("it has more than {} bytes", limits::ROUTE_BYTES_MAX));
        }
        Ok(Self { route: route.to_owned(), segments })
    }
}

fn segment(text: &str) -> Result<Segment, String> {
    match text {
        "*" => Ok(Segment::Rest),
        ":" => Err("a `:` is followed by a name, such as `:item`".to_owned()),
        text if text.starts_with(':') => Ok(Segment::Any),
        text => Ok(Segment::Literal(text.to_owned())),
    }
}

/// As browsers encode it.
fn encode(path: &str) -> Result<String, String> {
    let mut url = Url::parse("http://localhost/").map_err(|error| error.to_string())?;
    url.set_path(path);
    Ok(url.path().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pattern_fits_paths_of_its_form() {
        for (pattern, path, fits) in [
            ("/shop/:category/:item", "/shop/shoes/red-one", true),
            ("/shop/:category/:item", "/shop/shoes/red-one/", true),
            ("/shop/:category/:item/", "/shop/shoes/red-one", true),
            ("/shop/:category/:item", "/shop/shoes", false),
            ("/shop/:category/:item", "/shop/shoes/red-one/reviews", false),
            ("/shop/:category/:item", "/shop//red-one", false),
            ("/shop/:category/:item", "/Shop/shoes/red-one", false),
            ("/docs/*", "/docs/a/b/c", true),
            ("/docs/*", "/docs/", false),
            ("/*", "/a", true),
            ("/", "/", true),
            ("/", "/a", false),
            ("/über/:id", "/%C3%BCber/7", true),
            ("/a/:id", "/a/7;jsessionid=1", true),
        ] {
            let parsed: RoutePattern = pattern.parse().unwrap();
            assert_eq!(parsed.fits(path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn a_route_is_named_as_its_pattern_is_written() {
        for (pattern, route) in [
            ("/shop/:category/:item", "/shop/:category/:item"),
            ("/docs/*", "/docs/*"),
            ("/about/", "/about"),
            ("/", "/"),
            ("/über", "/%C3%BCber"),
        ] {
            assert_eq!(pattern.parse::<RoutePattern>().unwrap().route(), route);
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let long = format!("/{}", "a".repeat(limits::ROUTE_BYTES_MAX));
        for text in ["", "shop", "https://shop.example/", "/a?b", "/a#b", "/*/b", "/:/b", &long] {
            assert!(text.parse::<RoutePattern>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_route_is_too_long(text in "/.{0,300}", path in "/.{0,100}") {
            if let Ok(pattern) = text.parse::<RoutePattern>() {
                prop_assert!(pattern.route().len() <= limits::ROUTE_BYTES_MAX);
                pattern.fits(&path);
            }
        }
    }
}
