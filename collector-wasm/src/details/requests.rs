//! What the scripts of a page ask servers for.

use super::{
    chains::{self, Interval},
    heaviest::heaviest,
    ids::without_ids,
    tell::{Tell, put, put_bytes, put_durations, put_length, put_text},
    took::{self, Took},
};
use beacon::{Chain, Durations, Request, ServerTiming, limits};

/// Addresses that are told apart until those with the most time are told.
pub const URLS_MAX: usize = 100;
/// Requests that chains are made of, the latest.
pub const INTERVALS_MAX: usize = 200;

/// A request that was answered, or not.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Its address without query string; empty for what the page does not want to be told.
    pub url: String,
    /// 32 hexadecimal digits; empty for not known.
    pub trace_id: String,
    /// Since the page's time origin.
    pub start_ms: f64,
    /// How long it took.
    pub took: Took,
    /// How long of that until the first byte; not a number for not known.
    pub wait: Took,
    /// Whether it did not succeed.
    pub has_failed: bool,
}

/// The requests of a page view.
#[derive(Debug, Default)]
pub struct Requests {
    /// All but chains, and how long intervals took.
    sums: beacon::Requests,
    /// Of each address, how long the slowest took whose trace is known.
    traced_us: Vec<u32>,
    /// Of addresses in the list.
    intervals: Vec<Interval>,
    /// Of those that are remembered no more.
    elapsed_us: u64,
    /// Where the last one was added.
    last: Option<usize>,
}

impl Requests {
    /// Adds a request. One whose address is one too many is counted as dropped.
    pub fn add(&mut self, asked: Asked) {
        let Asked { took, wait, start_ms, .. } = asked;
        self.last = self.place_of(without_ids(&asked.url));
        let interval = interval(start_ms, took.ms, self.last.unwrap_or(usize::MAX));
        self.remember(interval);
        let Some(place) = self.last else {
            self.sums.dropped += 1;
            return;
        };
        let request = &mut self.sums.urls[place];
        took::add(&mut request.durations, took);
        if wait.ms >= 0.0 {
            took::add(&mut request.waits, wait);
        }
        request.failed_count += u32::from(asked.has_failed);
        let us = short(interval.end_us - interval.begin_us);
        let is_slowest = request.trace_id.is_empty() || us > self.traced_us[place];
        if !asked.trace_id.is_empty() && is_slowest {
            request.trace_id = asked.trace_id;
            self.traced_us[place] = us;
        }
    }

    /// What the server says of the last request. Of a name that is one too many, or nothing that can be told,
    /// it is left out.
    pub fn add_server_timing(&mut self, name: String, took: Took) {
        let Some(place) = self.last else { return };
        let server = &mut self.sums.urls[place].server;
        let known = server.iter().position(|it| it.name == name);
        if name.is_empty() || (known.is_none() && server.len() == limits::SERVER_TIMINGS_MAX) {
            return;
        }
        let place = known.unwrap_or_else(|| {
            server.push(ServerTiming { name, durations: Durations::default() });
            server.len() - 1
        });
        took::add(&mut server[place].durations, took);
    }

    #[cfg(test)]
    fn told(&self, at_most: usize) -> beacon::Requests {
        super::tell::told(self, at_most)
    }

    /// Those that take longest compared with their longest request.
    fn chains(&self, places: &[usize]) -> Vec<Chain> {
        let mut all = Vec::new();
        for chain in chains::chains(&self.intervals) {
            let (total_us, longest_us) = chains::total_and_longest_us(&chain);
            let (total_us, longest_us) = (short(total_us), short(longest_us));
            let mut urls = Vec::new();
            for it in &chain {
                let number = places.iter().position(|place| *place == it.place);
                urls.extend(number.and_then(|it| u8::try_from(it).ok()));
            }
            // One with a gap would tell of others.
            if urls.len() == chain.len() {
                all.push(Chain { urls, total_us, longest_us });
            }
        }
        let saved = |place: usize| u64::from(all[place].total_us - all[place].longest_us);
        let places = heaviest(all.len(), limits::CHAINS_MAX, &saved);
        let mut told = Vec::new();
        for place in places {
            told.push(std::mem::replace(
                &mut all[place],
                Chain { urls: Vec::new(), total_us: 0, longest_us: 0 },
            ));
        }
        told
    }

