//! The server itself: what became of the beacons that it was sent, and what it keeps.

use super::{
    PageContext,
    frame::{Frame, Place},
    moment::Moment,
    number, print,
};
use crate::{
    ingest::{Limit, Outcome, Reason},
    report,
    store::sqlite::StatementTimes,
    telemetry::ServerState,
};
use askama::Template;
use jiff::tz::TimeZone;
use std::time::Duration;

#[derive(Template)]
#[template(path = "server.html")]
struct ServerPage {
    frame: Frame,
    since: Moment,
    verdict: Verdict,
    received: String,
    rows: Vec<Row>,
    facts: Vec<Fact>,
    statements: Vec<Statement>,
}

/// A statement of the database.
struct Statement {
    name: &'static str,
    count: String,
    mean: String,
    p95: String,
    total: String,
}

/// Whether anything was turned away for which somebody has to do something.
struct Verdict {
    class: &'static str,
    text: String,
}

/// What became of some of the beacons.
struct Row {
    name: String,
    count: String,
    share: String,
    /// Of the width of a bar.
    percent: f64,
    class: &'static str,
    /// What it means, and what to do.
    meaning: &'static str,
}

/// A figure with its name.
struct Fact {
    name: &'static str,
    value: String,
    meaning: &'static str,
}

/// Statements that are shown.
const STATEMENTS_MAX: usize = 8;

/// The page; its links go back to what the reader came from, where that is known.
pub fn server_page(state: &ServerState, context: Option<&PageContext>) -> String {
    let nothing = || Frame { place: Some(Place::Server), ..Frame::default() };
    let received = state.outcomes.iter().map(|(_, count)| count).sum();
    print(&ServerPage {
        frame: context.map_or_else(nothing, |context| Frame::around(context, Place::Server)),
        since: Moment::of(
            state.started_at,
            context.map_or(&TimeZone::UTC, |context| &context.scope.zone),
        ),
        verdict: verdict(state, received),
        received: number::beacons(received),
        rows: rows(&state.outcomes, received),
        facts: facts(state),
        statements: state.statements.iter().take(STATEMENTS_MAX).map(statement).collect(),
    })
}

fn statement(it: &StatementTimes) -> Statement {
    let show = |time: Duration| match time.as_micros() {
        us @ ..1000 => format!("{us}\u{a0}µs"),
        _ => number::short_duration(time.as_secs_f64() * 1000.0),
    };
    Statement {
        name: it.name,
        count: number::count(it.count),
        mean: show(it.mean),
        p95: show(it.p95),
        total: show(it.total),
    }
}

fn verdict(state: &ServerState, received: u64) -> Verdict {
    let of = |wanted: fn(&Outcome) -> bool| -> u64 {
        state.outcomes.iter().filter(|(it, _)| wanted(it)).map(|(_, count)| count).sum()
    };
    let shed = of(|it| matches!(it, Outcome::Shed));
    let rejected = of(|it| matches!(it, Outcome::Rejected(_)));
    let limited = of(|it| matches!(it, Outcome::Limited(_)));
    let (class, text) = match (received, shed, rejected) {
        (0, ..) => ("unknown", "No beacon has arrived yet.".to_owned()),
        (_, 0, 0) if limited > 0 => {
            ("poor", format!("Over a rate limit: {}.", number::beacons(limited)))
        }
        (_, 0, 0) => ("good", "Every beacon was accepted and is on disk.".to_owned()),
        (_, 0, _) => ("poor", format!("Rejected: {}.", number::beacons(rejected))),
        _ => ("poor", format!("Turned away for want of room: {}.", number::beacons(shed))),
    };
    Verdict { class, text }
}

/// Accepted and shed always, limits and reasons to reject only when they occur.
fn rows(outcomes: &[(Outcome, u64)], received: u64) -> Vec<Row> {
    let shown = outcomes
        .iter()
        .filter(|(it, count)| *count > 0 || matches!(it, Outcome::Accepted | Outcome::Shed));
    let row = |(outcome, count): &(Outcome, u64)| {
        let (name, class, meaning) = match outcome {
            Outcome::Accepted => ("Accepted".to_owned(), "good", "Answered 204: on disk."),
            Outcome::Shed => ("Shed".to_owned(), "fair", SHED),
            Outcome::Limited(Limit::Client) => ("Limited: client".to_owned(), "fair", OVER_CLIENT),
            Outcome::Limited(Limit::Site) => ("Limited: site".to_owned(), "fair", OVER_SITE),
            Outcome::Rejected(reason) => {
                (format!("Rejected: {}", words(*reason)), "poor", meaning(*reason))
            }
        };
        let share = report::share(*count, received.max(1));
        Row {
            name,
            count: number::count(*count),
            share: number::share(share),
            percent: share * 100.0,
            class,
            meaning,
        }
    };
    shown.map(row).collect()
}

const SHED: &str =
    "Answered 503: too many at once, or the disk refused. Collectors send them again.";

const OVER_CLIENT: &str = "Answered 429: more requests of one client than \
                           --client-requests-per-second takes. Collectors send them again.";
