//! How much is taken of one client, and for one site, by all servers together.
//!
//! The limits of each server stand before it, so that what is over those costs no question, and what all of them let
//! through may still be too much. What Redis does not say in time is taken: each server's own limits hold.

use super::{
    app::App,
    rates::{Over, Rate, prefix},
};
use crate::{
    ingest::{Limit, PageView, SiteId},
    redis::{Taken, Taking},
};
use std::{collections::BTreeMap, hash::Hash, net::IpAddr};

/// Whether a request is taken with all its page views; if not, nothing of it counts. There are at most as many sites as
/// a body has beacons.
pub(super) async fn take(
    app: &App,
    client: impl FnOnce() -> IpAddr,
    page_views: &[PageView],
) -> Result<(), Over> {
    let Some(redis) = app.redis() else { return Ok(()) };
    let clients = app.rates().clients.as_ref();
    let of_client = clients.map(|rate| taking(format!("client {}", prefix(client())), rate, 1));
    let of_sites = app.rates().sites.as_ref().map(|rate| of_sites(app, rate, page_views));
    let takings = of_client.into_iter().chain(of_sites.into_iter().flatten()).collect::<Vec<_>>();
    if takings.is_empty() {
        return Ok(());
    }
    let Some(Taken::None { over, wait }) = redis.take(&takings).await else { return Ok(()) };
    let wait_seconds = wait.as_secs() + 1;
    Err(match (clients, &app.rates().sites) {
        (Some(clients), _) if over == 0 => clients.over(Limit::Client, wait_seconds),
        (_, Some(sites)) => sites.over(Limit::Site, wait_seconds),
        // Redis speaks of somebody whom it was not asked about.
        _ => return Ok(()),
    })
}

/// Servers know sites by numbers of their own, and by the same names.
fn of_sites(app: &App, rate: &Rate<SiteId>, page_views: &[PageView]) -> Vec<Taking> {
    let mut counts = BTreeMap::<SiteId, u32>::new();
    for page_view in page_views {
        *counts.entry(page_view.site).or_default() += 1;
    }
    let sites = app.sites();
    let name = |id| sites.iter().find(|(_, site)| site.id == id).map(|(name, _)| name);
    // One that was removed meanwhile takes nothing.
    let named = counts.into_iter().filter_map(|(id, count)| Some((name(id)?, count)));
    named.map(|(name, count)| taking(format!("site {name}"), rate, count)).collect()
}

fn taking<K: Clone + Eq + Hash>(who: String, rate: &Rate<K>, count: u32) -> Taking {
    Taking { who, per_second: rate.per_second, at_once: rate.at_once.get(), count }
}
