//! The answer what kept pages from painting, what blocked most first.

use super::scripts::{Key, Ran, Scripts};
use crate::{
    report::{
        Period, Question, RankedQuestion, Sampled, Unit,
        durations::{ERROR, rounded_ms as ms},
        nearest_rank, share,
    },
    store::sqlite::Filters,
};
use beacon::InvokerType;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// From this share of a script's time on that the browser computed style and layout for it, that is what
/// to do something about.
const FORCED: f64 = 0.5;
/// Hosts of an answer.
const ORIGINS_MAX: usize = 20;

/// The answer of `GET /v1/sites/{site}/long-frames`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LongFramesReport {
    /// The site's name.
    pub site: String,
    /// The page views' time.
    pub period: Period,
    /// What all of them are alike in.
    pub filters: Filters,
    /// From when on page views are still there.
    #[schema(value_type = String, format = DateTime)]
    pub kept_from: Timestamp,
    /// That only some page views were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sampled: Option<Sampled>,
    /// How many had frames of over 50 ms.
    pub page_views: u64,
    /// How many such frames there were.
    pub frames: u64,
    /// How long they took, all together, in milliseconds.
    pub total_ms: f64,
    /// Three quarters of the frames took at most so long, in milliseconds; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p75: Option<f64>,
    /// How much a percentile of frames may be off, as a share of it.
    pub error: f64,
    /// How long they kept pages from answering, all together, in milliseconds.
    pub blocking_ms: f64,
    /// The same of one page view: three quarters of those that tell were blocked for at most so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub blocking_p75: Option<f64>,
    /// Interactions that took over 200 ms until the next paint.
    pub slow_interactions: u64,
    /// How many scripts there are; those that are no rows block least.
    pub scripts: u64,
    /// How often something ran that was one too many to be told apart.
    pub dropped: u64,
    /// Scripts, the one that blocks most first.
    pub rows: Vec<ScriptRow>,
    /// Hosts that scripts are from, the one that blocks most first: at most 20.
    pub origins: Vec<OriginRow>,
}

/// What a script did in long frames.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ScriptRow {
    /// Its address; absent for what is part of the page itself, or not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<String>,
    /// The function that was called; absent for not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub function: Option<String>,
    /// What called it, such as `BUTTON#apply.onclick`; absent for not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub invoker: Option<String>,
    /// What kind of thing called it.
    pub invoker_type: InvokerType,
    /// Whether it is of another host than the page.
    pub is_third_party: bool,
    /// What it did.
    #[serde(flatten)]
    pub cost: ScriptCost,
    /// What to do, where something is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = String)]
    pub advice: Option<&'static str>,
}

/// All scripts of a host.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OriginRow {
    /// The host; absent for what is part of the page itself, or not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub origin: Option<String>,
    /// Whether it is another one than the page's.
    pub is_third_party: bool,
    /// What they did.
    #[serde(flatten)]
    pub cost: ScriptCost,
}

/// How much of long frames is due to a script, or to several.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct ScriptCost {
    /// On how many page views it ran in a long frame.
    pub page_views: u64,
    /// How often.
    pub count: u64,
    /// How long, all together, in milliseconds.
    pub total_ms: f64,
    /// Its share in what the frames kept pages from answering, in milliseconds.
    pub blocking_ms: f64,
    /// The same as a share of all that pages were kept.
    pub blocking_share: f64,
    /// How long of its time the browser computed style and layout for it, in milliseconds.
    pub forced_ms: f64,
    /// Slow interactions in which it ran longer than any other script.
    pub slow_interactions: u64,
    /// Their share in all slow interactions.
    pub slow_interactions_share: f64,
}

/// Answers from what scripts did.
pub(crate) fn long_frames(
    site: &str,
    RankedQuestion { question: Question { period, filters }, limit }: RankedQuestion,
    told: Scripts,
    sampled: Option<Sampled>,
    kept_from: Timestamp,
) -> LongFramesReport {
    let Scripts { page_views, frames, mut blocking_us_each, dropped, by_key, by_origin, .. } = told;
    let all = All { blocking_us: told.blocking_us, slow_interactions: told.slow_interactions };
    let scripts = by_key.len() as u64;
    let rows = ranked(by_key.into_iter().collect(), limit);
    let origins = ranked(by_origin.into_iter().collect(), ORIGINS_MAX);
    LongFramesReport {
        site: site.to_owned(),
        period,
        filters,
        kept_from,
        sampled,
        page_views,
        frames: frames.count,
        total_ms: Unit::Ms.round(frames.total_ms()),
        p75: frames.percentile_ms(75).map(|ms| Unit::Ms.round(ms)),
        error: ERROR,
        blocking_ms: ms(all.blocking_us),
        blocking_p75: nearest_rank(&mut blocking_us_each, 75).map(|us| ms(us.into())),
        slow_interactions: all.slow_interactions,
        scripts,
        dropped,
        rows: rows.into_iter().map(|(key, ran)| row(key, &ran, all)).collect(),
        origins: origins.into_iter().map(|(_, ran)| origin(&ran, all)).collect(),
    }
}

/// What shares are of.
#[derive(Clone, Copy)]
struct All {
    blocking_us: u64,
    slow_interactions: u64,
}

fn ranked<K: Ord>(mut all: Vec<(K, Ran)>, limit: usize) -> Vec<(K, Ran)> {
    let cost = |ran: &Ran| (ran.blocking_us, ran.total_us);
    all.sort_by(|(a_key, a), (b_key, b)| cost(b).cmp(&cost(a)).then_with(|| a_key.cmp(b_key)));
    all.truncate(limit);
    all
}

