//! Any bytes as a request: up to four lines of headers and an empty one, then the body; or a body
//! alone.

use ingest_server::{
    ingest::{AgentHeaders, ClientHints, EnrichConfig, Enricher, PageView, RequestFacts, accept},
    store::sqlite::{Database, Sites},
};
use std::{path::Path, sync::LazyLock};

/// When all requests arrive.
pub const NOW: &str = "2026-11-24T12:00:00Z";

static ENRICHER: LazyLock<Enricher> = LazyLock::new(|| {
    let config = EnrichConfig {
        route_patterns: vec!["/shop/:category/:item".parse().expect("a pattern")],
        trusted_proxies: vec!["127.0.0.0/8".parse().expect("a network")],
        ..EnrichConfig::default()
    };
    Enricher::new(config).expect("there is no database to be read")
});

/// A new database with the sites that the seeds name.
pub fn database(folder: &Path) -> Database {
    let mut database = Database::open(&folder.join("rhumb.db")).expect("a new one opens");
    let shop = "shop".parse().expect("a name");
    database.put_site(&shop, &[]).expect("a new one is written");
    database
}

/// The page views in it, as the server would take them; nothing, where it would refuse.
pub fn page_views(request: &[u8], sites: &Sites) -> Option<Vec<PageView>> {
    const END: &[u8] = b"\n\n";
    let end = request.windows(END.len()).position(|window| window == END);
    let (head, body) = match end {
        Some(end) => (&request[..end], &request[end + END.len()..]),
        None => (&[][..], request),
    };
    let mut lines = head.split(|byte| *byte == b'\n').map(header);
    let mut next = || lines.next().flatten();
    let forwarded_for = next();
    let beacons = beacon::decode(body).ok()?;
    let facts = RequestFacts {
        agent: AgentHeaders {
            user_agent: next(),
            client_hints: ClientHints { brands: next(), mobile: Some("?1"), platform: next() },
        },
        forwarded_for: forwarded_for.as_slice(),
        is_unmeasured: beacons.iter().all(|beacon| beacon.metrics.is_empty()),
        ..RequestFacts::arrived_at(NOW.parse().expect("a time"))
    };
    let checked = beacons.into_iter().map(|beacon| accept(beacon, &facts, sites));
    let checked = checked.collect::<Result<Vec<_>, _>>().ok()?;
    Some(checked.into_iter().map(|checked| ENRICHER.enrich(checked, &facts)).collect())
}

/// The text of a header, which is ASCII that can be seen.
fn header(line: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(line).ok()?;
    text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')).then_some(text)
}
