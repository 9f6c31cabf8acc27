//! The whole of it: what the others leave to be decided here.

use super::*;
use crate::ingest::{Measurements, RequestFacts, Sections, SiteId};
use beacon::{FormFactor, Id};
use jiff::SignedDuration;
use proptest::prelude::*;

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Chrome/156.0.0.0 Safari/537.36";
const HEADLESS: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                        HeadlessChrome/156.0.0.0 Safari/537.36";

fn checked() -> Checked {
    let page_view = PageView {
        site: SiteId(1),
        id: Id([1; 16]),
        sequence: 0,
        session: None,
        started_at: Timestamp::UNIX_EPOCH,
        url: Some("https://shop.example/product/42".to_owned()),
        host: Some("shop.example".to_owned()),
        route: None,
        release: None,
        navigation_type: None,
        form_factor: None,
        browser: None,
        os: None,
        country: None,
        is_bot: false,
        connection: None,
        sample_rate: 1.0,
        measurements: Measurements::default(),
        sections: Sections::default(),
    };
    Checked { page_view, site: "shop".to_owned(), is_on_own_host: false, time_zone: None }
}

fn facts(user_agent: &str) -> RequestFacts<'_> {
    RequestFacts {
        agent: AgentHeaders { user_agent: Some(user_agent), ..AgentHeaders::default() },
        peer: [10, 0, 0, 1].into(),
        ..RequestFacts::arrived_at(Timestamp::UNIX_EPOCH)
    }
}

fn enricher(config: EnrichConfig) -> Enricher {
    Enricher::new(config).unwrap()
}

#[test]
fn a_page_view_says_by_what_it_was_seen() {
    let page_view = enricher(EnrichConfig::default()).enrich(checked(), &facts(CHROME));
    assert_eq!(page_view.browser.as_deref(), Some("Chrome"));
    assert_eq!(page_view.os.as_deref(), Some("Windows"));
    assert_eq!(page_view.form_factor, Some(FormFactor::Desktop));
    assert!(!page_view.is_bot);
}

#[test]
fn what_the_beacon_says_counts() {
    let mut said = checked();
    said.page_view.form_factor = Some(FormFactor::Tablet);
    said.page_view.route = Some("/product/:name".to_owned());
    let page_view = enricher(EnrichConfig::default()).enrich(said, &facts(CHROME));
    assert_eq!(page_view.form_factor, Some(FormFactor::Tablet));
    assert_eq!(page_view.route.as_deref(), Some("/product/:name"));
}

#[test]
fn bots_are_marked_unless_they_count() {
    for (user_agent, count_bots, is_bot) in [
        (HEADLESS, false, true),
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", false, true),
        (HEADLESS, true, false),
        (CHROME, false, false),
        ("curl/8.14.1", false, false),
    ] {
        let config = EnrichConfig { count_bots, ..EnrichConfig::default() };
        let page_view = enricher(config).enrich(checked(), &facts(user_agent));
        assert_eq!(page_view.is_bot, is_bot, "{user_agent} {count_bots}");
    }
}

#[test]
fn a_route_is_said_or_of_a_pattern_or_a_template() {
    let patterns = ["/product/:number", "/product/*"].map(|text| text.parse().unwrap()).to_vec();
    let with_patterns =
        enricher(EnrichConfig { route_patterns: patterns, ..EnrichConfig::default() });
    let without = enricher(EnrichConfig::default());
    for (enricher, url, route) in [
        (&without, Some("https://shop.example/product/42"), Some("/product/:id")),
        (&without, Some("https://shop.example:8443/"), Some("/")),
        (&without, Some("http://[::1]/a/b"), Some("/a/b")),
        (&without, None, None),
        (&with_patterns, Some("https://shop.example/product/42"), Some("/product/:number")),
        (&with_patterns, Some("https://shop.example/product/42/a"), Some("/product/*")),
        (&with_patterns, Some("https://shop.example/order/42"), Some("/order/:id")),
    ] {
        let mut checked = checked();
        checked.page_view.url = url.map(str::to_owned);
        let page_view = enricher.enrich(checked, &facts(CHROME));
        assert_eq!(page_view.route.as_deref(), route, "{url:?}");
    }
}

#[test]
fn routes_that_are_too_many_are_others() {
    let enricher = enricher(EnrichConfig::default());
    let mut routes = Vec::new();
    for n in 0..ROUTES_MAX + 10 {
        let mut checked = checked();
        checked.page_view.route = Some(format!("/product-{n}"));
        routes.extend(enricher.enrich(checked, &facts(CHROME)).route);
    }
    assert_eq!(routes[ROUTES_MAX - 1], format!("/product-{}", ROUTES_MAX - 1));
    assert!(routes[ROUTES_MAX..].iter().all(|route| route == "(other)"));
    assert_eq!(enricher.folded_routes(), 10);
}

#[test]
fn what_was_there_the_day_before_is_not_hidden_by_what_is_made_up_after_midnight() {
    let enricher = enricher(EnrichConfig::default());
    let release = |name: &str, day: i64| {
        let mut checked = checked();
        checked.page_view.release = Some(name.to_owned());
        let received_at = facts(CHROME).received_at + SignedDuration::from_hours(24 * day);
        enricher.enrich(checked, &RequestFacts { received_at, ..facts(CHROME) }).release.unwrap()
    };
    assert_eq!(release("1.4.2", 0), "1.4.2");
    for n in 0..=RELEASES_MAX {
        release(&format!("made-up-{n}"), 1);
    }
    assert_eq!(release("1.4.3", 1), "(other)");
    assert_eq!(release("1.4.2", 1), "1.4.2");
}