const OVER_SITE: &str = "Answered 429: more beacons of one site than --site-beacons-per-second \
                         takes. Collectors send them again.";

/// The stable name as words.
fn words(reason: Reason) -> String {
    reason.as_str().replace('_', " ")
}

fn meaning(reason: Reason) -> &'static str {
    match reason {
        Reason::Malformed => "The body is no beacon. Something else posts to this address.",
        Reason::BodyTimeout => {
            "The body did not arrive in time: slow networks, or a stalled proxy."
        }
        Reason::TooLarge => "The body is larger than a beacon may be. Send fewer at once.",
        Reason::UnknownSite => {
            "There is no site of that name. “rhumb site list” shows those there are."
        }
        Reason::OriginNotAllowed => {
            "The page's origin is none of the site's. “rhumb site add” changes them."
        }
        Reason::InvalidText => "A text is empty, too long, or has control characters.",
        Reason::InvalidUrl => "An address does not begin with http or https.",
        Reason::InvalidTime => "The page view is too old, or its clock is ahead.",
        Reason::InvalidSampleRate => "A sample rate is over 0 and at most 1.",
        Reason::NoMetrics => "Nothing was measured.",
        Reason::UnexpectedMetrics => "A page view is said to be unmeasured, and has metrics.",
        Reason::DuplicateMetric => "A metric is there twice.",
        Reason::DuplicateField => "An attribution has a field twice.",
        Reason::InvalidRenders => {
            "What components did does not add up, or there are too many of them."
        }
        Reason::InvalidLongFrames => {
            "What kept a page from painting does not add up, or there are too many scripts."
        }
        Reason::InvalidMeasures => {
            "What a page timed itself does not add up, or there are too many names."
        }
        Reason::InvalidResources => {
            "What a page loaded does not add up, or there are too many files."
        }
        Reason::InvalidMemory => "How much memory a page took does not add up.",
        Reason::InvalidErrors => {
            "What went wrong on a page does not add up, or there are too many errors."
        }
        Reason::InvalidRequests => {
            "What a page asked servers for does not add up, or there are too many addresses."
        }
        Reason::InvalidProfile => "Samples of a page's scripts do not add up, or are too many.",
        Reason::InvalidTimeline => {
            "What a page loaded lies at times that cannot be, or is too much."
        }
        Reason::ValueOutOfRange => "A value that no page can have.",
    }
}

fn facts(state: &ServerState) -> Vec<Fact> {
    vec![
        Fact {
            name: "Waiting to be written",
            value: format!(
                "{} of {}",
                number::count(state.waiting),
                number::count(state.waiting_max)
            ),
            meaning: "Page views; when there is no room, beacons are shed.",
        },
        Fact {
            name: "Commits",
            value: number::count(state.commits),
            meaning: "Transactions, of as many page views as had gathered.",
        },
        Fact {
            name: "Database",
            value: number::bytes(state.files.database),
            meaning: "The file, without its log.",
        },
        Fact {
            name: "Write-ahead log",
            value: number::bytes(state.files.log),
            meaning: "What is not in the file yet. It stays below some tens of megabytes.",
        },
        Fact {
            name: "Too many routes",
            value: number::count(state.folded_routes),
            meaning: "Beacons that are counted as (other), because their site had too many routes \
                      that day. Name them with data-route or --route-pattern.",
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::FileSizes;

    fn state(counts: &[(Outcome, u64)]) -> ServerState {
        let count = |outcome| counts.iter().find(|(it, _)| *it == outcome).map_or(0, |it| it.1);
        ServerState {
            started_at: "2026-11-25T09:28:12Z".parse().unwrap(),
            outcomes: Outcome::all().map(|outcome| (outcome, count(outcome))).collect(),
            waiting: 12,
            waiting_max: 16_384,
            commits: 7,
            folded_routes: 0,
            files: FileSizes { database: 1_234_567, log: 0 },
            statements: vec![StatementTimes {
                name: "page views, put",
                count: 120,
                total: Duration::from_millis(240),
                mean: Duration::from_millis(2),
                p95: Duration::from_micros(3400),
                max: Duration::from_millis(9),
                rows: 0,
            }],
        }
    }

    #[test]
    fn an_outcome_is_shown_with_count_share_and_what_it_means() {
        let outcomes =
            [(Outcome::Accepted, 2997), (Outcome::Rejected(Reason::OriginNotAllowed), 3)];
        let page = server_page(&state(&outcomes), None).replace('\u{a0}', " ");
        for text in [
            "25 November 2026, 09:28 UTC",
            "Rejected: 3 beacons.",
            "2,997",
            "99.9 %",
            "Rejected: origin not allowed",
            "The page&#39;s origin is none of the site&#39;s.",
            "12 of 16,384",
            "page views, put",
            "3.4 ms",
            "1.2 MB",
        ] {
            assert!(page.contains(text), "{text} is not in\n{page}");
        }
        assert!(!page.contains("malformed"), "what has not happened is not listed");
    }

    #[test]
    fn a_server_that_nobody_has_sent_anything_says_so() {
        assert!(server_page(&state(&[]), None).contains("No beacon has arrived yet."));
    }
}