    fn place_of(&mut self, url: String) -> Option<usize> {
        let urls = &mut self.sums.urls;
        if let Some(known) = urls.iter().position(|it| it.url == url) {
            return Some(known);
        }
        if url.is_empty() || url.len() > limits::URL_BYTES_MAX || urls.len() == URLS_MAX {
            return None;
        }
        urls.push(Request {
            url,
            failed_count: 0,
            durations: Durations::default(),
            waits: Durations::default(),
            server: Vec::new(),
            trace_id: String::new(),
        });
        self.traced_us.push(0);
        Some(urls.len() - 1)
    }

    fn remember(&mut self, one: Interval) {
        let us = short(one.end_us - one.begin_us);
        self.sums.sequential_us = self.sums.sequential_us.saturating_add(us);
        chains::insert(&mut self.intervals, one);
        if self.intervals.len() > INTERVALS_MAX {
            let before_us = chains::elapsed_us(&self.intervals);
            self.intervals.remove(0);
            self.elapsed_us += before_us - chains::elapsed_us(&self.intervals);
        }
    }
}

impl Tell for Requests {
    /// All sums, the addresses with the most time, and the chains of these.
    fn tell(&self, at_most: usize, into: &mut Vec<u8>) {
        let beacon::Requests { urls, dropped, sequential_us, .. } = &self.sums;
        let weight = |place: usize| u64::from(urls[place].durations.total_us);
        let places = heaviest(urls.len(), at_most, &weight);
        let mut dropped = urls.iter().fold(*dropped, |sum, it| sum + it.durations.count);
        put_length(into, places.len());
        for place in &places {
            let Request { url, failed_count, durations, waits, server, trace_id } = &urls[*place];
            put_text(into, url);
            put(into, &[*failed_count]);
            put_durations(into, durations);
            put_durations(into, waits);
            put_length(into, server.len());
            for ServerTiming { name, durations } in server {
                put_text(into, name);
                put_durations(into, durations);
            }
            put_text(into, trace_id);
            dropped -= durations.count;
        }
        let elapsed_us = short(self.elapsed_us + chains::elapsed_us(&self.intervals));
        put(into, &[dropped, *sequential_us, elapsed_us.min(*sequential_us)]);
        let chains = self.chains(&places);
        put_length(into, chains.len());
        for Chain { urls, total_us, longest_us } in chains {
            put_bytes(into, &urls);
            put(into, &[total_us, longest_us]);
        }
    }
}

fn interval(start_ms: f64, ms: f64, place: usize) -> Interval {
    let begin_us = integer(start_ms * 1000.0);
    Interval { begin_us, end_us: begin_us + integer(ms * 1000.0 + 0.5), place }
}

/// `as` saturates and takes NaN for 0; what is over a thousand years is a broken clock.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn integer(number: f64) -> u64 {
    (number as u64).min(1 << 55)
}

