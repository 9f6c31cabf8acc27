//! Bars, drawn as one outline for each rating: a page of a few hundred fewer elements is styled and painted sooner.

use super::histogram::rating_class;
use beacon::Rating;
use std::fmt::Write;

/// A bar: across in percent of the picture's width, down in pixels.
#[derive(Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// What colours it.
    pub(super) rating: Rating,
}

/// The class and the path of those of each rating, for a picture whose `viewBox` is 100 wide.
pub(super) fn outlines<'a>(bars: impl IntoIterator<Item = &'a Bar>) -> Vec<(&'static str, String)> {
    let ratings = [Rating::Good, Rating::NeedsImprovement, Rating::Poor];
    let mut outlines = ratings.map(|rating| (rating_class(rating), String::new()));
    for Bar { x, y, width, height, rating } in bars {
        let (_, path) = &mut outlines[*rating as usize];
        // A text takes whatever is written.
        let _ = write!(path, "M{x:.2} {y:.1}h{width:.2}v{height:.1}h-{width:.2}z");
    }
    outlines.into_iter().filter(|(_, path)| !path.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_a_rating_are_one_path() {
        let bar = |x, rating| Bar { x, y: 6.0, width: 2.5, height: 50.0, rating };
        let bars = [bar(0.0, Rating::Good), bar(5.0, Rating::Poor), bar(10.0, Rating::Good)];
        let good = "M0.00 6.0h2.50v50.0h-2.50zM10.00 6.0h2.50v50.0h-2.50z".to_owned();
        let poor = "M5.00 6.0h2.50v50.0h-2.50z".to_owned();
        assert_eq!(outlines(&bars), [("good", good), ("poor", poor)]);
    }
}
