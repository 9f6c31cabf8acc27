//! Which site page views of an address are looked for in.

use crate::{
    ingest::SiteId,
    store::sqlite::{Address, Sites},
};
use url::Url;

/// The sites that may have page views of an address, by name: first those that take only their own
/// origins, then those that take any. With the address, unless all of the site's page views are of it.
pub(crate) fn candidates(sites: &Sites, address: &Address) -> Vec<(SiteId, Option<Address>)> {
    let origin = origin(address);
    let own = sites.iter().filter(|(_, site)| site.origins.contains(&origin));
    let own = own.map(|(_, site)| {
        let is_whole = site.origins.len() == 1 && matches!(address, Address::Origin(_));
        (site.id, (!is_whole).then(|| address.clone()))
    });
    let open = sites.iter().filter(|(_, site)| site.origins.is_empty());
    own.chain(open.map(|(_, site)| (site.id, Some(address.clone())))).collect()
}

fn origin(address: &Address) -> String {
    match address {
        Address::Origin(origin) => origin.clone(),
        Address::Url(url) => {
            Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
        }
    }
}