/// What is longer than fits stays at the longest.
fn short(us: u64) -> u32 {
    u32::try_from(us).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked(path: &str, start_ms: f64, ms: f64) -> Asked {
        Asked {
            url: format!("https://a.example/{path}"),
            start_ms,
            took: Took::of(ms),
            wait: Took::of(f64::NAN),
            ..Asked::default()
        }
    }

    fn told(all: impl IntoIterator<Item = Asked>) -> beacon::Requests {
        let mut requests = Requests::default();
        all.into_iter().for_each(|it| requests.add(it));
        requests.told(50)
    }

    #[test]
    fn requests_of_an_address_are_one_and_say_how_they_went() {
        let mut slow = asked("trips/7", 100.0, 300.0);
        slow.trace_id = "0af7651916cd43dd8448eb211c80319c".to_owned();
        slow.wait = Took::of(200.0);
        let mut quick = asked("trips/42", 0.0, 50.0);
        quick.trace_id = "f".repeat(32);
        quick.has_failed = true;
        let told = told([quick, slow.clone(), asked("trips/1", 500.0, 900.0)]);
        let [request] = &told.urls[..] else { panic!("{told:?}") };
        assert_eq!(request.url, "https://a.example/trips/:id");
        assert_eq!((request.durations.count, request.durations.total_us), (3, 1_250_000));
        assert_eq!((request.waits.count, request.waits.total_us), (1, 200_000));
        assert_eq!((request.failed_count, &request.trace_id), (1, &slow.trace_id));
    }

    #[test]
    fn what_the_server_says_belongs_to_the_last_request() {
        let mut requests = Requests::default();
        requests.add_server_timing("db".to_owned(), Took::of(1.0));
        requests.add(asked("a", 0.0, 9.0));
        for name in 0..10 {
            requests.add_server_timing(name.to_string(), Took::of(1.0));
        }
        requests.add_server_timing("3".to_owned(), Took::of(2.0));
        requests.add(asked("", 0.0, 9.0));
        let told = requests.told(50);
        let a = told.urls.iter().find(|it| it.url.ends_with("/a")).unwrap();
        assert_eq!(a.server.len(), limits::SERVER_TIMINGS_MAX);
        assert_eq!((&*a.server[3].name, a.server[3].durations.total_us), ("3", 3000));
    }

    #[test]
    fn chains_name_their_addresses_by_their_numbers_and_the_costly_one_is_first() {
        let quick = [asked("a", 0.0, 10.0), asked("b", 10.0, 5.0)];
        let slow = [asked("c", 500.0, 100.0), asked("a", 600.0, 300.0), asked("d", 901.0, 100.0)];
        let told = told(quick.into_iter().chain(slow));
        let names: Vec<_> = told.urls.iter().map(|it| &it.url[18..]).collect();
        assert_eq!(names, ["a", "c", "d", "b"]);
        let expected = [
            Chain { urls: vec![1, 0, 2], total_us: 501_000, longest_us: 300_000 },
            Chain { urls: vec![0, 3], total_us: 15_000, longest_us: 10_000 },
        ];
        assert_eq!(told.chains, expected);
        assert_eq!((told.sequential_us, told.elapsed_us), (515_000, 515_000));
    }

    #[test]
    fn a_chain_with_an_address_that_is_not_told_is_not_told() {
        let mut requests = Requests::default();
        requests.add(asked("a", 0.0, 100.0));
        requests.add(asked("b", 100.0, 5.0));
        let told = requests.told(1);
        assert_eq!((told.urls.len(), told.dropped, told.chains.len()), (1, 1, 0));
    }

    #[test]
    fn what_is_remembered_no_more_has_taken_its_time() {
        let told = told((0..1000_u32).map(|n| asked("a", f64::from(n) * 10.0, 15.0)));
        assert_eq!((told.sequential_us, told.elapsed_us), (15_000_000, 10_005_000));
    }

    proptest! {
        #[test]
        fn the_server_takes_it(
            all in prop::collection::vec((0..150_u32, -10.0..1e8_f64, -1.0..1e7_f64), 0..400),
            at_most in 0..60_usize,
        ) {
            let mut requests = Requests::default();
            for (name, start_ms, ms) in &all {
                requests.add(asked(&format!("path-{name}"), *start_ms, *ms));
            }
            let told = requests.told(at_most);
            prop_assert!(told.urls.len() <= at_most && told.chains.len() <= limits::CHAINS_MAX);
            prop_assert!(told.elapsed_us <= told.sequential_us);
            let counted = told.urls.iter().map(|it| it.durations.count).sum::<u32>();
            prop_assert_eq!((counted + told.dropped) as usize, all.len());
            for Chain { urls, total_us, longest_us } in &told.chains {
                prop_assert!((2..=limits::CHAIN_MAX).contains(&urls.len()) && longest_us <= total_us);
                prop_assert!(urls.iter().all(|it| usize::from(*it) < told.urls.len()));
            }
        }
    }
}
