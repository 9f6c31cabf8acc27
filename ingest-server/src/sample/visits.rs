//! Visits of a trip planner that nobody made: quick on the whole, slow on phones, and with a search that
//! its newest release has made worse.

use super::{SAMPLE_SITE, details};
use crate::made_up::{explained, timing};
use beacon::{
    Beacon, Connection, FormFactor, Id, Metric, MetricName, NavigationType, NumberField as Number,
    TextField as Text,
};
use fastrand::Rng;

/// The longest ago, in milliseconds: a little less than the four weeks that the dashboard shows.
const AGE_MS_MAX: f64 = 27.5 * 86_400_000.0;
/// One after the other, and the share of the four weeks after which each came out.
pub(super) const RELEASES: [&str; 3] = ["2.6.0", "2.6.1", "2.7.0"];
const RELEASED_AT: [f64; 3] = [0.0, 0.35, 0.72];
/// Each with how many of a hundred page views it has.
const ROUTES: [(&str, &str, u32); 5] = [
    ("/", "/", 30),
    ("/trips", "/trips", 25),
    ("/trips/:id", "/trips/lisbon", 22),
    ("/search", "/search", 15),
    ("/checkout", "/checkout", 8),
];
const TIME_ZONES: [&str; 5] =
    ["Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Tokyo", "America/Sao_Paulo"];
/// Of phones, tablets and desktops.
const USER_AGENTS: [[&str; 2]; 3] = [
    [
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Mobile/15E148 Safari/604.1",
    ],
    [
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPad; CPU OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Mobile/15E148 Safari/604.1",
    ],
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    ],
];

/// A beacon, and what came with it.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) beacon: Beacon,
    pub(super) user_agent: &'static str,
    pub(super) time_zone: &'static str,
}

/// An endless number of them.
#[derive(Clone, Debug)]
pub(super) struct Visits {
    random: Rng,
    /// What explains a page view has its own, so that more of it changes no metric.
    details: Rng,
}

impl Visits {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), details: Rng::with_seed(!seed) }
    }

    fn timing(&mut self, median: f64, sigma: f64) -> f64 {
        timing(&mut self.random, median, sigma)
    }

    fn route(&mut self) -> (&'static str, &'static str) {
        let mut drawn = self.random.u32(..100);
        for (route, path, share) in ROUTES {
            if drawn < share {
                return (route, path);
            }
            drawn -= share;
        }
        (ROUTES[0].0, ROUTES[0].1)
    }

    fn metrics(&mut self, slowness: f64, is_worse: bool, route: &str) -> Vec<Metric> {
        let ttfb = self.timing(240.0, 0.5) * slowness;
        let fcp = ttfb + self.timing(420.0, 0.4) * slowness;
        let lcp = fcp + self.timing(520.0, 0.6) * slowness;
        let search = if route == "/search" { 1.4 } else { 1.0 };
        let worse = if is_worse { 2.1 } else { 1.0 };
        let inp = (self.timing(80.0, 0.6) * slowness * search * worse / 8.0).ceil() * 8.0;
        let mut metrics = vec![
            explained(MetricName::Ttfb, ttfb, |why| {
                why.number(Number::WaitingDuration, ttfb * 0.05);
                why.number(Number::CacheDuration, 0.0);
                why.number(Number::DnsDuration, ttfb * 0.1);
                why.number(Number::ConnectionDuration, ttfb * 0.2);
                why.number(Number::RequestDuration, ttfb * 0.65);
            }),
            explained(MetricName::Fcp, fcp, |why| {
                why.number(Number::TimeToFirstByte, ttfb);
                why.number(Number::FirstByteToFcp, fcp - ttfb);
                why.text(Text::LoadState, "dom-interactive");
            }),
            explained(MetricName::Lcp, lcp, |why| {
                let left = lcp - ttfb;
                why.number(Number::TimeToFirstByte, ttfb);
                why.number(Number::ResourceLoadDelay, left * 0.25);
                why.number(Number::ResourceLoadDuration, left * 0.6);
                why.number(Number::ElementRenderDelay, left * 0.15);
                why.text(Text::Target, "main>figure.hero>img");
                why.text(Text::Url, "https://trips.example/images/hero.avif");
            }),
            self.cls(route, lcp),
        ];
        // Not every visitor clicks.
        if self.random.u8(..100) < 70 {
            metrics.push(inp_of(inp, route, is_worse));
        }
        metrics
    }

    /// The banner comes when the page has been seen.
    fn cls(&mut self, route: &str, lcp: f64) -> Metric {
        let score =
            if route == "/" && self.random.u8(..100) < 40 { self.timing(0.11, 0.6) } else { 0.0 };
        let score = (score * 1e4).round() / 1e4;
        explained(MetricName::Cls, score, |why| {
            if score > 0.0 {
                why.number(Number::LargestShiftTime, lcp * 1.2);
                why.number(Number::LargestShiftValue, score * 0.8);
                why.text(Text::LargestShiftTarget, "aside.banner");
                why.text(Text::LoadState, "dom-content-loaded");
            }
        })
    }
}

