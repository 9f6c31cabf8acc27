//! The options of `rhumb serve` that say how page views are enriched.

use crate::ingest::{EnrichConfig, RoutePattern};
use axum::http::HeaderName;
use clap::{Args, builder::BoolishValueParser};
use ipnet::IpNet;
use std::{net::IpAddr, path::PathBuf};

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What beacons do not say")]
pub(super) struct Enrich {
    /// Route of the addresses that look so, for pages that name none: `:name` stands for a segment,
    /// `*` at the end for all that follow. The first that fits counts; addresses that none fits
    /// get a template by themselves. May be given several times, or separated by commas
    #[arg(
        long = "route-pattern",
        env = "RHUMB_ROUTE_PATTERN",
        value_name = "/PATH/:NAME",
        value_delimiter = ','
    )]
    route_patterns: Vec<RoutePattern>,
    /// Proxy, as an address or network such as 10.0.0.0/8, whose X-Forwarded-For and country header
    /// are believed. May be given several times, or separated by commas
    #[arg(
        long = "trusted-proxy",
        env = "RHUMB_TRUSTED_PROXY",
        value_name = "CIDR",
        value_delimiter = ',',
        value_parser = network
    )]
    trusted_proxies: Vec<IpNet>,
    /// Header by which a trusted proxy tells the visitor's country, such as CF-IPCountry
    #[arg(long, env = "RHUMB_COUNTRY_HEADER", value_name = "NAME", requires = "trusted_proxies")]
    country_header: Option<HeaderName>,
    /// MaxMind DB that tells the country of an address. Without it, and without the header, it is
    /// that of the browser's time zone
    #[arg(long, env = "RHUMB_COUNTRY_DATABASE", value_name = "FILE.mmdb")]
    country_database: Option<PathBuf>,
    /// Take bots and automated browsers for visitors: for tests, which are made by them
    #[arg(long, env = "RHUMB_COUNT_BOTS", value_parser = BoolishValueParser::new())]
    count_bots: bool,
}

impl From<Enrich> for EnrichConfig {
    fn from(options: Enrich) -> Self {
        Self {
            route_patterns: options.route_patterns,
            trusted_proxies: options.trusted_proxies,
            country_header: options.country_header,
            country_database: options.country_database,
            count_bots: options.count_bots,
        }
    }
}

/// A single address is a network of its own.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>()
        .or_else(|_| address())
        .map_err(|_| "expected an address or a network such as 10.0.0.0/8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        enrich: Enrich,
    }

    fn parse(options: &str) -> Result<EnrichConfig, String> {
        let words = ["rhumb"].into_iter().chain(options.split_whitespace());
        let parsed = Only::try_parse_from(words).map_err(|error| error.to_string())?;
        Ok(parsed.enrich.into())
    }

    #[test]
    fn lists_are_given_by_commas_or_several_times() {
        let config = parse(
            "--trusted-proxy 10.0.0.0/8,192.0.2.7 --trusted-proxy fd00::/8 \
             --route-pattern /a/:b,/c/* --country-header CF-IPCountry",
        )
        .unwrap();
        let proxies: Vec<_> = config.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"]);
        assert_eq!(config.route_patterns.len(), 2);
        assert_eq!(config.country_header.unwrap(), "cf-ipcountry");
        assert!(!config.count_bots);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (options, says) in [
            ("--country-header CF-IPCountry", "--trusted-proxy"),
            ("--trusted-proxy proxy.example", "expected an address or a network"),
            ("--route-pattern shop", "expected a path such as"),
            ("--route-pattern /*/a", "the last segment"),
        ] {
            let error = parse(options).unwrap_err();
            assert!(error.contains(says), "{options}: {error}");
        }
    }
}
