//! What a page claims kept it from painting → what is true enough to be stored.

use super::{
    Section, at_most, durations, fit_or_empty, folded, without_queries, without_query, wrong,
};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Durations, FrameScript, LongFrames, limits};
use std::collections::HashSet;

const REASON: Reason = Reason::InvalidLongFrames;

impl Section for LongFrames {
    const NAME: &'static str = "long_frames";

    fn check(mut self) -> Result<Self, Rejection> {
        let scripts = "long_frames.scripts";
        at_most(REASON, scripts, &self.scripts, limits::FRAME_SCRIPTS_MAX, "long_frames.dropped")?;
        if self.frames != Durations::default() {
            durations::check(&self.frames, REASON, |name| format!("long_frames.frames.{name}"))?;
        }
        if self.blocking_us > self.frames.total_us {
            return wrong(REASON, "long_frames.blocking_us", "is more than frames.total_us");
        }
        let mut seen = HashSet::new();
        for (index, script) in self.scripts.iter().enumerate() {
            let field = |name: &str| format!("{scripts}[{index}].{name}");
            texts(script, field)?;
            numbers(script, self.slow_interactions, field)?;
            let FrameScript { source, function, invoker, invoker_type, .. } = script;
            if !seen.insert((source, function, invoker, invoker_type)) {
                return wrong(REASON, &field("source"), "has two entries; add them up");
            }
        }
        for script in &mut self.scripts {
            script.source = without_query(std::mem::take(&mut script.source));
            script.invoker = without_queries(&script.invoker);
        }
        self.scripts = folded(self.scripts, is_same, add);
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let script = |it: &FrameScript| {
            size_of_val(it) + it.source.len() + it.function.len() + it.invoker.len()
        };
        durations::heap_bytes(&self.frames) + self.scripts.iter().map(script).sum::<usize>()
    }
}

fn is_same(a: &FrameScript, b: &FrameScript) -> bool {
    (&a.source, &a.function, &a.invoker, a.invoker_type)
        == (&b.source, &b.function, &b.invoker, b.invoker_type)
}

fn add(known: &mut FrameScript, script: &FrameScript) {
    for (sum, more) in [
        (&mut known.count, script.count),
        (&mut known.total_us, script.total_us),
        (&mut known.blocking_us, script.blocking_us),
        (&mut known.forced_us, script.forced_us),
        (&mut known.slow_interactions, script.slow_interactions),
    ] {
        *sum = sum.saturating_add(more);
    }
}

fn texts(
    FrameScript { source, function, invoker, .. }: &FrameScript,
    field: impl Fn(&str) -> String,
) -> Result<(), Rejection> {
    let bytes_max = limits::ATTRIBUTION_TEXT_BYTES_MAX;
    fit_or_empty(source, limits::URL_BYTES_MAX, || field("source"))?;
    fit_or_empty(function, bytes_max, || field("function"))?;
    fit_or_empty(invoker, bytes_max, || field("invoker"))
}

fn numbers(
    script: &FrameScript,
    slow_interactions: u32,
    field: impl Fn(&str) -> String,
) -> Result<(), Rejection> {
    let wrong = |name: &str, detail: &str| wrong(REASON, &field(name), detail);
    if script.count == 0 {
        return wrong("count", "is 0; leave the entry out instead");
    }
    if script.blocking_us > script.total_us {
        return wrong("blocking_us", "is more than total_us");
    }
    if script.forced_us > script.total_us {
        return wrong("forced_us", "is more than total_us");
    }
    if script.slow_interactions > slow_interactions {
        return wrong("slow_interactions", "is more than long_frames.slow_interactions");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use beacon::InvokerType;

    fn script() -> FrameScript {
        FrameScript {
            source: "https://shop.example/app.js?v=secret#part".to_owned(),
            function: "slowFilter".to_owned(),
            invoker: "BUTTON#apply.onclick".to_owned(),
            invoker_type: InvokerType::EventListener,
            count: 2,
            total_us: 240_000,
            blocking_us: 140_000,
            forced_us: 1000,
            slow_interactions: 1,
        }
    }

    fn long_frames(scripts: Vec<FrameScript>) -> LongFrames {
        let frames =
            Durations { count: 2, total_us: 260_000, max_us: 140_000, bins: vec![(-24, 2)] };
        LongFrames { frames, blocking_us: 160_000, slow_interactions: 1, scripts, dropped: 3 }
    }

    #[test]
    fn what_fits_together_is_taken_without_query_strings() {
        let taken = long_frames(vec![script()]).check().unwrap();
        assert_eq!(taken.scripts[0].source, "https://shop.example/app.js");
        let nameless = FrameScript {
            source: String::new(),
            function: String::new(),
            invoker: String::new(),
            ..script()
        };
        assert!(long_frames(vec![script(), nameless]).check().is_ok());
        let tasks = LongFrames { scripts: Vec::new(), slow_interactions: 0, ..long_frames(vec![]) };
        assert!(tasks.check().is_ok());
    }

    #[test]
    fn what_differs_in_query_strings_only_is_one() {
        let other =
            FrameScript { source: "https://shop.example/app.js?v=2".to_owned(), ..script() };
        let taken = long_frames(vec![script(), other]).check().unwrap();
        assert_eq!((taken.scripts.len(), taken.scripts[0].count), (1, 4));
    }

    #[test]
    fn every_error_names_its_field() {
        let many = (0..=limits::FRAME_SCRIPTS_MAX)
            .map(|n| FrameScript { function: n.to_string(), ..script() });
        let long = |bytes| "a".repeat(bytes);
        for (scripts, field) in [
            (many.collect(), "long_frames.scripts"),
            (vec![script(), script()], "long_frames.scripts[1].source"),
            (vec![FrameScript { source: long(2049), ..script() }], "long_frames.scripts[0].source"),
            (
                vec![FrameScript { function: "a\n".to_owned(), ..script() }],
                "long_frames.scripts[0].function",
            ),
            (
                vec![FrameScript { invoker: long(1025), ..script() }],
                "long_frames.scripts[0].invoker",
            ),
            (vec![FrameScript { count: 0, ..script() }], "long_frames.scripts[0].count"),
            (
                vec![FrameScript { blocking_us: 240_001, ..script() }],
                "long_frames.scripts[0].blocking_us",
            ),
            (
                vec![FrameScript { forced_us: 240_001, ..script() }],
                "long_frames.scripts[0].forced_us",
            ),
            (
                vec![FrameScript { slow_interactions: 2, ..script() }],
                "long_frames.scripts[0].slow_interactions",
            ),
        ] {
            let refused = long_frames(scripts).check().map_err(|rejection| rejection.field);
            assert_eq!(refused, Err(Some(field.to_owned())));
        }
        let LongFrames { frames, .. } = long_frames(Vec::new());
        for (frames, field) in [
            (Durations { count: 0, ..frames.clone() }, "long_frames.frames.count"),
            (Durations { max_us: 260_001, ..frames.clone() }, "long_frames.frames.max_us"),
            (Durations { bins: vec![(80, 1)], ..frames.clone() }, "long_frames.frames.bins"),
            (Durations { bins: vec![(0, 3)], ..frames.clone() }, "long_frames.frames.bins"),
            (Durations { total_us: 159_999, max_us: 1, ..frames }, "long_frames.blocking_us"),
        ] {
            let told = LongFrames { frames, ..long_frames(Vec::new()) };
            let refused = told.check().map_err(|rejection| rejection.field);
            assert_eq!(refused, Err(Some(field.to_owned())));
        }
    }
}
