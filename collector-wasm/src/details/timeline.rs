//! When a page view loaded what it did, and was kept from painting.

use super::{
    heaviest::heaviest,
    tell::{Tell, put, put_length, put_text},
    time::{age_ms, whole_ms},
};
use beacon::{Load, ResourceKind, TimeSpan, limits};

/// What is remembered of each kind until what took longest is told: the first.
pub const SPANS_MAX: usize = 200;

/// What took time.
#[derive(Debug, Default)]
pub struct Timeline(beacon::Timeline);

impl Timeline {
    /// Adds what was loaded from an address, which cannot be told when it is empty, or too long.
    pub fn add(&mut self, kind: ResourceKind, url: String, start_ms: f64, ms: f64) {
        let Some(TimeSpan { start_ms, duration_ms }) = span(start_ms, ms) else { return };
        let is_told = (1..=limits::URL_BYTES_MAX).contains(&url.len());
        if is_told && self.0.loads.len() < SPANS_MAX {
            self.0.loads.push(Load { kind, url, start_ms, duration_ms });
        } else {
            self.0.dropped += 1;
        }
    }

    /// Adds a long frame.
    pub fn add_frame(&mut self, start_ms: f64, ms: f64) {
        let Some(span) = span(start_ms, ms) else { return };
        if self.0.long_frames.len() < SPANS_MAX {
            self.0.long_frames.push(span);
        } else {
            self.0.dropped += 1;
        }
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::Timeline {
        super::tell::told(self, at_most)
    }
}

impl Tell for Timeline {
    /// What took longest.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::Timeline { loads, long_frames, dropped } = &self.0;
        let took = |place: usize| u64::from(loads[place].duration_ms);
        let places = heaviest(loads.len(), at_most, &took);
        put_length(into, places.len());
        for place in &places {
            let Load { kind, url, start_ms, duration_ms } = &loads[*place];
            put(into, &[*kind as u32]);
            put_text(into, url);
            put(into, &[*start_ms, *duration_ms]);
        }
        let took = |place: usize| u64::from(long_frames[place].duration_ms);
        let frames_max = at_most.min(limits::TIMELINE_FRAMES_MAX);
        let frames = heaviest(long_frames.len(), frames_max, &took);
        put_length(into, frames.len());
        for place in &frames {
            let TimeSpan { start_ms, duration_ms } = long_frames[*place];
            put(into, &[start_ms, duration_ms]);
        }
        let left = loads.len() - places.len() + long_frames.len() - frames.len();
        put_length(into, *dropped as usize + left);
    }
}

/// What was over before the page view began (it was prerendered), nobody has waited for. What is longer than may
/// be, is as long as may be.
fn span(start_ms: f64, ms: f64) -> Option<TimeSpan> {
    let end_ms = start_ms + ms;
    let start_ms = start_ms.max(0.0);
    (end_ms >= start_ms).then(|| TimeSpan {
        start_ms: age_ms(start_ms),
        duration_ms: whole_ms(end_ms - start_ms).min(limits::TIMELINE_DURATION_MS_MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(timeline: &mut Timeline, url: &str, ms: f64) {
        timeline.add(ResourceKind::Script, url.to_owned(), 5.0, ms);
    }

    #[test]
    fn what_took_longest_is_told() {
        let mut timeline = Timeline::default();
        for (url, ms) in [("a", 30.4), ("b", 10.0), ("c", 20.0), ("", 99.0)] {
            add(&mut timeline, url, ms);
        }
        timeline.add_frame(1.0, 60.0);
        timeline.add_frame(1.0, 80.0);
        let told = timeline.told(2);
        let loads = told.loads.iter().map(|it| (&*it.url, it.start_ms, it.duration_ms));
        assert_eq!(loads.collect::<Vec<_>>(), [("a", 5, 30), ("c", 5, 20)]);
        assert_eq!(told.long_frames.iter().map(|it| it.duration_ms).collect::<Vec<_>>(), [80, 60]);
        assert_eq!(told.dropped, 2);
        assert_eq!(timeline.told(1).dropped, 4);
    }

    #[test]
    fn what_began_before_the_page_view_is_told_from_its_beginning_on() {
        let mut timeline = Timeline::default();
        for (start_ms, ms) in [(-3000.0, 500.0), (-100.0, 250.0)] {
            timeline.add(ResourceKind::Script, "a".to_owned(), start_ms, ms);
            timeline.add_frame(start_ms, ms);
        }
        let told = timeline.told(limits::TIMELINE_LOADS_MAX);
        let loads = told.loads.iter().map(|it| (it.start_ms, it.duration_ms));
        assert_eq!(loads.collect::<Vec<_>>(), [(0, 150)]);
        assert_eq!(told.long_frames, [TimeSpan { start_ms: 0, duration_ms: 150 }]);
        assert_eq!(told.dropped, 0);
    }

    #[test]
    fn what_is_too_much_to_be_remembered_is_counted_and_what_takes_too_long_is_cut() {
        let mut timeline = Timeline::default();
        for _ in 0..SPANS_MAX + 3 {
            add(&mut timeline, "a", 1e9);
            timeline.add_frame(1e15, 60.0);
        }
        let told = timeline.told(limits::TIMELINE_LOADS_MAX);
        assert_eq!((told.loads.len(), told.long_frames.len()), (30, 20));
        assert_eq!(told.dropped, 6 + 2 * 200 - 30 - 20);
        assert_eq!(told.loads[0].duration_ms, 600_000);
        assert_eq!(told.long_frames[0].start_ms, limits::AGE_MS_MAX);
    }
}
