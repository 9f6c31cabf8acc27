//! What made-up pages load, and what their scripts ask for.

use super::{
    details::{ANALYTICS, APP, Lived, VENDOR},
    took::{took, us, whole_ms},
};
use crate::made_up::timing;
use beacon::{
    Beacon, Chain, Load, Request, Requests, Resource, ResourceKind, Resources, ResourcesOfKind,
    ServerTiming, Timeline, Weight,
};
use fastrand::Rng;

/// Of a hundred visitors, those who have been there before.
const RETURNING: u8 = 35;
/// From one request to the next that waited for it, in milliseconds.
const GAP_MS: f64 = 4.0;

/// A file: where it is, what, its kilobytes as it comes and unpacked, and how long it takes to load.
struct File(&'static str, ResourceKind, u32, u32, f64);

const FILES: [File; 6] = [
    File("https://trips.example/assets/app-*.css", ResourceKind::Style, 14, 71, 60.0),
    File(APP, ResourceKind::Script, 92, 310, 150.0),
    File(VENDOR, ResourceKind::Script, 138, 452, 190.0),
    File("https://trips.example/fonts/inter.woff2", ResourceKind::Font, 48, 48, 110.0),
    File(ANALYTICS, ResourceKind::Script, 61, 214, 220.0),
    File("https://chat.example/widget.js", ResourceKind::Script, 118, 402, 260.0),
];
const PAYMENT: File = File("https://pay.example/sdk.js", ResourceKind::Script, 84, 265, 210.0);
/// The release that made the search worse brought a library along.
const FILTERS: [File; 2] = [
    File("https://trips.example/assets/filters-*.js", ResourceKind::Script, 22, 74, 80.0),
    File("https://trips.example/assets/filters-*.js", ResourceKind::Script, 128, 421, 200.0),
];
const HERO: &str = "https://trips.example/images/hero.avif";
const HERO_KB: u32 = 164;

pub(super) fn tell(beacon: &mut Beacon, it: &Lived, random: &mut Rng) {
    let is_returning = random.u8(..100) < RETURNING;
    let mut files = FILES.iter().collect::<Vec<_>>();
    match it.route {
        "/search" => files.push(&FILTERS[usize::from(it.is_worse)]),
        "/checkout" => files.push(&PAYMENT),
        _ => {}
    }
    let mut loads = Vec::new();
    for &File(url, kind, transfer_kb, decoded_kb, ms) in files {
        let ms = if is_returning { 2.0 } else { timing(random, ms, 0.4) * it.slowness };
        add(&mut beacon.resources, (url, kind), (transfer_kb, decoded_kb), (is_returning, ms));
        loads.push((kind, url.to_owned(), it.ttfb + 12.0, ms));
    }
    // As the attribution of LCP has it.
    let left = it.lcp - it.ttfb;
    let image = ResourceKind::Image;
    add(&mut beacon.resources, (HERO, image), (HERO_KB, HERO_KB), (false, left * 0.6));
    loads.push((image, HERO.to_owned(), it.ttfb + left * 0.25, left * 0.6));

    let asked = asked(it, random);
    beacon.requests = requests(&asked, it, random);
    let mut start = it.ttfb + left * 0.4;
    for (url, ms) in asked {
        loads.push((ResourceKind::Request, url, start, ms));
        start += ms + GAP_MS;
    }
    beacon.timeline = Timeline { loads: loads.into_iter().map(load).collect(), ..<_>::default() };
}

fn load((kind, url, start, ms): (ResourceKind, String, f64, f64)) -> Load {
    Load { kind, url, start_ms: whole_ms(start), duration_ms: whole_ms(ms) }
}

fn add(
    resources: &mut Resources,
    (url, kind): (&str, ResourceKind),
    (transfer_kb, decoded_kb): (u32, u32),
    (is_cached, ms): (bool, f64),
) {
    let weight = Weight {
        count: 1,
        cached_count: u32::from(is_cached),
        blocking_count: u32::from(kind == ResourceKind::Style),
        transfer_bytes: if is_cached { 0 } else { transfer_kb * 1000 + 300 },
        encoded_bytes: transfer_kb * 1000,
        decoded_bytes: decoded_kb * 1000,
        ..Weight::default()
    };
    resources.files.push(Resource {
        url: url.to_owned(),
        kind,
        protocol: "h2".to_owned(),
        weight,
        durations: took(&[ms]),
    });
    match resources.kinds.iter_mut().find(|of| of.kind == kind) {
        None => resources.kinds.push(ResourcesOfKind { kind, weight }),
        Some(ResourcesOfKind { weight: sum, .. }) => {
            sum.count += 1;
            sum.cached_count += weight.cached_count;
            sum.blocking_count += weight.blocking_count;
            sum.transfer_bytes += weight.transfer_bytes;
            sum.encoded_bytes += weight.encoded_bytes;
            sum.decoded_bytes += weight.decoded_bytes;
        }
    }
}

/// One after the other: each waits for the one before.
fn asked(it: &Lived, random: &mut Rng) -> Vec<(String, f64)> {
    let paths: &[(&str, f64)] = match it.route {
        "/" => &[("suggestions", 90.0)],
        "/trips" => &[("trips", 140.0)],
        "/trips/:id" => &[("trips/:id", 110.0), ("trips/:id/prices", 160.0)],
        "/search" => &[("session", 60.0), ("search", 210.0), ("prices", 160.0)],
        _ => &[("cart", 80.0), ("payment-methods", 120.0)],
    };
    let one = |&(path, ms): &(&str, f64)| {
        let ms = timing(random, ms, 0.45) * it.slowness;
        (format!("https://trips.example/api/{path}"), ms)
    };
    paths.iter().map(one).collect()
}

fn requests(asked: &[(String, f64)], it: &Lived, random: &mut Rng) -> Requests {
    let sum_ms = asked.iter().map(|(_, ms)| ms).sum();
    let longest_ms = asked.iter().map(|(_, ms)| *ms).fold(0.0, f64::max);
    let urls = asked.iter().map(|(url, ms)| Request {
        url: url.clone(),
        failed_count: u32::from(it.is_worse && url.ends_with("prices") && random.u8(..100) < 5),
        durations: took(&[*ms]),
        waits: took(&[ms * 0.85]),
        server: vec![ServerTiming { name: "db".to_owned(), durations: took(&[ms * 0.4]) }],
        trace_id: String::new(),
    });
    let gaps = GAP_MS * if asked.len() > 2 { 2.0 } else { 1.0 };
    let chain = (asked.len() > 1).then(|| Chain {
        urls: (0..).take(asked.len()).collect(),
        total_us: us(sum_ms + gaps),
        longest_us: us(longest_ms),
    });
    Requests {
        urls: urls.collect(),
        dropped: 0,
        sequential_us: us(sum_ms),
        elapsed_us: us(sum_ms),
        chains: chain.into_iter().collect(),
    }
}