/// What becomes of so many page views, each of which says something else.
fn all(
    enricher: &Enricher,
    count: usize,
    of: impl Fn(usize, PageView) -> PageView,
) -> Vec<PageView> {
    let page_views = (0..count).map(|n| {
        let Checked { page_view, .. } = checked();
        enricher.enrich(Checked { page_view: of(n, page_view), ..checked() }, &facts(CHROME))
    });
    page_views.collect()
}

#[test]
fn hosts_that_are_too_many_are_others() {
    let enricher = enricher(EnrichConfig::default());
    let of = |n, it| PageView { host: Some(format!("{n}.example")), ..it };
    let page_views = all(&enricher, HOSTS_MAX + 2, of);
    let hosts = page_views.into_iter().map(|it| it.host.unwrap()).collect::<Vec<_>>();
    assert_eq!(hosts[HOSTS_MAX - 1], format!("{}.example", HOSTS_MAX - 1));
    assert_eq!(hosts[HOSTS_MAX..], ["(other)", "(other)"]);
    let own = Checked { is_on_own_host: true, ..checked() };
    let host = enricher.enrich(own, &facts(CHROME)).host;
    assert_eq!(host.as_deref(), Some("shop.example"), "whoever makes hosts up does not hide it");
}

#[test]
fn releases_that_are_too_many_are_others() {
    let enricher = enricher(EnrichConfig::default());
    let of = |n, it| PageView { release: Some(format!("1.{n}")), ..it };
    let page_views = all(&enricher, RELEASES_MAX + 2, of);
    let releases = page_views.into_iter().map(|it| it.release.unwrap()).collect::<Vec<_>>();
    assert_eq!(releases[RELEASES_MAX - 1], format!("1.{}", RELEASES_MAX - 1));
    assert_eq!(releases[RELEASES_MAX..], ["(other)", "(other)"]);
}

#[test]
fn the_country_is_told_by_the_proxy_or_the_address_or_the_time_zone() {
    let database = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/countries.mmdb");
    let enricher = enricher(EnrichConfig {
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        country_database: Some(database.into()),
        ..EnrichConfig::default()
    });
    let swede = &["198.51.100.1"][..];
    for (peer, country, forwarded_for, time_zone, expected) in [
        ("10.0.0.1", Some("FR"), swede, Some("Europe/Berlin"), Some("FR")),
        ("10.0.0.1", Some("XX"), swede, Some("Europe/Berlin"), Some("SE")),
        ("10.0.0.1", None, swede, Some("Europe/Berlin"), Some("SE")),
        ("10.0.0.1", None, &["8.8.8.8"], Some("Europe/Berlin"), Some("DE")),
        ("10.0.0.1", None, &[], Some("Europe/Berlin"), Some("DE")),
        ("10.0.0.1", None, &[], Some("UTC"), None),
        ("10.0.0.1", None, &[], None, None),
        ("198.51.100.1", Some("FR"), &[], None, Some("SE")),
        ("203.0.113.1", Some("FR"), swede, None, Some("BR")),
        ("127.0.0.1", Some("FR"), swede, Some("Asia/Tokyo"), Some("JP")),
    ] {
        let checked = Checked { time_zone: time_zone.map(str::to_owned), ..checked() };
        let facts =
            RequestFacts { peer: peer.parse().unwrap(), forwarded_for, country, ..facts(CHROME) };
        let country = enricher.enrich(checked, &facts).country;
        assert_eq!(
            country.as_ref().map(Country::as_str),
            expected,
            "{peer} {forwarded_for:?} {time_zone:?}"
        );
    }
}

#[test]
fn what_cannot_work_is_refused_at_the_start() {
    let pattern: RoutePattern = "/a".parse().unwrap();
    let many = EnrichConfig { route_patterns: vec![pattern; 101], ..EnrichConfig::default() };
    assert!(Enricher::new(many).unwrap_err().to_string().contains("101"));
    let file = PathBuf::from("no-such-file.mmdb");
    let missing = EnrichConfig { country_database: Some(file), ..EnrichConfig::default() };
    let error = format!("{:#}", Enricher::new(missing).unwrap_err());
    assert!(error.contains("no-such-file.mmdb"), "{error}");
}

proptest! {
    #[test]
    fn no_facts_panic_and_all_that_is_added_is_short(
        user_agent in ".{0,200}", path in "/.{0,300}", country in ".{0,3}", zone in ".{0,20}"
    ) {
        let enricher = enricher(EnrichConfig {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..EnrichConfig::default()
        });
        let mut checked = checked();
        checked.page_view.url = Some(format!("https://shop.example{path}"));
        checked.time_zone = Some(zone);
        let facts = RequestFacts { country: Some(&country), ..facts(&user_agent) };
        let page_view = enricher.enrich(checked, &facts);
        prop_assert!(page_view.route.unwrap().len() <= beacon::limits::ROUTE_BYTES_MAX);
        prop_assert!(page_view.browser.is_none_or(|browser| browser.len() <= 20));
        prop_assert!(page_view.os.is_none_or(|os| os.len() <= 20));
    }
}
