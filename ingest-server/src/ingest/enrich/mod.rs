//! What a beacon does not say of its page view, from the request that brought it. Each file is one
//! concern; the raw facts end here.

mod agent;
mod agent_cache;
mod bot;
mod client_address;
mod client_hints;
mod country;
mod country_database;
mod guard;
mod route_pattern;
mod route_template;
#[cfg(test)]
mod tests;
mod time_zone;
mod user_agent;

pub use agent_cache::AgentHeaders;
pub use client_hints::ClientHints;
pub use country::Country;
pub use route_pattern::RoutePattern;

use super::{Checked, PageView, RequestFacts};
use agent_cache::Agents;
use anyhow::{Result, ensure};
use axum::http::HeaderName;
use client_address::{client_address, is_trusted};
use country_database::CountryDatabase;
pub(crate) use guard::OTHER;
use guard::{Guard, HOSTS_MAX, RELEASES_MAX, ROUTES_MAX};
use ipnet::IpNet;
use jiff::Timestamp;
use route_template::template;
use std::{net::IpAddr, path::PathBuf};
use tracing::warn;
use user_agent::Woothee;

/// Patterns that there may be: each page view that names no route is held against all of them.
const ROUTE_PATTERNS_MAX: usize = 100;

/// How page views are enriched. By default with what needs no configuration.
#[derive(Clone, Debug, Default)]
pub struct EnrichConfig {
    /// Routes of pages that name none; the first that fits counts. At most 100.
    pub route_patterns: Vec<RoutePattern>,
    /// Proxies that are believed: what `X-Forwarded-For` and the country header say.
    pub trusted_proxies: Vec<IpNet>,
    /// The header by which they tell the visitor's country, such as `CF-IPCountry`.
    pub country_header: Option<HeaderName>,
    /// A MaxMind DB that tells the country of an address.
    pub country_database: Option<PathBuf>,
    /// Whether bots and automated browsers are visitors like others: for tests, which are made by
    /// them.
    pub count_bots: bool,
}

/// Enriches page views, and remembers what makes that quick.
#[derive(Debug)]
pub struct Enricher {
    config: EnrichConfig,
    database: Option<CountryDatabase>,
    agents: Agents<Woothee>,
    routes: Guard,
    hosts: Guard,
    releases: Guard,
}

impl Enricher {
    /// Reads the country database, if there is one.
    ///
    /// # Errors
    /// It cannot be read, or there are too many route patterns.
    pub fn new(config: EnrichConfig) -> Result<Self> {
        let patterns = config.route_patterns.len();
        ensure!(
            patterns <= ROUTE_PATTERNS_MAX,
            "there are {patterns} route patterns, at most {ROUTE_PATTERNS_MAX} are taken"
        );
        let database = config.country_database.as_deref().map(CountryDatabase::open).transpose()?;
        let agents = Agents::new(Woothee);
        let [routes, hosts, releases] = [ROUTES_MAX, HOSTS_MAX, RELEASES_MAX].map(Guard::new);
        Ok(Self { config, database, agents, routes, hosts, releases })
    }

    /// Adds what a beacon does not say, and drops the facts of its request.
    pub fn enrich(&self, checked: Checked, facts: &RequestFacts<'_>) -> PageView {
        let Checked { mut page_view, site, is_on_own_host, time_zone } = checked;
        let agent = self.agents.agent(facts.agent);
        let place = self.place(&mut page_view, (&site, is_on_own_host), facts.received_at);
        let release = self.release(&mut page_view, &site, facts.received_at);
        PageView {
            release,
            browser: agent.browser.map(|browser| browser.as_str().to_owned()),
            os: agent.os.map(|os| os.as_str().to_owned()),
            form_factor: page_view.form_factor.or(agent.form_factor),
            country: self.country(facts, time_zone.as_deref()),
            is_bot: agent.is_bot && !self.config.count_bots,
            host: place.host,
            route: place.route,
            ..page_view
        }
    }

    /// The header to read [`RequestFacts::country`] from.
    pub fn country_header(&self) -> Option<&HeaderName> {
        self.config.country_header.as_ref()
    }

    /// The address of the visitor, or of the proxy where that does not tell it.
    pub fn client(&self, peer: IpAddr, forwarded_for: &[&str]) -> IpAddr {
        client_address(peer, forwarded_for, &self.config.trusted_proxies).unwrap_or(peer)
    }

    /// How many beacons since the start of the server had a route too many for their site and day.
    pub fn folded_routes(&self) -> u64 {
        self.routes.folded()
    }

    /// The nearest source first: the proxy, the address, the time zone.
    fn country(&self, facts: &RequestFacts<'_>, time_zone: Option<&str>) -> Option<Country> {
        let proxies = &self.config.trusted_proxies;
        let told = || facts.country.filter(|_| is_trusted(facts.peer, proxies));
        let looked_up = || {
            let database = self.database.as_ref()?;
            database.country(client_address(facts.peer, facts.forwarded_for, proxies)?)
        };
        told()
            .and_then(Country::from_code)
            .or_else(looked_up)
            .or_else(|| time_zone.and_then(time_zone::country))
    }

    /// What the page says, else a pattern that fits, else a template.
    fn route(&self, said: Option<String>, url: Option<&str>) -> Option<String> {
        if said.is_some() {
            return said;
        }
        let path = path(url?);
        let pattern = self.config.route_patterns.iter().find(|pattern| pattern.fits(path));
        let pattern = pattern.map(|pattern| pattern.route().to_owned());
        Some(pattern.unwrap_or_else(|| template(path)))
    }

    /// Where the page is, unless its site has too many such places.
    fn place(
        &self,
        page_view: &mut PageView,
        (site, is_on_own_host): (&str, bool),
        now: Timestamp,
    ) -> Place {
        let url = page_view.url.as_deref();
        let host = page_view.host.take().map(|host| {
            if is_on_own_host {
                return host;
            }
            self.hosts.judge(page_view.site, &host, now).fold(host, || {
                warn!(
                    site,
                    hosts_max = HOSTS_MAX,
                    "the site has too many hosts today; more are counted as {OTHER}; \
                     those of the site's origins are always told apart: `rhumb site add --origin`"
                );
            })
        });
        let route = self.route(page_view.route.take(), url).map(|route| {
            self.routes.judge(page_view.site, (&host, &route), now).fold(route, || {
                warn!(
                    site,
                    routes_max = ROUTES_MAX,
                    "the site has too many routes today; more are counted as {OTHER}; \
                     --route-pattern says which addresses are of one route"
                );
            })
        });
        Place { host, route }
    }

    /// What the page calls its version, unless its site has too many.
    fn release(&self, page_view: &mut PageView, site: &str, now: Timestamp) -> Option<String> {
        let release = page_view.release.take()?;
        let verdict = self.releases.judge(page_view.site, &release, now);
        Some(verdict.fold(release, || {
            warn!(
                site,
                releases_max = RELEASES_MAX,
                "the site has too many releases today; more are counted as {OTHER}; a release is a \
                 version of the page, not of a visit"
            );
        }))
    }
}

/// Where a page is.
struct Place {
    host: Option<String>,
    route: Option<String>,
}

/// The path of an address that was checked: it has no query string and no fragment.
fn path(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + "://".len());
    url[host..].find('/').map_or("/", |path| &url[host + path..])
}
