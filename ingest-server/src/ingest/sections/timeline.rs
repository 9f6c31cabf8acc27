//! What a page claims to have loaded when → what is true enough to be stored.

use super::{Section, at_most, check, without_query, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Load, TimeSpan, Timeline, limits};

const REASON: Reason = Reason::InvalidTimeline;

impl Section for Timeline {
    const NAME: &'static str = "timeline";

    fn check(mut self) -> Result<Self, Rejection> {
        let (loads, frames) = ("timeline.loads", "timeline.long_frames");
        at_most(REASON, loads, &self.loads, limits::TIMELINE_LOADS_MAX, "timeline.dropped")?;
        at_most(
            REASON,
            frames,
            &self.long_frames,
            limits::TIMELINE_FRAMES_MAX,
            "timeline.dropped",
        )?;
        for (index, Load { url, start_ms, duration_ms, .. }) in self.loads.iter().enumerate() {
            let field = |name: &str| format!("{loads}[{index}].{name}");
            check::fit(url, limits::URL_BYTES_MAX, || field("url"))?;
            check_span(*start_ms, *duration_ms, field)?;
        }
        for (index, TimeSpan { start_ms, duration_ms }) in self.long_frames.iter().enumerate() {
            check_span(*start_ms, *duration_ms, |name| format!("{frames}[{index}].{name}"))?;
        }
        let before = self.loads.len();
        self.loads.retain_mut(|load| {
            load.url = without_query(std::mem::take(&mut load.url));
            !load.url.is_empty()
        });
        let left_out = u32::try_from(before - self.loads.len()).unwrap_or(u32::MAX);
        self.dropped = self.dropped.saturating_add(left_out);
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let load = |it: &Load| size_of_val(it) + it.url.len();
        self.loads.iter().map(load).sum::<usize>() + size_of_val(self.long_frames.as_slice())
    }
}

fn check_span(
    start_ms: u32,
    duration_ms: u32,
    field: impl Fn(&str) -> String,
) -> Result<(), Rejection> {
    let parts = [
        ("start_ms", start_ms, limits::AGE_MS_MAX),
        ("duration_ms", duration_ms, limits::TIMELINE_DURATION_MS_MAX),
    ];
    match parts.into_iter().find(|(_, ms, max)| ms > max) {
        Some((name, ms, max)) => {
            wrong(REASON, &field(name), &format!("is {ms}, at most {max} is taken"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::ResourceKind;

    fn load() -> Load {
        Load {
            kind: ResourceKind::Script,
            url: "https://shop.example/app-*.js?v=secret".to_owned(),
            start_ms: 40,
            duration_ms: 120,
        }
    }

    fn checked(loads: Vec<Load>, long_frames: Vec<TimeSpan>) -> Result<Timeline, Option<String>> {
        let timeline = Timeline { loads, long_frames, dropped: 7 };
        timeline.check().map_err(|rejection| rejection.field)
    }

    #[test]
    fn what_fits_is_taken_without_query_strings_and_what_has_no_address_is_left_out() {
        let inline = Load { url: "data:text/css,secret".to_owned(), ..load() };
        let taken = checked(vec![load(), inline], Vec::new()).unwrap();
        assert_eq!((taken.loads.len(), taken.dropped), (1, 8));
        assert_eq!(taken.loads[0].url, "https://shop.example/app-*.js");
    }

    #[test]
    fn every_error_names_its_field() {
        let frame = TimeSpan { start_ms: 0, duration_ms: 60 };
        let late = limits::AGE_MS_MAX + 1;
        for (loads, frames, field) in [
            (vec![load(); limits::TIMELINE_LOADS_MAX + 1], Vec::new(), "timeline.loads"),
            (Vec::new(), vec![frame; limits::TIMELINE_FRAMES_MAX + 1], "timeline.long_frames"),
            (vec![Load { url: String::new(), ..load() }], Vec::new(), "timeline.loads[0].url"),
            (vec![Load { start_ms: late, ..load() }], Vec::new(), "timeline.loads[0].start_ms"),
            (
                vec![load(), Load { duration_ms: 600_001, ..load() }],
                Vec::new(),
                "timeline.loads[1].duration_ms",
            ),
            (
                Vec::new(),
                vec![TimeSpan { duration_ms: u32::MAX, ..frame }],
                "timeline.long_frames[0].duration_ms",
            ),
        ] {
            assert_eq!(checked(loads, frames), Err(Some(field.to_owned())));
        }
    }
}
