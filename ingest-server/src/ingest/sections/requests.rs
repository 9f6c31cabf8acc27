//! What a page claims to have asked for → what is true enough to be stored.

use super::{Section, at_most, check, durations, fit_or_empty, without_query, wrong};
use crate::ingest::outcome::{Reason, Rejection};
use beacon::{Chain, Durations, Request, Requests, ServerTiming, limits};
use std::collections::HashSet;

const REASON: Reason = Reason::InvalidRequests;

impl Section for Requests {
    const NAME: &'static str = "requests";

    fn check(mut self) -> Result<Self, Rejection> {
        let urls = "requests.urls";
        at_most(REASON, urls, &self.urls, limits::REQUESTS_MAX, "requests.dropped")?;
        if self.elapsed_us > self.sequential_us {
            return wrong(REASON, "requests.elapsed_us", "is more than sequential_us, the sum");
        }
        for (index, request) in self.urls.iter().enumerate() {
            let field = |name: &str| format!("{urls}[{index}].{name}");
            check_request(request, field)?;
        }
        check_chains(&self)?;
        // Chains count on the place of each, so that two of one address both stay, and what has none.
        for request in &mut self.urls {
            request.url = without_query(std::mem::take(&mut request.url));
        }
        Ok(self)
    }

    fn heap_bytes(&self) -> usize {
        let timing = |it: &ServerTiming| {
            size_of_val(it) + it.name.len() + durations::heap_bytes(&it.durations)
        };
        let request = |it: &Request| {
            size_of_val(it)
                + it.url.len()
                + it.trace_id.len()
                + durations::heap_bytes(&it.durations)
                + durations::heap_bytes(&it.waits)
                + it.server.iter().map(timing).sum::<usize>()
        };
        let chain = |it: &Chain| size_of_val(it) + it.urls.len();
        self.urls.iter().map(request).sum::<usize>() + self.chains.iter().map(chain).sum::<usize>()
    }
}

fn check_request(request: &Request, field: impl Fn(&str) -> String) -> Result<(), Rejection> {
    let Request { url, failed_count, durations, waits, server, trace_id } = request;
    fit_or_empty(url, limits::URL_BYTES_MAX, || field("url"))?;
    durations::check(durations, REASON, |name| field(&format!("durations.{name}")))?;
    if *waits != Durations::default() {
        durations::check(waits, REASON, |name| field(&format!("waits.{name}")))?;
    }
    if waits.count > durations.count {
        return wrong(REASON, &field("waits.count"), "is more than durations.count");
    }
    if *failed_count > durations.count {
        return wrong(REASON, &field("failed_count"), "is more than durations.count");
    }
    let is_trace_id = trace_id.len() == limits::TRACE_ID_BYTES
        && trace_id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !trace_id.is_empty() && !is_trace_id {
        return wrong(REASON, &field("trace_id"), "is not 32 hexadecimal digits");
    }
    let timings_max = limits::SERVER_TIMINGS_MAX;
    at_most(REASON, &field("server"), server, timings_max, "nothing: they are left out")?;
    let mut seen = HashSet::new();
    for (index, ServerTiming { name, durations }) in server.iter().enumerate() {
        let field = |name: &str| field(&format!("server[{index}].{name}"));
        check::fit(name, limits::SERVER_TIMING_BYTES_MAX, || field("name"))?;
        durations::check(durations, REASON, |name| field(&format!("durations.{name}")))?;
        if !seen.insert(name) {
            return wrong(REASON, &field("name"), "has two entries; add them up");
        }
    }
    Ok(())
}