impl Iterator for Visits {
    type Item = Visit;

    fn next(&mut self) -> Option<Visit> {
        // More visits lately than before: the site grows.
        let share = 1.0 - self.random.f64().powf(1.2);
        let release = RELEASED_AT.iter().rposition(|at| *at <= share).unwrap_or(0);
        let (route, path) = self.route();
        let kind = match self.random.u8(..100) {
            0..62 => 0,
            62..67 => 1,
            _ => 2,
        };
        let form_factor = [FormFactor::Phone, FormFactor::Tablet, FormFactor::Desktop][kind];
        let is_far = self.random.u8(..100) < 30;
        let slowness = [1.6, 1.2, 1.0][kind] * if is_far { 1.3 } else { 1.0 };
        let time_zone =
            TIME_ZONES[if is_far { self.random.usize(2..5) } else { self.random.usize(..2) }];
        let is_worse = release == RELEASES.len() - 1 && route == "/search";
        // Far below 2^32 milliseconds.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let age_ms = ((1.0 - share) * AGE_MS_MAX) as u32;
        let id = Id(self.random.u128(..).to_le_bytes());
        let mut beacon = Beacon {
            age_ms: Some(age_ms),
            url: Some(format!("https://trips.example{path}")),
            route: Some(route.to_owned()),
            release: Some(RELEASES[release].to_owned()),
            navigation_type: Some(match self.random.u8(..100) {
                0..80 => NavigationType::Navigate,
                80..90 => NavigationType::Reload,
                _ => NavigationType::BackForwardCache,
            }),
            form_factor: Some(form_factor),
            connection: Some(if is_far { Connection::ThreeG } else { Connection::FourG }),
            metrics: self.metrics(slowness, is_worse, route),
            ..Beacon::blank(SAMPLE_SITE.to_owned(), id)
        };
        let browser = self.random.usize(..2);
        let is_chromium = browser == 0;
        details::explain(
            &mut beacon,
            (route, slowness),
            (is_worse, is_chromium),
            &mut self.details,
        );
        Some(Visit { beacon, user_agent: USER_AGENTS[kind][browser], time_zone })
    }
}

/// What takes the time of it is the release's new function, where it has made things worse.
fn inp_of(inp: f64, route: &str, is_worse: bool) -> Metric {
    let processing = inp * if is_worse { 0.75 } else { 0.4 };
    let (target, function) = match route {
        "/search" => ("form#filters>button.apply", "applyFilters"),
        "/checkout" => ("button.pay", "validate"),
        _ => ("a.trip", "openTrip"),
    };
    explained(MetricName::Inp, inp, |why| {
        why.number(Number::InputDelay, inp * 0.1);
        why.number(Number::ProcessingDuration, processing);
        why.number(Number::PresentationDelay, inp * 0.9 - processing);
        why.text(Text::InteractionTarget, target);
        why.text(Text::InteractionType, "pointer");
        why.text(Text::LoadState, "complete");
        why.number(Number::LongestScriptDuration, processing * 0.9);
        why.text(Text::LongestScriptSubpart, "processing-duration");
        why.text(Text::LongestScriptInvoker, &format!("{target}.onclick"));
        why.text(Text::LongestScriptInvokerType, "event-listener");
        why.text(Text::LongestScriptUrl, "https://trips.example/assets/app.js");
        why.text(Text::LongestScriptFunction, function);
    })
}