fn row(Key { source, function, invoker, invoker_type }: Key, ran: &Ran, all: All) -> ScriptRow {
    let known = |text: String| (!text.is_empty()).then_some(text);
    let cost = cost(ran, all);
    let is_third_party = ran.is_third_party;
    ScriptRow {
        source: known(source),
        function: known(function),
        invoker: known(invoker),
        invoker_type,
        is_third_party,
        cost,
        advice: advice(is_third_party, invoker_type, ran),
    }
}

fn origin(ran: &Ran, all: All) -> OriginRow {
    let host = &*ran.host;
    OriginRow {
        origin: (!host.is_empty()).then(|| host.to_owned()),
        is_third_party: ran.is_third_party,
        cost: cost(ran, all),
    }
}

fn cost(ran: &Ran, all: All) -> ScriptCost {
    ScriptCost {
        page_views: ran.page_views.count,
        count: ran.count,
        total_ms: ms(ran.total_us),
        blocking_ms: ms(ran.blocking_us),
        blocking_share: share(ran.blocking_us, all.blocking_us.max(1)),
        forced_ms: ms(ran.forced_us),
        slow_interactions: ran.slow_interactions,
        slow_interactions_share: share(ran.slow_interactions, all.slow_interactions.max(1)),
    }
}

/// What usually helps. Scripts that do not block get none.
fn advice(is_third_party: bool, invoker_type: InvokerType, ran: &Ran) -> Option<&'static str> {
    use InvokerType as T;
    if ran.blocking_us == 0 {
        return None;
    }
    if share(ran.forced_us, ran.total_us.max(1)) >= FORCED {
        return Some(
            "Most of its time the browser computes layout for it: it reads sizes or positions after it \
             has changed something. Read first, change then.",
        );
    }
    Some(match invoker_type {
        _ if is_third_party => {
            "Somebody else's: load it later, or only where it is needed, or do without."
        }
        T::ClassicScript | T::ModuleScript => {
            "It blocks as it is loaded: load what the first view does not need later, in parts."
        }
        T::EventListener => {
            "It blocks an answer to the visitor: paint first, and do what may wait in a task of its own \
             (scheduler.yield, or a worker)."
        }
        T::UserCallback | T::ResolvePromise | T::RejectPromise | T::Other => {
            "Split it into tasks of less than 50 ms (scheduler.yield), or let a worker do it."
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::PagePlace;
    use beacon::{Durations, FrameScript, LongFrames};

    fn script(function: &str, total_us: u32, blocking_us: u32) -> FrameScript {
        FrameScript {
            source: "https://shop.example/app.js".to_owned(),
            function: function.to_owned(),
            invoker: String::new(),
            invoker_type: InvokerType::EventListener,
            count: 1,
            total_us,
            blocking_us,
            forced_us: 0,
            slow_interactions: 0,
        }
    }

    fn report(page_views: Vec<LongFrames>, limit: usize) -> LongFramesReport {
        let mut all = Scripts::default();
        for told in page_views {
            all.add(told, PagePlace::on("shop.example"));
        }
        let question = Question::last_hours(24, Timestamp::UNIX_EPOCH);
        let asked = RankedQuestion { question, limit };
        long_frames("shop", asked, all, None, Timestamp::UNIX_EPOCH)
    }

    fn told(blocking_us: u32, scripts: Vec<FrameScript>) -> LongFrames {
        let frames =
            Durations { count: 1, total_us: 200_000, max_us: 200_000, bins: vec![(-19, 1)] };
        LongFrames { frames, blocking_us, slow_interactions: 2, scripts, dropped: 0 }
    }

    #[test]
    fn what_blocks_most_comes_first_with_its_share() {
        let slow = FrameScript { slow_interactions: 1, ..script("slowFilter", 120_000, 70_000) };
        let long = script("long", 150_000, 10_000);
        let answer = report(
            vec![told(100_000, vec![long.clone(), slow.clone()]), told(70_000, vec![slow])],
            1,
        );
        assert_eq!((answer.page_views, answer.frames, answer.scripts), (2, 2, 2));
        assert_eq!((answer.blocking_ms, answer.blocking_p75), (170.0, Some(100.0)));
        let row = &answer.rows[0];
        assert_eq!((row.function.as_deref(), row.cost.count), (Some("slowFilter"), 2));
        assert_eq!(row.cost.blocking_ms.to_string(), "140");
        assert!((row.cost.blocking_share - 14.0 / 17.0).abs() < 1e-9, "{row:?}");
        assert_eq!((row.cost.slow_interactions, row.cost.slow_interactions_share), (2, 0.5));
        assert_eq!(answer.origins[0].origin.as_deref(), Some("shop.example"));
        assert_eq!(answer.origins[0].cost.page_views, 2);
    }

    #[test]
    fn the_advice_is_about_what_costs_most() {
        let forced = FrameScript { forced_us: 60_000, ..script("forced", 100_000, 50_000) };
        let foreign = FrameScript {
            source: "https://ads.example/tag.js".to_owned(),
            ..script("tag", 100_000, 40_000)
        };
        let harmless = script("harmless", 100_000, 0);
        let answer = report(vec![told(90_000, vec![forced, foreign, harmless])], 10);
        let advice = answer.rows.iter().map(|row| row.advice.unwrap_or_default());
        let advice = advice.collect::<Vec<_>>();
        assert!(
            advice[0].contains("layout") && advice[1].contains("Somebody else's"),
            "{advice:?}"
        );
        assert_eq!(advice[2], "");
    }

    #[test]
    fn without_long_frames_nothing_is_claimed() {
        let answer = report(Vec::new(), 10);
        assert_eq!((answer.p75, answer.blocking_p75, answer.rows.len()), (None, None, 0));
    }
}