fn check_chains(Requests { urls, chains, .. }: &Requests) -> Result<(), Rejection> {
    at_most(REASON, "requests.chains", chains, limits::CHAINS_MAX, "nothing: tell the longest")?;
    for (index, chain) in chains.iter().enumerate() {
        let field = |name: &str| format!("requests.chains[{index}].{name}");
        let is_known = |number: &u8| usize::from(*number) < urls.len();
        if !(2..=limits::CHAIN_MAX).contains(&chain.urls.len()) || !chain.urls.iter().all(is_known)
        {
            let detail = format!("is not 2 to {} numbers of requests.urls", limits::CHAIN_MAX);
            return wrong(REASON, &field("urls"), &detail);
        }
        if chain.longest_us > chain.total_us {
            return wrong(REASON, &field("longest_us"), "is more than total_us");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn durations(count: u32) -> Durations {
        Durations { count, total_us: 900, max_us: 500, bins: Vec::new() }
    }

    fn request() -> Request {
        Request {
            url: "https://shop.example/api/trips/:id?token=secret".to_owned(),
            failed_count: 1,
            durations: durations(3),
            waits: durations(2),
            server: vec![ServerTiming { name: "db".to_owned(), durations: durations(2) }],
            trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
        }
    }

    fn requests(urls: Vec<Request>, chains: Vec<Chain>) -> Requests {
        Requests { urls, dropped: 1, sequential_us: 900, elapsed_us: 800, chains }
    }

    fn refused(requests: Requests) -> Option<String> {
        requests.check().unwrap_err().field
    }

    #[test]
    fn what_fits_together_is_taken_without_query_strings() {
        let chain = Chain { urls: vec![0, 0], total_us: 5, longest_us: 5 };
        let taken = requests(vec![request()], vec![chain]).check().unwrap();
        assert_eq!(taken.urls[0].url, "https://shop.example/api/trips/:id");
        let little = Request {
            waits: Durations::default(),
            server: Vec::new(),
            trace_id: String::new(),
            ..request()
        };
        assert!(requests(vec![little], Vec::new()).check().is_ok());
    }

    #[test]
    fn what_is_exported_can_be_imported() {
        let of = |url: &str| Request { url: url.to_owned(), ..request() };
        let urls = ["https://shop.example/x?token=1", "https://shop.example/x?token=2", "data:,x"];
        let chain = Chain { urls: vec![0, 1, 2], total_us: 5, longest_us: 5 };
        let taken = requests(urls.map(of).into(), vec![chain]).check().unwrap();
        let told = taken.urls.iter().map(|it| &*it.url).collect::<Vec<_>>();
        assert_eq!(told, ["https://shop.example/x", "https://shop.example/x", ""]);
        assert_eq!(taken.clone().check(), Ok(taken));
    }

    #[test]
    fn every_error_names_its_field() {
        let many = (0..=limits::REQUESTS_MAX).map(|n| Request { url: n.to_string(), ..request() });
        let timing = || ServerTiming { name: "db".to_owned(), durations: durations(1) };
        for (urls, field) in [
            (many.collect(), "requests.urls"),
            (vec![Request { failed_count: 4, ..request() }], "requests.urls[0].failed_count"),
            (vec![Request { waits: durations(4), ..request() }], "requests.urls[0].waits.count"),
            (
                vec![Request { durations: durations(0), ..request() }],
                "requests.urls[0].durations.count",
            ),
            (
                vec![Request { trace_id: "0af".to_owned(), ..request() }],
                "requests.urls[0].trace_id",
            ),
            (
                vec![Request { server: vec![timing(), timing()], ..request() }],
                "requests.urls[0].server[1].name",
            ),
        ] {
            assert_eq!(refused(requests(urls, Vec::new())), Some(field.to_owned()));
        }
        for (chain, field) in [
            (Chain { urls: vec![0], total_us: 2, longest_us: 1 }, "requests.chains[0].urls"),
            (Chain { urls: vec![0, 1], total_us: 2, longest_us: 1 }, "requests.chains[0].urls"),
            (
                Chain { urls: vec![0, 0], total_us: 1, longest_us: 2 },
                "requests.chains[0].longest_us",
            ),
        ] {
            assert_eq!(refused(requests(vec![request()], vec![chain])), Some(field.to_owned()));
        }
        let backwards = Requests { elapsed_us: 901, ..requests(Vec::new(), Vec::new()) };
        assert_eq!(refused(backwards), Some("requests.elapsed_us".to_owned()));
    }
}
